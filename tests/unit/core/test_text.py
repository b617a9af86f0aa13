"""Text on its way out."""

from __future__ import annotations

import pytest

from app.core.text import csv_plain, csv_safe, one_line


@pytest.mark.parametrize("value", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1"])
def test_a_formula_is_disarmed_and_comes_back(value: str) -> None:
    assert csv_safe(value) == "'" + value
    assert csv_plain(csv_safe(value)) == value


@pytest.mark.parametrize("value", ["", "-40", "+85", "-1.5e-3", "CAN-FD", "2-3", "'quoted'", "≤ 2 mV"])
def test_numbers_and_plain_text_stay_as_they_are(value: str) -> None:
    assert csv_safe(value) == value
    assert csv_plain(value) == value


def test_a_title_is_one_line() -> None:
    assert one_line(" 18串\n 电池\t采样 ") == "18串 电池 采样"
