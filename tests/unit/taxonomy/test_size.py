from __future__ import annotations

import pytest

from app.taxonomy.size import band_floor, band_of, size_class


@pytest.mark.parametrize(
    ("staff", "revenue", "expected"),
    [
        (1000, 40_000, "large"),
        (999, 40_000, "medium"),
        (1000, 39_999, "medium"),
        (300, 2_000, "medium"),
        (299, 2_000, "small"),
        (20, 300, "small"),
        (19, 300, "micro"),
        (0, 0, "micro"),
    ],
)
def test_makers_of_electronics_are_judged_as_industry(staff, revenue, expected) -> None:
    assert size_class("3973", staff, revenue) == expected


@pytest.mark.parametrize(
    ("staff", "revenue", "expected"),
    [(300, 10_000, "large"), (299, 10_000, "medium"), (100, 1_000, "medium"), (99, 1_000, "small"), (10, 50, "small"),
     (9, 50, "micro")],
)  # fmt: skip
def test_chip_design_is_judged_as_software(staff, revenue, expected) -> None:
    assert size_class("6520", staff, revenue) == expected


@pytest.mark.parametrize(
    ("industry", "staff", "revenue"), [("3973", None, 40_000), ("3973", 1000, None), ("", 10, 10), ("xx", 10, 10)]
)
def test_what_cannot_be_judged_has_no_class(industry, staff, revenue) -> None:
    assert size_class(industry, staff, revenue) == ""


@pytest.mark.parametrize(
    ("revenue", "band"),
    [(0, "<500"), (499, "<500"), (500, "500-2000"), (40_000, "40000-100000"), (1_000_000, ">=100000")],
)
def test_a_revenue_falls_into_one_band(revenue, band) -> None:
    assert band_of(revenue) == band


def test_a_band_has_a_floor() -> None:
    assert band_floor("2000-10000") == 2000
    assert band_floor("unknown") is None
