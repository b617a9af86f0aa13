"""Cells of a sheet as people fill them in: notes, conditions, typ and max in one, several values in a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.compliance import judge
from matching.offers import as_quantity
from matching.quantities import Quantity
from matching.records import Parameter, Requirement


def said(key: str, text: str) -> tuple[float | None, float | None, float | None, str]:
    found = as_quantity(Parameter(key, text=text))
    return found.min, found.typ, found.max, found.unit


def verdict(asked: tuple[str, str, str, str], text: str, condition: str = "", stated: str = "") -> str:
    return judge(Requirement(*asked, condition=condition), [Parameter(asked[0], text=text, condition=stated)]).status


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("stop_i", "0.9µA@25℃", (None, 0.9, None, "µA")),
        ("eff_peak", "95.5 % @ VIN=12V, VOUT=5V, 2A", (None, 95.5, None, "%")),
        ("rdson", "15mΩ @ Vgs = 10 V", (None, 15, None, "mΩ")),
        ("clk", "104MHz(Quad SPI)", (None, 104, None, "MHz")),
        ("viso", "3750VRMS for 1 minute", (None, 3750, None, "Vrms")),
        ("viso", "5000Vrms/1min", (None, 5000, None, "Vrms")),
        ("temp", "-40 – 85 °C (TA)", (-40, None, 85, "℃")),
        ("temp", "-40~85 ℃（工业级）", (-40, None, 85, "℃")),
        ("vcc", "2.7V~3.6V (典型3.3V)", (2.7, 3.3, 3.6, "V")),
        ("iq", "VIN=12V时3µA", (None, 3, None, "µA")),
        ("iq", "IQ=3µA", (None, 3, None, "µA")),
        ("ram", "192KB SRAM（含64KB CCM）", (None, 192, None, "KB")),
        ("iq", "typ. 3µA, max. 6µA", (None, 3, 6, "µA")),
        ("iq", "典型值3uA，最大值4.5uA", (None, 3, 4.5, "µA")),
        ("iq", "3 (typ) 6 (max) µA", (None, 3, 6, "µA")),
        ("iq", "0.9µA(typ@25℃), 12µA(max@85℃)", (None, 0.9, 12, "µA")),
        ("cell_err", "±1.5mV(typ.), ±3mV(max.)", (None, 1.5, 3, "mV")),
        ("vdd", "min 2.7 typ 3.3 max 3.6 V", (2.7, 3.3, 3.6, "V")),
        ("vin", "4.5V(min) 40V(max)", (4.5, None, 40, "V")),
        ("vin", "9V(min)~36V(max)", (9, None, 36, "V")),
        ("vin", "≥9V, ≤36V", (9, None, 36, "V")),
        ("vin", "9≤VIN≤36V", (9, None, 36, "V")),
        ("iq", "6uA(最大)", (None, None, 6, "µA")),
        ("iq", "not more than 4uA", (None, None, 4, "µA")),
        ("iq", "IQ 不超过4µA@25℃", (None, None, 4, "µA")),
        ("iq", "标称4uA", (None, 4, None, "µA")),
        ("iq", "4uA左右", (None, 4, None, "µA")),
        ("vin", "85~265VAC", (85, None, 265, "V")),
        ("endurance", "1 million cycles", (None, 1e6, None, "次")),
        ("eff_peak", "峰值效率96%", (None, 96, None, "%")),
        ("eff_peak", "96%(peak)", (None, 96, None, "%")),
        ("area", "QFN 5x5mm", (None, 25, None, "mm²")),
        ("area", "5×5×0.9mm", (None, 25, None, "mm²")),
        ("iout_max", "5V/3A", (None, 3, None, "A")),
        ("freq", "4×Cortex-A55@2.0GHz", (None, 2, None, "GHz")),
        ("freq", "ARM Cortex-M4, 168 MHz", (None, 168, None, "MHz")),
        ("can_fd", "3×CAN FD", (None, 3, None, "路")),
        ("can_fd", "CAN-FD x 1", (None, 1, None, "路")),
    ],
)
def test_a_note_changes_no_number(
    key: str, text: str, expected: tuple[float | None, float | None, float | None, str]
) -> None:
    assert said(key, text) == expected


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("iout_max", "3.5A峰值"),
        ("esd_hbm", "8kV(空气)"),
        ("iq", "3µA (6µA)"),
        ("iq", "3uA/ch"),
        ("iq", "3 µA per channel"),
        ("iout_max", "3A each"),
        ("stop_i", "0.1µA (shutdown)"),
        ("lead_time", "2-4 weeks (samples)"),
        ("iq", "5,5µA"),
        ("load_reg", "0.5%/A"),
        ("temp", "TJ=-40~125℃"),
        ("vin", "24V(9~36V)"),
        ("iq", "about two"),
        ("temp", "关断@25℃"),
        ("iq", "3µA/6µA"),
        ("price", "45元/10片"),
    ],
)
def test_what_may_be_something_else_is_not_read(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        said(key, text)


@pytest.mark.parametrize(
    ("asked", "text", "status"),
    [
        (("vout", "covers", "3.3", "V"), "1.2V/1.8V/3.3V", "met"),
        (("range", "covers", "±16", "g"), "±2/±4/±8/±16g", "met"),
        (("range", "covers", "±16", "g"), "±2/±4/±8g", "violated"),
        (("gyro_range", "covers", "±2000", "dps"), "±250/500/1000/2000dps", "met"),
        (("vdd", "covers", "2.0~5.0", "V"), "1.8/3.3/5.5V", "not_comparable"),
        (("vin", "covers", "9~36", "V"), "2.5-5.5V/4.5-40V", "not_comparable"),
        (("speed", ">=", "1000", "Mbps"), "10/100/1000Mbps", "met"),
        (("speed", ">=", "2500", "Mbps"), "10/100/1000Mbps", "violated"),
        (("iq", "<=", "5", "µA"), "3µA/6µA", "not_comparable"),
        (("iq", "<=", "5", "µA"), "2µA@25℃, 9µA@85℃", "marginal"),
        (("iout_max", ">=", "3", "A"), "3A Peak, 2A continuous", "violated"),
    ],
)
def test_several_values_are_judged_together(asked: tuple[str, str, str, str], text: str, status: str) -> None:
    assert verdict(asked, text) == status


@pytest.mark.parametrize(
    ("text", "condition", "stated", "status"),
    [
        ("1.2µA", "85℃", "25℃", "marginal"),
        ("1.2µA", "25℃", "TA=25°C", "met"),
        ("1.2µA", "85℃", "-40~85℃", "met"),
        ("1.2µA", "85℃", "", "met"),
        ("1.2µA", "", "25℃", "met"),
        ("9µA", "85℃", "25℃", "violated"),
        ("1.2µA@25℃", "85℃", "", "marginal"),
        ("1.2µA, 25℃", "85℃", "", "marginal"),
        ("1.2µA/25℃", "25℃", "", "met"),
        ("0.9µA(typ@25℃), 12µA(max@85℃)", "85℃", "", "violated"),
        ("0.9µA(typ@25℃), 12µA(max@85℃)", "25℃", "", "met"),
        ("1.2µA", "VIN=12V", "Vin = 12 V, VOUT=5V", "met"),
        ("1.2µA", "VGS=4.5V", "VGS=10V", "marginal"),
    ],
)
def test_a_value_under_another_condition_is_not_simply_met(text: str, condition: str, stated: str, status: str) -> None:
    assert verdict(("stop_i", "<=", "5", "µA"), text, condition, stated) == status


@pytest.mark.parametrize(("unit", "status"), [("TOPS@INT8", "violated"), ("TOPS@INT4", "met"), ("TOPS", "marginal")])
def test_a_condition_may_stand_behind_the_unit(unit: str, status: str) -> None:
    assert verdict(("npu", ">=", "8", unit), "12TOPS(INT4)/6TOPS(INT8)") == status


def test_a_condition_that_differs_has_a_reason_of_its_own() -> None:
    asked = Requirement("npu", ">=", "8", "TOPS", condition="INT8")

    assert judge(asked, [Parameter("npu", typ=12, unit="TOPS", condition="INT4")]).reason == "other_condition"


def test_the_numbers_of_a_sheet_come_before_its_text() -> None:
    assert as_quantity(Parameter("iq", typ=3, unit="µA", text="12mA")) == Quantity(None, 3, None, "µA")


SIGNS = st.sampled_from(["(", ")", "@", ",", "/", "~", "±", "-", "≤", "¥", " ", "x", "typ", "max", "min", "以上"])
WORDS = st.sampled_from(["3", "0", "1e308", "两", "百", "VIN=", "时", "至2036年", "million", "3 CAN FD"])
UNITS = st.sampled_from(["µA", "V", "℃", "元", "mm", "dBm", "mW", "%", "VAC", "路"])


@given(
    key=st.sampled_from(["iq", "vin", "temp", "price", "area", "longevity_until", "il", "tx_power", "can_fd", "own"]),
    op=st.sampled_from([">=", "<=", "=", "covers"]),
    text=st.lists(SIGNS | WORDS | UNITS, max_size=12).map("".join),
    condition=st.sampled_from(["", "25℃", "VIN=3V"]),
)
def test_no_cell_breaks_a_verdict(key: str, op: str, text: str, condition: str) -> None:
    found = judge(Requirement(key, op, "3", condition=condition), [Parameter(key, text=text)])

    assert found.status in {"met", "marginal", "violated", "unknown", "not_comparable"}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("iq", "typ/max: 8/12µA"),
        ("iq", "典型/最大：8/12 µA"),
        ("temp", "-40~125℃ (storage)"),
        ("temp", "-40~125℃（结温）"),
    ],
)
def test_what_is_said_of_something_else_or_all_in_a_row_is_refused(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"quantity|row"):
        said(key, text)
