"""Single cells: what they state, and what is wrong with how they are written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from app.catalog.importing.cells import read
from app.catalog.importing.source import ErrorCell, Formula


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("temp_min", -40, -40.0),
        ("temp_min", "-40", -40.0),
        ("pins", 64.0, 64),
        ("moq", "2,500", 2500),
        ("price_1k_cny", 0.512, Decimal("0.512")),
        ("mp_since", dt.date(2023, 5, 1), "2023-05"),
        ("mp_since", "2023-05", "2023-05"),
        ("is_sample_available", "可", True),
        ("is_sample_available", False, False),
        ("part_number", 7805, "7805"),
        ("category", "C0407 电池管理AFE", "C0407"),
        ("quality_grade", "车规G1", "automotive_g1"),
        ("lifecycle_stage", "Mass production", "mass_production"),
        ("foundry_region", "境内", "境内"),
        ("monthly_capacity_kpcs", "200~1000", "200-1000"),
        ("functional_safety", "asil-b", "ASIL B"),
        ("unit", "uA", "µA"),
        ("description", " 两行\n文字 ", "两行\n文字"),
        ("condition", "@25℃", "@25℃"),
        ("condition", "-40~85℃", "-40~85℃"),
    ],
)
def test_a_cell_is_read_as_the_sheet_means_it(key: str, cell: Any, value: Any) -> None:
    assert read(key, cell, has_dates=True) == (value, None)


@pytest.mark.parametrize(
    ("key", "cell", "kind", "fix"),
    [
        ("temp_min", "－４０", "fullwidth_digits", "-40"),
        ("part_number", "ＣＢ１", "fullwidth_digits", "CB1"),
        ("part_number", "CB1 \u00a0\u3000", "trailing_spaces", "CB1"),
        ("mp_since", "2023年5月", "date_as_text", "2023-05"),
        ("mp_since", "May 23", "bad_date", None),
        ("pins", "many", "not_a_number", None),
        ("pins", 12.5, "not_a_whole_number", None),
        ("pins", True, "not_a_number", None),
        ("price_1k_cny", dt.date(2024, 1, 1), "not_a_number", None),
        ("pins", 10**400, "not_a_number", None),
        ("is_sample_available", "maybe", "unknown_value", None),
        ("name", ErrorCell("#REF!"), "error_cell", None),
        ("price_1k_cny", Formula("=1+1"), "formula_cell", None),
        ("price_1k_cny", Formula("=1+1", 2), "formula_cell", "2"),
        ("pins", Formula("=A1", "x"), "formula_cell", None),
        ("software", '=HYPERLINK("x")', "formula_injection", None),
        ("name", "@SUM(A1)", "formula_injection", None),
        ("name", "+cmd|' /C calc'!A0", "formula_injection", None),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_with_the_correction(key: str, cell: Any, kind: str, fix: str | None) -> None:
    _, flaw = read(key, cell, has_dates=True)

    assert flaw is not None
    assert (flaw.kind, flaw.fix) == (kind, fix)


def test_text_may_hold_dates_where_the_format_knows_no_others() -> None:
    assert read("mp_since", "2023/5/1", has_dates=False) == ("2023-05", None)


@pytest.mark.parametrize(("key", "nothing"), [("pins", None), ("name", ""), ("interfaces", ())])
def test_a_blank_cell_states_nothing(key: str, nothing: Any) -> None:
    assert read(key, " \u3000", has_dates=True) == (nothing, None)
