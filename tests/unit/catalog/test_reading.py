"""Reading what people type or paste into single cells."""

from __future__ import annotations

import pytest

from app.catalog import reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5", 12.5), ("１２．５", 12.5), (" -40 ", -40.0), ("−40", -40.0), ("1,500", 1500.0),
        ("1 500 000", 1_500_000.0), ("1\u2009500", 1500.0), ("1e3", 1000.0), (".5", 0.5), ("+3", 3.0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert reading.number(text) == value


@pytest.mark.parametrize("text", ["", "NaN", "inf", "Infinity", "1e999", "3V3", "1..2", "0x10", "١٢ب", "12 5"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        reading.number(text)


@pytest.mark.parametrize("text", ["2024-05", "2024/5", "2024年5月", "２０２４．０５", "2024-05-01", "2024年5月1日"])
def test_months_are_read_in_every_usual_form(text: str) -> None:
    assert reading.month(text) == "2024-05"


@pytest.mark.parametrize("text", ["2024", "2024-13", "24-05", "May 2024"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        reading.month(text)


@pytest.mark.parametrize(("text", "key"), [("vin", "vin"), ("VIN", "vin"), ("balancing current", "balance_i")])
def test_a_parameter_is_known_by_key_or_name(text: str, key: str) -> None:
    assert reading.parameter_key(text) == key


def test_an_unknown_parameter_stays_as_it_was_typed() -> None:
    assert reading.parameter_key(" Own_Name ") == "Own_Name"


@pytest.mark.parametrize("text", ["C0407", "c0407 BMS AFE"])
def test_a_category_is_known_by_its_code(text: str) -> None:
    assert reading.category_code(text) == "C0407"
