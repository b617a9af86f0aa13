"""Verdicts reasoned by hand where people write one thing in many ways, and where a slip would be silent."""

from __future__ import annotations

import csv
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from matching.compliance import judge
from matching.extract import extract_parameters, extract_requirements
from matching.quantities import QuantityError, parse_quantity
from matching.records import Parameter, Requirement, Sheet
from matching.statements import Said, Statements
from matching.verdicts import hold

with (Path(__file__).parent / "golden_spellings.csv").open(encoding="utf-8", newline="") as _stream:
    CASES = list(csv.DictReader(_stream))
CODES = ("unknown", "met", "marginal", "violated", "not_comparable")


def _number(text: str) -> float | None:
    return float(text) if text else None


def _read(case: dict[str, str]) -> tuple[Requirement, Parameter]:
    numbers = (_number(case["min"]), _number(case["typ"]), _number(case["max"]))
    offer = Parameter(case["key"], *numbers, case["offer_unit"], case["text"])
    return Requirement(case["key"], case["op"], case["value"], case["unit"]), offer


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(filter(None, case.values())))
def test_the_verdict_is_the_one_reasoned_by_hand(case: dict[str, str]) -> None:
    requirement, offer = _read(case)

    verdict = judge(requirement, [offer])

    assert (verdict.status, verdict.reason) == (case["status"], case["reason"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(filter(None, case.values())))
def test_it_holds_for_many_sheets_too(case: dict[str, str]) -> None:
    requirement, offer = _read(case)

    held = hold(requirement, Statements().add([Said.of([Sheet("S", "", params=(offer,))])]), np.arange(1))

    assert CODES[held.status[0]] == case["status"]


@pytest.mark.parametrize(
    ("need", "sheet", "status"),
    [
        ("精度优于0.5%", "精度0.3%", "met"),
        ("精度优于0.5%", "精度1%", "violated"),
        ("接收灵敏度优于-97dBm", "接收灵敏度 -100dBm", "met"),
        ("接收灵敏度优于-97dBm", "接收灵敏度 -90dBm", "violated"),
        ("sensitivity -97dBm or better", "sensitivity -100dBm", "met"),
        ("噪声系数优于1dB", "噪声系数 0.8dB", "met"),
        ("效率优于90%", "效率92%", "met"),
        ("效率优于90%", "效率85%", "violated"),
        ("支持USB PD3.0", "支持PD3.1", "met"),
        ("支持PD3.1", "支持PD3.0", "violated"),
        ("支持802.11ax", "Wi-Fi 6", "met"),
        ("商业级即可", "工业级", "met"),
        ("工作电压3.3V±10%", "电源电压 2.7~3.6V", "violated"),
        ("待机不超过5微安", "待机电流 8µA", "violated"),
        ("擦写１００万次", "擦写寿命10万次", "violated"),
        ("容量1MByte", "容量 1Mbit", "violated"),
        ("3.3V或5V供电", "供电2.5~5.5V", "met"),
        ("3.3V或5V供电", "供电3.0~3.6V", "violated"),
        ("电瓶输入12V/24V", "输入电压4.5~36V", "met"),
        ("输入电压不超过36V", "输入电压4.5~40V", "met"),
        ("测距3米", "ranging distance up to 4m", "met"),
        ("探测距离150米以上", "探测距离0.5~200m", "met"),
        ("视场角60度以上", "FoV 63°", "met"),
        ("发射功率不低于4dBm", "发射功率-20~+8dBm", "met"),
        ("速率1000Mbps", "速率10/100/1000Mbps", "met"),
        ("内阻不超过15毫欧", "导通电阻 20mΩ/10mΩ", "violated"),
        ("休眠功耗低于10µA", "休眠电流5µA", "met"),
        ("隔离3000Vrms", "隔离耐压3.75kVrms", "met"),
        ("全电压输入90-264VAC", "输入电压85~265Vac", "met"),
    ],
)
def test_what_a_need_says_is_held_against_what_a_sheet_says(need: str, sheet: str, status: str) -> None:
    requirement = extract_requirements(need)[0].requirement

    assert judge(requirement, [found.parameter for found in extract_parameters(sheet)]).status == status


def test_an_exponent_is_no_digit() -> None:
    assert extract_requirements("擦写10⁵次") == []


def test_a_condition_is_the_same_however_it_is_spelt() -> None:
    rows = [
        Parameter("iq", max=5, unit="µA", condition="125℃"),
        Parameter("iq", max=1.5, unit="µA", condition="Ta = 25 °C"),
    ]

    assert judge(Requirement("iq", "<=", "2", "µA", condition="@25℃"), rows).status == "met"


@pytest.mark.parametrize(
    ("text", "default", "value", "unit"),
    [
        ("100M", "Hz", 1e8, "Hz"),
        ("100M", "MHz", 100, "MHz"),
        ("20k", "MHz", 20, "kHz"),
        ("512K", "KB", 512, "KB"),
        ("10K", "Ω", 1e4, "Ω"),
        ("5K", "℃", 5, "K"),
        ("10万", "次", 1e5, "次"),
        ("10万", "万次", 10, "万次"),
        ("10万", "元", 10, "万元"),
        ("10⁵次", "", 1e5, "次"),
        ("1.5×10^6次", "", 1.5e6, "次"),
        ("120度", "°", 120, "°"),
        ("5min", "s", 5, "min"),
        ("500 kb/s", "", 500, "kbps"),
        ("典型值 5mA", "", 5, "mA"),
    ],
)
def test_a_multiplier_or_unit_means_what_the_unit_expected_makes_of_it(
    text: str, default: str, value: float, unit: str
) -> None:
    found = parse_quantity(text, default)

    assert (found.typ, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize("text", ["1e308k", "1e308±1000%", "5m±1V"])
def test_a_number_that_is_too_large_or_of_two_kinds_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_quantity(text)


@pytest.mark.parametrize("size", ["0x0", "1x0", "9" * 5000 + "x1", "1x1@" + "9" * 400])
def test_a_picture_of_absurd_size_is_not_comparable(size: str) -> None:
    assert judge(Requirement("res", ">=", size), [Parameter("res", text="1920x1080")]).status == "not_comparable"


@pytest.mark.real_clock
@pytest.mark.parametrize("piece", ["QFN-{0}|", "usb{0}.{0}和", "USB{0}/", "{0}或", "{0},", "\0", "1 "])
@pytest.mark.parametrize("key", ["package", "if"])
def test_long_lists_are_judged_in_seconds(key: str, piece: str) -> None:
    listed = "".join(piece.format(number) for number in range(20_000))[:100_000]
    started = process_time()

    judge(Requirement(key, "has", listed.replace("1", "2")), [Parameter(key, text=listed)])

    assert process_time() - started < 10
