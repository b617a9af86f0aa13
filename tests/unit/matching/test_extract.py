"""From what people write to requirements and parameters of the dictionary."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.compliance import judge
from matching.extract import extract_parameters, extract_requirements
from matching.parameters import parameter_dictionary
from matching.records import Parameter
from matching.units import comparable, known_units

KEYS = sorted(parameter_dictionary())
WRITTEN = (
    "待机电流,工作温度,不超过,至少,输出,USB PD3.1,QFN32,5×5,/,，,。,@,±,~,-,到, ,ADC,通道,主频,supply voltage,"
    "at least,below,1e9,0,2.5,-40,85,４Ｋ,µ,度,1920x1080,解码,范围"
)
PIECES = st.sampled_from([*WRITTEN.split(","), "1,000", *known_units()])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("待机电流不超过2µA", ("standby_i", "<=", "2", "µA")),
        ("静态电流要小于 800nA", ("iq", "<=", "0.8", "µA")),
        ("工作温度-40到85度", ("temp", "covers", "-40~85", "℃")),
        ("零下20度到60度", ("temp", "covers", "-20~60", "℃")),
        ("负２０度至零下5度都要能用", ("temp", "covers", "-20~-5", "℃")),
        ("－４０～１２５℃环境", ("temp", "covers", "-40~125", "℃")),
        ("at least 16 channels", ("ch", ">=", "16", "路")),
        ("至少16路PWM输出", ("pwm_ch", ">=", "16", "路")),
        ("供电3.3V±5%", ("vdd", "covers", "3.135~3.465", "V")),
        ("输入电压 9~36V", ("vin", "covers", "9~36", "V")),
        ("12位ADC", ("adc_bits", ">=", "12", "bit")),
        ("效率92%以上", ("eff_peak", ">=", "92", "%")),
        ("主频1.2GHz", ("freq", ">=", "1200", "MHz")),
        ("BLE 5.3", ("bt_ver", ">=", "5.3", "")),
        ("算力不低于2TOPS", ("npu", ">=", "2", "TOPS")),
        ("共模瞬态100kV/us以上", ("cmti", ">=", "100", "kV/µs")),
        ("电池6~16串", ("cells", "covers", "6~16", "串")),
        ("总线耐压±60V", ("bus_fault_v", ">=", "60", "V")),
        ("擦写1,000,000次", ("endurance", ">=", "1000000", "次")),
        ("quiescent current below 1 µA", ("iq", "<=", "1", "µA")),
        ("输出噪声 2.5µVrms max", ("noise_out", "<=", "2.5", "µVrms")),
        ("接收灵敏度优于-97dBm", ("sens", "<=", "-97", "dBm")),
        ("待机電流不超過2µA", ("standby_i", "<=", "2", "µA")),
        ("支持CAN-FD", ("if", "in", "CAN-FD", "")),
        ("接口I2C或SPI", ("if", "in", "I2C|SPI", "")),
        ("要I2C和SPI", ("if", "has", "I2C|SPI", "")),
        ("国密SM2、SM3、SM4", ("algos", "has", "SM2|SM3|SM4", "")),
        ("支持PD3.1和QC3.0", ("protocols", "has", "PD3.1_EPR|QC3.0", "")),
        ("2.4/5GHz双频", ("bands", "has", "2.4G|5G", "")),
        ("过AEC-Q100 G1", ("grade", ">=", "automotive_g1", "")),
        ("4K@60fps解码", ("decode", ">=", "3840x2160@60", "")),
        ("屏幕466×466", ("res", ">=", "466x466", "")),
    ],
)
def test_a_requirement_is_read(text: str, expected: tuple[str, str, str, str]) -> None:
    first = extract_requirements(text)[0].requirement

    assert (first.key, first.op, first.value, first.unit) == expected


def test_a_compound_value_is_two_requirements() -> None:
    found = [(f.requirement.key, f.requirement.value) for f in extract_requirements("5V/3A")]

    assert found == [("vout", "5~5"), ("iout_max", "3")]


def test_a_package_and_its_size_are_read() -> None:
    found = [(f.requirement.key, f.requirement.value, f.requirement.unit) for f in extract_requirements("QFN32 5×5")]

    assert found == [("package", "QFN-32", ""), ("area", "25", "mm²")]


def test_numbers_before_their_names_are_told_apart() -> None:
    found = {f.requirement.key: f.requirement.value for f in extract_requirements("4路CAN-FD和3个UART")}

    assert (found["can_fd"], found["uart_n"]) == ("4", "3")


def test_the_category_decides_what_an_ambiguous_name_means() -> None:
    assert extract_requirements("供电1.8~5.5V", ["C0301"])[0].requirement.key == "vcc"
    assert extract_requirements("供电1.8~5.5V", ["C0202"])[0].requirement.key == "vdd"


def test_a_requirement_knows_its_place_in_the_text() -> None:
    text = "手环用。待机电流　不超过２㎂，越小越好"

    found = extract_requirements(text)[0]

    assert text[found.start : found.end] == "待机电流　不超过２㎂"


def test_what_would_be_nice_is_a_wish() -> None:
    first, second = extract_requirements("静态电流≤2µA。效率最好95%以上")

    assert (first.requirement.must, second.requirement.must) == (True, False)


def test_a_condition_is_kept_and_is_no_requirement() -> None:
    found = extract_requirements("PSRR 70dB@1kHz")

    assert [(f.requirement.key, f.requirement.condition) for f in found] == [("psrr", "1kHz")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "电",
        "2",
        "待机电流5V",
        "待机电流",
        "不需要SPI",
        "2026年3月出样",
        "工作温度25℃",
        "STM32F103",
        "静态电流900A",
        "85℃~-40℃",
    ],
)
def test_what_is_no_requirement_is_left_alone(text: str) -> None:
    assert extract_requirements(text) == []


def test_parameters_of_a_sheet_are_read() -> None:
    found = extract_parameters("输入电压 2.7~5.5V，静态电流 1.2µA(typ)，最大输出电流3A，封装 DFN-8 2x2，接口 I2C|SPI")

    assert [f.parameter for f in found] == [
        Parameter("vin", 2.7, None, 5.5, "V"),
        Parameter("iq", None, 1.2, None, "µA"),
        Parameter("iout_max", None, 3.0, None, "A"),
        Parameter("package", text="DFN-8"),
        Parameter("area", None, 4.0, None, "mm²"),
        Parameter("if", text="I2C|SPI"),
    ]


@given(TEXTS)
def test_no_text_breaks_the_reading_of_requirements(text: str) -> None:
    for found in extract_requirements(text):
        verdict = judge(found.requirement, [Parameter(found.requirement.key, text=found.requirement.value)])

        assert 0 <= found.start < found.end <= len(text)
        assert verdict.reason not in ("unreadable_requirement", "contradictory_requirement")


@given(TEXTS)
def test_a_unit_always_measures_its_parameter(text: str) -> None:
    kinds = parameter_dictionary()
    pairs = [(f.requirement.key, f.requirement.unit) for f in extract_requirements(text)]
    pairs += [(f.parameter.key, f.parameter.unit) for f in extract_parameters(text)]
    measured = [(kinds[key], unit) for key, unit in pairs if kinds[key].kind in ("num", "range")]

    assert all(any(comparable(unit, own) for own in kind.units or ("1",)) for kind, unit in measured)


@given(st.sampled_from(KEYS), st.sampled_from(known_units()), st.floats(0.001, 1e6))
def test_a_number_in_a_foreign_unit_is_not_read_as_the_parameter_named(key: str, unit: str, value: float) -> None:
    kind = parameter_dictionary()[key]
    found = {f.requirement.key for f in extract_requirements(f"{kind.name_en} {value:.3f} {unit}")}

    assert key not in found or kind.kind not in ("num", "range") or any(comparable(unit, o) for o in kind.units or "1")


@pytest.mark.real_clock
@pytest.mark.parametrize("piece", ["电池", "1,", "待机电流1µA,", "QFN32 5x", "≤", "10~"])
def test_a_hundred_thousand_characters_are_read_in_seconds(piece: str) -> None:
    started = process_time()
    extract_requirements((piece * 100_000)[:100_000])

    assert process_time() - started < 20
