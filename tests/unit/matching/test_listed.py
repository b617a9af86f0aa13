from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.listed import listed, read, says_yes


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("3路UART", "UART", 3),
        ("UART×3", "UART", 3),
        ("UART(2)", "UART", 2),
        ("四核Cortex-A55", "Cortex-A55", 4),
        ("2路4-lane MIPI CSI-2", "MIPI CSI-2", 2),
        ("支持SPI接口", "SPI", None),
        ("32位 ARM® Cortex®-M4F 内核", "Cortex-M4F", None),
        ("I2C(从机)", "I2C", None),
    ],
)
def test_a_listed_value_is_its_name_and_a_number(text: str, name: str, count: int | None) -> None:
    value = read(text)

    assert (value.names[-1], value.count) == (name, count)


@pytest.mark.parametrize(
    "text", ["不支持USB2.0", "USB2.0(不支持)", "USB2.0: 无", "非BGA", "w/o PSRAM", "BLE 5.0以下", "CAN FD ×0"]
)
def test_what_is_denied_is_not_there(text: str) -> None:
    assert read(text).presence == "denied"


@pytest.mark.parametrize("text", ["无线充电", "非易失存储", "SPI(支持四线)", "SPI(不支持Quad)"])
def test_a_denying_character_inside_a_name_or_of_something_else_denies_nothing(text: str) -> None:
    assert read(text).presence == "held"


@pytest.mark.parametrize("text", ["SPI(选配)", "HDMI 2.1 (planned)", "需外接PHY", "SPI(可选)", "Linux适配中"])
def test_an_option_is_left_open(text: str) -> None:
    assert read(text).presence == "open"


def test_separators_in_brackets_part_nothing() -> None:
    assert [value.text for value in listed("SPI(主、从)、UART + I2C")] == ["SPI(主 从)", "UART", "I2C"]


def test_what_is_said_of_all_listed_values_denies_each() -> None:
    assert [value.presence for value in listed("PD3.0、QC3.0均不支持")] == ["denied", "denied"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("支持 PTA 三线共存", True), ("不带浮点", False), ("without PSRAM", False), ("选配", None), ("视型号", None)],
)
def test_yes_and_no_are_read_among_other_words(text: str, said: bool | None) -> None:
    assert says_yes(text) is said


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for value in listed(text):
        assert value.names
