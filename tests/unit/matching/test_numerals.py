"""Chinese numerals and signs in words."""

from __future__ import annotations

import pytest

from matching.mentions import fold
from matching.numerals import number_of


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("十", 10),
        ("两千", 2000),
        ("四十二", 42),
        ("一百五", 150),
        ("一百零五", 105),
        ("一千零二十四", 1024),
        ("二十万", 200_000),
        ("两三", None),
        ("三四十", None),
        ("十百", None),
    ],
)
def test_a_numeral_says_one_number_or_none(numeral: str, number: int | None) -> None:
    assert number_of(numeral) == number


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("两安以上", "2安以上"),
        ("零下四十到八十五度", "-40到85度"),
        ("三点三伏", "3.3伏"),
        ("至少两路串口", "至少2路串口"),
        ("正负15V", "±15V"),
        ("+/-15V", "±15V"),
        ("第一安全", "第一安全"),
        ("两三安", "两三安"),
        ("双三极管", "双三极管"),
    ],
)
def test_numerals_are_digits_before_a_unit(text: str, plain: str) -> None:
    folded, places = fold(text)

    assert folded == plain
    assert len(places) == len(plain) + 1
