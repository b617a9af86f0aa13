from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import MAX_CHARACTERS, is_chinese, normalise, tokenize


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2000nA", "2 µA"),
        ("128Mbit", "16MB"),
        ("1.2GHz", "1200 MHz"),
        ("10kΩ", "10 kohm"),
        ("電池管理", "电池管理"),
        ("ＭＣＵ", "mcu"),
        ("regulators", "Regulator"),
        ("SOIC-16", "SO16"),
    ],
)
def test_two_spellings_of_one_thing_share_a_token(left: str, right: str) -> None:
    assert set(tokenize(left)) & set(tokenize(right))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("符合AEC-Q100 G1", "aec-q100-1"),
        ("工作-40~125℃", "-40c~125c"),
        ("支持USB PD3.1", "usbpd-3.1"),
        ("BLE 5.3", "ble-5.3"),
        ("替换AT24C02", "at24c02"),
        ("STM32F103C8", "stm32f103c8"),
        ("Wi-Fi", "wifi"),
        ("低功耗蓝牙芯片", "低功耗蓝牙"),
    ],
)
def test_names_standards_and_quantities_stay_whole(text: str, token: str) -> None:
    assert token in tokenize(text)


def test_milliohm_and_megohm_are_different_tokens() -> None:
    assert not set(tokenize("10mΩ")) & set(tokenize("10MΩ"))


def test_chinese_is_cut_into_words() -> None:
    assert {"电池", "采样", "芯片"} <= set(tokenize("电池包采样芯片"))


def test_stop_words_carry_nothing() -> None:
    assert tokenize("的 and the 和") == []


def test_control_characters_and_markup_vanish() -> None:
    assert normalise("a\x00b<script>x</script>\u200bc") == "a b x  c"


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("电" * 100_000)) == MAX_CHARACTERS


@pytest.mark.parametrize(("text", "expected"), [("电池管理芯片", True), ("battery AFE", False), ("", False)])
def test_the_main_language_is_told(text: str, expected: bool) -> None:
    assert is_chinese(text) is expected


@given(st.text(max_size=300))
def test_no_text_breaks_the_analyser(text: str) -> None:
    assert all(token and not token.isspace() for token in tokenize(text))


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert tokenize(once) == tokenize(text)
