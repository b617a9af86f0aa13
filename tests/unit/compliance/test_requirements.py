"""Whether a typed requirement can be judged."""

from __future__ import annotations

import pytest

from app.compliance import Asked
from app.compliance.requirements import (
    OPERATORS,
    contradictions,
    flaw_of,
    flaw_of_number,
    is_known_unit,
    normal_unit,
    normal_value,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("２．５", "2.5"),
        (" -40 ～ 85 ", "-40~85"),
        ("−40〜85", "-40~85"),
        ("UART ｜ SPI", "UART|SPI"),
        ("1e-6", "1e-6"),
        ("", ""),
    ],
)
def test_values_are_stored_in_one_spelling(typed: str, stored: str) -> None:
    assert normal_value(typed) == stored


@pytest.mark.parametrize(
    ("typed", "key", "stored"),
    [
        ("mv", "", "mV"),
        ("uA", "", "µA"),
        ("", "cell_err", "mV"),
        ("parsec", "", "parsec"),
        ("", "", ""),
        ("", "display_if", ""),
    ],
)
def test_units_are_stored_by_their_symbol_or_as_typed(typed: str, key: str, stored: str) -> None:
    assert normal_unit(typed, key) == stored


@pytest.mark.parametrize(
    "asked",
    [
        Asked("cell_err", "<=", "2", "mV"),
        Asked("cell_err", "<=", "2000", "µV"),
        Asked("cell_err", "<=", "2e0", "mV"),
        Asked("cells", "covers", "14~18", "串"),
        Asked("cells", ">=", "18", "串"),
        Asked("display_if", "has", "SPI|UART"),
        Asked("asil", ">=", "ASIL B"),
        Asked("asil", ">=", "asil b"),
        Asked("hsm", "=", "yes"),
        Asked("res", ">=", "1920x1080"),
    ],
)
def test_what_can_be_judged_has_no_flaw(asked: Asked) -> None:
    assert flaw_of(asked) is None


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (Asked("", "<=", "2", "mV"), "key"),
        (Asked("no_such_key", "<=", "2", "mV"), "key"),
        (Asked("cell_err", "has", "2", "mV"), "op"),
        (Asked("cell_err", "covers", "1~2", "mV"), "op"),
        (Asked("hsm", ">=", "yes"), "op"),
        (Asked("hsm", "=", "perhaps"), "value"),
        (Asked("res", ">=", "sharp"), "value"),
        (Asked("display_if", ">=", "SPI"), "op"),
        (Asked("cell_err", "<=", "2", "parsec"), "unit"),
        (Asked("cell_err", "<=", "2", "kg"), "unit"),
        (Asked("cell_err", "<=", "", "mV"), "value"),
        (Asked("cell_err", "<=", "two", "mV"), "value"),
        (Asked("cell_err", "<=", "nan", "mV"), "value"),
        (Asked("cell_err", "<=", "inf", "mV"), "value"),
        (Asked("cell_err", "<=", "=1+1", "mV"), "value"),
        (Asked("cell_err", "<=", "2 mV", "mV"), "value"),
        (Asked("cell_err", "<=", "1e999", "mV"), "value"),
        (Asked("cells", "covers", "18~14", "串"), "value"),
        (Asked("cells", "covers", "14", "串"), "value"),
        (Asked("cells", "covers", "~", "串"), "value"),
        (Asked("display_if", "has", "|"), "value"),
        (Asked("display_if", "has", ""), "value"),
        (Asked("asil", ">=", "ASIL Z"), "value"),
    ],
)
def test_a_flaw_names_the_part_that_is_wrong(asked: Asked, part: str) -> None:
    flaw = flaw_of(asked)

    assert flaw is not None
    assert flaw.part == part
    assert flaw.message


def test_an_implausible_size_is_questioned() -> None:
    flaw = flaw_of(Asked("cell_err", "<=", "2", "GV"))

    assert flaw is not None


@pytest.mark.parametrize("text", ["", ".", "-", "1,5", "1 5", "0x10", "1e", "١٢", "1" * 5 + "e9999"])
def test_only_plain_numbers_are_numbers(text: str) -> None:
    assert flaw_of_number("<=", text) is not None


def test_the_lower_limit_may_not_lie_above_the_upper_one_in_any_unit() -> None:
    rows = [Asked("cell_err", ">=", "5", "mV"), Asked("cell_err", "<=", "2000", "µV")]

    assert list(contradictions(rows)) == [1]


@pytest.mark.parametrize(
    "rows",
    [
        [Asked("cell_err", ">=", "1", "mV"), Asked("cell_err", "<=", "5", "mV")],
        [Asked("cell_err", ">=", "5", "mV"), Asked("cell_err", "<=", "2", "mV", condition="25 ℃")],
        [Asked("cell_err", ">=", "5", "mV"), Asked("cell_err", "<=", "2", "mV", is_must=False)],
        [Asked("cell_err", "<=", "5", "mV"), Asked("cell_err", "<=", "2", "mV", is_must=False)],
        [Asked("cell_err", ">=", "5", "mV"), Asked("cell_err", "<=", "2", "kg")],
        [Asked("cell_err", ">=", "five", "mV"), Asked("cell_err", "<=", "2", "mV")],
        [Asked("cell_err", ">=", "5", "mV"), Asked("sleep_i", "<=", "2", "µA")],
    ],
)
def test_rows_that_can_be_met_together_do_not_contradict(rows: list[Asked]) -> None:
    assert contradictions(rows) == {}


def test_the_same_comparison_twice_is_one_too_many() -> None:
    rows = [Asked("cell_err", "<=", "5", "mV"), Asked("cell_err", "<=", "2", "mV")]

    assert contradictions(rows)[1].part == "key"


@pytest.mark.parametrize(("unit", "known"), [("", True), ("mV", True), ("串", True), ("parsec", False)])
def test_units_of_the_dictionary_are_known(unit: str, known: bool) -> None:
    assert is_known_unit(unit) is known


def test_every_operator_suits_some_parameter() -> None:
    assert set(OPERATORS) == {">=", "<=", "=", "covers", "has", "in"}
