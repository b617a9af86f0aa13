"""What an address asks of the catalogue."""

from __future__ import annotations

import uuid

import pytest
from werkzeug.datastructures import MultiDict

from app.catalog.queries.filters import Condition, UnreadableCondition, read_condition, read_wanted, typed_condition


def typed(key: str = "vin", op: str = "covers", value: str = "3~36", unit: str = "V") -> Condition | None:
    return typed_condition(MultiDict([("key", key), ("op", op), ("value", value), ("unit", unit)]))


@pytest.mark.parametrize(
    ("value", "bounds"),
    [("3~36", (3.0, 36.0)), ("3-36", (3.0, 36.0)), ("3～36", (3.0, 36.0)), ("3 to 36", (3.0, 36.0)),
     ("3至36", (3.0, 36.0)), ("36~3", (3.0, 36.0)), ("-40~85", (-40.0, 85.0)), ("-40--10", (-40.0, -10.0)),
     ("１２", (12.0, 12.0)), ("12", (12.0, 12.0))],
)  # fmt: skip
def test_a_range_may_be_written_in_many_ways(value: str, bounds: tuple[float, float]) -> None:
    assert Condition("vin", "covers", value, "V").bounds() == (*bounds, "voltage")


def test_a_value_is_compared_in_the_base_unit() -> None:
    assert Condition("sleep_i", "<=", "850", "nA").bounds() == (
        pytest.approx(850e-9),
        pytest.approx(850e-9),
        "current",
    )


def test_without_a_unit_the_parameters_own_counts() -> None:
    assert Condition("cell_err", "<=", "2").bounds()[2] == "voltage"


@pytest.mark.parametrize(
    ("op", "value", "unit", "reason"),
    [("<=", "2~3", "V", "one number"), ("covers", "1~2~3", "V", "one number"), ("<=", "abc", "V", "no number"),
     ("<=", "NaN", "V", "no number"), ("<=", "1e999", "V", "no number"), ("<=", "2", "furlong", "dictionary"),
     ("<=", "2", "mA", "does not measure")],
)  # fmt: skip
def test_what_cannot_be_compared_says_why(op: str, value: str, unit: str, reason: str) -> None:
    with pytest.raises(UnreadableCondition, match=reason):
        Condition("vin", op, value, unit).bounds()


@pytest.mark.parametrize(
    ("value", "unit"),
    [("3~36 V", ""), ("3V~36V", ""), ("３～３６Ｖ", ""), ("3~36", "伏"), ("3~36", "v")],
)
def test_units_are_understood_behind_the_number_and_in_words(value: str, unit: str) -> None:
    assert typed(value=value, unit=unit) == Condition("vin", "covers", "3~36", "V")


def test_a_parameter_may_be_named_in_words() -> None:
    assert typed(key="Balancing current", op=">=", value="100", unit="mA") == Condition("balance_i", ">=", "100", "mA")


@pytest.mark.parametrize(("key", "op", "value"), [("", ">=", "1"), ("vin", "~", "1"), ("vin", ">=", " ")])
def test_an_incomplete_condition_is_none(key: str, op: str, value: str) -> None:
    assert typed(key=key, op=op, value=value) is None


@pytest.mark.parametrize(
    "condition",
    [Condition("vin", "covers", "3~36", "V"), Condition("bands", "has", "B3"), Condition("os", "has", "a:b", "")],
)
def test_an_address_leads_back_to_its_condition(condition: Condition) -> None:
    assert read_condition(condition.address) == condition


@pytest.mark.parametrize("text", ["", "vin", "vin:covers", "vin:like:3:V", ":covers:3:V", "vin:covers::V"])
def test_an_address_that_makes_no_sense_is_none(text: str) -> None:
    assert read_condition(text) is None


def test_nonsense_in_an_address_narrows_nothing() -> None:
    args = MultiDict([("category", ""), ("param", "x"), ("sort", "'; DROP"), ("firm", "me"), ("colour", "red")])

    wanted = read_wanted(args)

    assert (wanted.facets, wanted.conditions, wanted.sort, wanted.firm) == ({}, (), "newest", None)


def test_an_address_is_read_whole() -> None:
    firm = uuid.uuid4()
    args = MultiDict(
        [("q", " BMS "), ("category", "C04"), ("category", "C0407"), ("grade", "industrial"), ("firm", str(firm)),
         ("param", "vin:>=:3:V"), ("param", "vin:>=:3:V"), ("sort", "part_number")]
    )  # fmt: skip

    wanted = read_wanted(args)

    assert wanted.q == "BMS"
    assert wanted.chosen("category") == ("C04", "C0407")
    assert wanted.chosen("grade") == ("industrial",)
    assert wanted.conditions == (Condition("vin", ">=", "3", "V"),)
    assert (wanted.firm, wanted.sort) == (firm, "part_number")


def test_over_long_words_are_cut() -> None:
    assert len(read_wanted(MultiDict([("q", "x" * 5000)])).q) == 200


def test_at_most_six_conditions_count() -> None:
    args = MultiDict([("param", f"own_{number}:>=:1:V") for number in range(20)])

    assert len(read_wanted(args).conditions) == 6
