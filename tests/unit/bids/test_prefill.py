"""What a data sheet says to an indicator."""

from __future__ import annotations

import uuid

import pytest

from app.bids.commands import Commitment
from app.bids.prefill import Sheet, offered, prefilled
from app.catalog.commands import ParamInput
from tests.unit.bids.samples import ERROR, FRAME, GRADE, RANGE

SHEET = Sheet(
    uuid.uuid4(),
    "CB0001",
    "18串采样芯片",
    (ParamInput("cell_err", typ=1.2, max=1.8, unit="mV", condition="25℃"), ParamInput("temp", -40.0, None, 125.0, "℃")),
)


@pytest.mark.parametrize(
    ("operator", "row", "value"),
    [
        ("<=", ParamInput("x", 1.0, 2.0, 3.0), "3"),
        (">=", ParamInput("x", 1.0, 2.0, 3.0), "1"),
        ("<=", ParamInput("x", typ=2.5), "2.5"),
        (">=", ParamInput("x", max=3.0), "3"),
        ("covers", ParamInput("x", -40.0, None, 85.0), "-40~85"),
        ("covers", ParamInput("x", min=-40.0), ""),
        ("=", ParamInput("x", value_text="ASIL B"), "ASIL B"),
        ("<=", ParamInput("x"), ""),
    ],
)
def test_the_guaranteed_end_is_offered_before_the_typical_value(operator: str, row: ParamInput, value: str) -> None:
    assert offered(operator, row) == value


def test_indicators_on_a_parameter_of_the_sheet_are_filled() -> None:
    found = prefilled(FRAME, SHEET, [])

    assert found == {
        ERROR.id: Commitment(ERROR.id, "1.8", "mV", evidence="CB0001 · 25℃"),
        RANGE.id: Commitment(RANGE.id, "-40~125", "℃", evidence="CB0001"),
    }


def test_what_somebody_typed_is_never_overwritten() -> None:
    typed = [Commitment(ERROR.id, "2", "mV"), Commitment(RANGE.id, evidence="report")]

    found = prefilled(FRAME, SHEET, typed)

    assert found == {RANGE.id: Commitment(RANGE.id, "-40~125", "℃", evidence="report")}


def test_an_indicator_on_no_parameter_stays_open() -> None:
    assert GRADE.id not in prefilled(FRAME, SHEET, [])
