"""What stands without a unit behind the number is read like what has one."""

from __future__ import annotations

import pytest

from matching.text import tokenize


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Dual NAND gate", "Number of channels: 2"),
        ("8-channel driver", "Number of bits per element: 8"),
        ("Quad op amp", "四通道运放"),
        ("双通道", "2 channels"),
        ("12-bit ADC", "Resolution (bits): 12"),
        ("48V module", "Output voltage: 48.0; Output power: 60W"),
        ("1-MSPS ADC", "Sampling rate: 1MHz"),
        ("TSOT-23-6", "TSOT23-6"),
    ],
)
def test_two_ways_of_stating_one_value_share_a_token(left: str, right: str) -> None:
    assert {token for token in tokenize(left) if token[-1] in "路vtz" or token[:4] == "pkg-"} & set(tokenize(right))


@pytest.mark.parametrize("text", ["single-ended input", "single supply", "dual-core", "quad SPI", "单芯片方案"])
def test_a_number_of_something_else_is_no_count_of_channels(text: str) -> None:
    assert not [token for token in tokenize(text) if token.endswith("路")]


def test_a_value_with_its_own_unit_is_not_read_twice() -> None:
    assert "120kv" not in tokenize("CMTI (kV/µs): 120kV/µs")
