"""What is wrong with a need."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.compliance import Asked
from app.core.clock import SHANGHAI
from app.demands.commands import SaveNeed
from app.demands.rules import GRADE_RANGES, Fault, faults, review_due
from app.taxonomy import lists

THREE = (
    Asked("cell_err", "<=", "2", "mV"),
    Asked("cells", "covers", "14~18", "串"),
    Asked("sleep_i", "<=", "20", "µA", is_must=False),
)
WHOLE = SaveNeed(
    title="储能电池包18串采样芯片",
    terminal_category="T1202",
    end_product="工商业储能柜",
    categories=("C0407",),
    use_description="采样18串电芯电压。",
    params=THREE,
    quality_grade="industrial",
    temp_min=-40.0,
    temp_max=85.0,
    annual_volume_kpcs=400,
    sample_by=dt.date(2027, 1, 31),
    sop_on=dt.date(2027, 9, 1),
)


def fields(found: list[Fault]) -> list[str]:
    return [fault.field for fault in found]


def test_a_whole_need_has_no_fault() -> None:
    assert faults(WHOLE, complete=True) == []


def test_an_empty_draft_has_no_fault() -> None:
    assert faults(SaveNeed(), complete=False) == []


def test_an_empty_need_cannot_be_submitted() -> None:
    assert fields(faults(SaveNeed(), complete=True)) == [
        "title", "terminal_category", "end_product", "categories", "use_description", "quality_grade",
        "annual_volume_kpcs", "sample_by", "sop_on", "temp_min", "temp_max", "params",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"temp_min": 85.0, "temp_max": 85.0}, "temp_max"),
        ({"temp_min": 90.0}, "temp_max"),
        ({"sample_by": dt.date(2027, 9, 1)}, "sop_on"),
        ({"target_price_cny": Decimal(0)}, "target_price_cny"),
        ({"target_price_cny": Decimal(-1)}, "target_price_cny"),
        ({"target_price_cny": Decimal("0.00001")}, "target_price_cny"),
        ({"annual_volume_kpcs": -5}, "annual_volume_kpcs"),
        ({"params": (replace(THREE[0], value="9" * 121),)}, "params"),
    ],
)
def test_a_contradiction_is_refused_in_a_draft_already(change: dict[str, Any], field: str) -> None:
    assert field in fields(faults(replace(WHOLE, **change), complete=False))


@pytest.mark.parametrize("title", ["", "采样芯片", "1234567"])
def test_a_title_has_eight_characters_at_least(title: str) -> None:
    assert fields(faults(replace(WHOLE, title=title), complete=True)) == ["title"]


@pytest.mark.parametrize(
    ("grade", "low", "high", "fits"),
    [
        ("consumer", 0.0, 70.0, True),
        ("consumer", -40.0, 70.0, False),
        ("industrial", -40.0, 85.0, True),
        ("industrial", -40.0, 105.0, False),
        ("automotive_g2", -40.0, 105.0, True),
        ("automotive_g1", -40.0, 126.0, False),
        ("automotive_g0", -41.0, 150.0, False),
    ],
)
def test_the_grade_must_reach_the_temperatures(grade: str, low: float, high: float, fits: bool) -> None:
    need = replace(WHOLE, quality_grade=grade, temp_min=low, temp_max=high)

    assert ("quality_grade" not in fields(faults(need, complete=True))) is fits


def test_every_grade_of_the_list_has_its_temperatures() -> None:
    assert set(GRADE_RANGES) == set(lists.quality_grades.codes)


def test_two_requirements_are_too_few() -> None:
    assert fields(faults(replace(WHOLE, params=THREE[:2]), complete=True)) == ["params"]


def test_a_flaw_names_row_and_cell() -> None:
    need = replace(WHOLE, params=(*THREE, Asked("cell_err", "<=", "two", "mV", is_must=False)))

    found = faults(need, complete=True)

    assert [(fault.row, fault.part) for fault in found] == [(3, "value")]


def test_a_contradiction_between_rows_stands_at_the_later_one() -> None:
    need = replace(WHOLE, params=(*THREE, Asked("cell_err", ">=", "3", "mV")))

    found = faults(need, complete=True)

    assert [(fault.row, fault.part) for fault in found] == [(3, "value")]


def test_the_authority_answers_by_the_end_of_the_fifth_working_day() -> None:
    tuesday = dt.datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)

    assert review_due(tuesday) == dt.datetime(2026, 12, 2, 0, 0, tzinfo=SHANGHAI)


def test_holidays_do_not_count_against_the_authority() -> None:
    before_national_day = dt.datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI)

    assert review_due(before_national_day) > dt.datetime(2026, 10, 8, 0, 0, tzinfo=SHANGHAI)
