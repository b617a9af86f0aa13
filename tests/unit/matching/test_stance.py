"""What of a need's text is not the need: old values, those of others, and what is refused."""

from __future__ import annotations

from time import process_time

import pytest

from matching.extract import extract_parameters, extract_requirements


def wanted(text: str, *categories: str) -> dict[str, str]:
    found = (one.requirement for one in extract_requirements(text, categories))
    return {one.key: f"{one.op}{one.value}{one.unit}" for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "现用芯片主频48MHz、RAM 20KB不够用,新方案希望主频翻到96MHz,RAM 64KB起步",
            {"freq": ">=96MHz", "ram": ">=64KB"},
        ),
        ("旧款主频48MHz,RAM 20KB,新款主频96MHz", {"freq": ">=96MHz"}),
        ("目前用的MCU主频48MHz,想升级到96MHz", {"freq": ">=96MHz"}),
        ("对手的主频100MHz,我们要求不低于150MHz", {"freq": ">=150MHz"}),
        ("上一代静态电流20uA。希望降到5uA以下", {"iq": "<=5µA"}),
        ("Flash 32KB太小了,至少128KB", {"flash": ">=128KB"}),
        ("主频从48MHz提高到96MHz", {"freq": ">=96MHz"}),
        ("currently 32 KB flash, need 128 KB flash", {"flash": ">=128KB"}),
        ("the competitor's part offers 32 KB flash; we need 128 KB flash", {"flash": ">=128KB"}),
        ("我们试过一款,静态电流只有20uA,需要5uA以下", {"iq": "<=5µA"}),
        ("别家静态电流20uA,我们要求10uA", {"iq": "<=10µA"}),
        ("目前用线性稳压,效率60%,要求90%以上", {"eff_peak": ">=90%"}),
        ("现效率85%,需≥93%", {"eff_peak": ">=93%"}),
        ("原方案是RISC-V内核,主频不低于96MHz", {"freq": ">=96MHz"}),
        ("现有方案功耗大,主频不低于96MHz,RAM 64KB", {"freq": ">=96MHz", "ram": ">=64KB"}),
    ],
)
def test_what_is_in_use_or_sold_by_others_is_not_the_need(text: str, expected: dict[str, str]) -> None:
    assert wanted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "现需MCU,主频96MHz",
        "目前需要主频96MHz",
        "现有需求:主频96MHz",
        "目前在做一款手表,主频96MHz",
        "实现方案主频96MHz",
        "我们现有一个项目需要主频96MHz的MCU",
        "we currently need a core frequency of 96 MHz",
        "对手机而言主频96MHz",
        "使用过程中主频96MHz",
        "现货优先,主频96MHz",
    ],
)
def test_what_is_needed_now_is_the_need(text: str) -> None:
    assert wanted(text)["freq"] == ">=96MHz"


def test_a_converter_is_not_told_by_the_change_of_its_voltage() -> None:
    assert wanted("输入12V,从12V降到5V", "C0401")["vin"] == "covers12~12V"


@pytest.mark.parametrize(
    "text",
    [
        "非RISC-V内核",
        "内核RISC-V不考虑",
        "不接受RISC-V、8051",
        "不要BGA、QFN32封装",
        "QFN32除外",
        "除QFN32外均可",
        "不需要16路PWM",
        "no RISC-V",
        "anything except RISC-V",
        "the SPI is not needed",
        "SPI可有可无",
        "是否支持SPI均可",
        "对SPI没有要求",
    ],
)
def test_what_is_refused_is_no_need(text: str) -> None:
    assert wanted(text) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("除了SPI还要I2C", "if"),
        ("无线SPI模块", "if"),
        ("Flash 256KB 不需要外扩", "flash"),
        ("静态电流不要超过5uA", "iq"),
        ("质量级别AEC-Q100 G1", "grade"),
    ],
)
def test_what_only_looks_refused_is_a_need(text: str, key: str) -> None:
    assert key in wanted(text)


def test_a_sheet_states_what_it_is_at_present() -> None:
    assert [one.parameter.typ for one in extract_parameters("目前主频96MHz")] == [96.0]


@pytest.mark.real_clock
@pytest.mark.parametrize("piece", ["现用主频7MHz,", "不要", "9V与", "一二", "从1A", "SPI或"])
def test_long_texts_are_read_in_seconds(piece: str) -> None:
    started = process_time()
    extract_requirements((piece * 10_000)[:10_000])

    assert process_time() - started < 20
