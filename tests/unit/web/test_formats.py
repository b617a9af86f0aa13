"""How numbers, amounts and times look."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from flask import g

from app.web import locale
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture
def in_english(portal: Flask) -> Iterator[None]:
    """A page in English."""
    with portal.test_request_context():
        g.locale = "en"
        yield


@pytest.fixture
def in_chinese(portal: Flask) -> Iterator[None]:
    """A page in Chinese."""
    with portal.test_request_context():
        g.locale = "zh_Hans_CN"
        yield


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1\u2009000"),
        (1234567, "1\u2009234\u2009567"),
        (-40, "-40"),
        (-1234.5, "-1\u2009234.5"),
        (Decimal("12.500"), "12.5"),
        (Decimal("1E+3"), "1\u2009000"),
        (0.1, "0.1"),
        (None, "—"),
    ],
)
def test_numbers_are_grouped_by_thin_spaces_and_end_without_zeros(value: float | None, text: str) -> None:
    assert locale.show_number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"), [(2, "µA", "2\u202fµA"), (16, "1", "16"), (16, "", "16"), (None, "V", "—")]
)
def test_a_unit_never_leaves_its_number(value: float | None, unit: str, text: str) -> None:
    assert locale.show_quantity(value, unit) == text


def test_amounts_are_ten_thousands_in_chinese(in_chinese: None) -> None:
    assert locale.show_wan(Decimal(1500)) == "1\u2009500\u2009万元"


def test_amounts_are_spelt_out_in_english(in_english: None) -> None:
    assert locale.show_wan(Decimal(1500)) == "CNY\u200915\u2009000\u2009000"


@pytest.mark.usefixtures("in_english")
def test_an_instant_is_shown_in_beijing_time_with_its_zone() -> None:
    assert locale.show_datetime(NOON) == "2026-11-24 12:00\u2009(Beijing time)"


@pytest.mark.usefixtures("in_english")
def test_the_day_of_an_instant_is_that_of_beijing() -> None:
    assert locale.show_date(dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC)) == "2026-11-25"


@pytest.mark.usefixtures("in_english")
def test_nothing_known_is_a_dash() -> None:
    assert [locale.show_datetime(None), locale.show_date(None), locale.show_wan(None)] == ["—", "—", "—"]
