from __future__ import annotations

from time import process_time

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


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("AEC-Q100 Grade 1", {"aec-q100-1"}),
        ("ASIL-D", {"asil-d"}),
        ("ISO 26262", {"iso-26262"}),
        ("IEC 60730", {"iec-60730"}),
        ("QC3.0快充", {"qc-3.0"}),
        ("LPDDR4X", {"lpddr-4x"}),
        ("ＵＳＢ　ＰＤ３．１", {"usbpd-3.1"}),
        ("－４０～８５℃", {"-40c~85c"}),
        ("3.3V±5%", {"3.3v"}),
        ("二十六脚QFN-32", {"pkg-qfn32"}),
        ("溫度感測器", {"温度"}),
        ("switching regulators", {"switch", "regul"}),
        ("STM32F103与CAN收发器", {"stm32f103", "can"}),
    ],
)
def test_what_belongs_together_is_one_token_in_any_writing(text: str, tokens: set[str]) -> None:
    assert tokens <= set(tokenize(text))


def test_a_range_in_degrees_is_the_same_with_and_without_the_sign() -> None:
    assert set(tokenize("-40~85℃")) == set(tokenize("-40℃ ~ +85℃"))


@pytest.mark.parametrize("text", ["", " ", "\x00\x07\u200b", "，。！", "的"])
def test_nothing_said_gives_no_token(text: str) -> None:
    assert tokenize(text) == []


@pytest.mark.parametrize("text", ["电", "é", "Ω", "ж", "あ", "🙂", "5"])
def test_one_character_gives_at_most_one_token(text: str) -> None:
    assert len(tokenize(text)) <= 1


def test_scripts_mixed_in_one_word_keep_what_is_known() -> None:
    assert {"电池", "bms"} <= set(tokenize("电池BMSжあ🙂"))


@pytest.mark.real_clock
@pytest.mark.parametrize("unit", ["电池", "2.5mA ", "a-", "1,", "<", "AEC-Q100 ", "1.1.1-", "\u202e"])
def test_a_hundred_thousand_characters_cost_no_more_than_their_length(unit: str) -> None:
    tokenize("电池 5 V")  # the segmenter and the patterns are made once

    started = process_time()
    tokenize((unit * 100_000)[:100_000])

    assert process_time() - started < 10  # half a second; whatever grows with the square takes minutes
