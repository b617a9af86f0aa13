"""What an address asks of the catalogue."""

from __future__ import annotations

import uuid

import pytest
from werkzeug.datastructures import MultiDict

from app.catalog.queries.filters import (
    Condition,
    UnreadableCondition,
    read_condition,
    read_wanted,
    split_query,
    typed_condition,
)
from matching.taxonomy import Changes, lay_over


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


@pytest.mark.parametrize(
    ("query", "words", "conditions"),
    [
        ("Vin>=36V", "", ["vin:>=:36:V"]),
        ("Vin>=36V, 温度 -40~125℃", "", ["vin:>=:36:V", "temp:covers:-40~125:℃"]),
        ("输入电压≥36V 车规 DC-DC", "车规 DC-DC", ["vin:>=:36:V"]),
        ("静态电流 ＜= 2uA LDO", "LDO", ["iq:<=:2:µA"]),
        ("iq<1µA", "", ["iq:<=:1:µA"]),
        ("temp -40~125C", "", ["temp:covers:-40~125:℃"]),
        ("工作温度 -40℃至125℃ MCU", "MCU", ["temp:covers:-40~125:℃"]),
    ],
)
def test_conditions_are_read_between_the_words(query: str, words: str, conditions: list[str]) -> None:
    found = split_query(query.replace("＜=", "<="))

    assert (found[0], [one.address for one in found[1]]) == (words, conditions)


@pytest.mark.parametrize(
    "query",
    ["", "18串 采样", "2.4GHz 蓝牙", "AEC-Q100 G1", "LTC6811HG-1", "RS-485", "QFN-32", "a<b", "x>=", "=", "~~~~",
     "iq<1furlong", "<script>alert(1)</script>", "1.8~5.5V LDO", ">" * 200],
)  # fmt: skip
def test_what_is_no_condition_stays_what_is_sought(query: str) -> None:
    assert split_query(query) == (query, ())


def test_written_conditions_join_those_of_the_address() -> None:
    wanted = read_wanted(MultiDict([("q", "LDO Vin>=36V"), ("param", "iq:<=:2:µA")]))

    assert (wanted.q, [one.address for one in wanted.conditions]) == ("LDO", ["iq:<=:2:µA", "vin:>=:36:V"])


def test_an_address_of_a_merged_category_leads_to_the_one_that_took_its_place() -> None:
    lay_over(Changes({}, {"C0406": "C0401"}))
    try:
        assert read_wanted(MultiDict([("category", "C0406")])).chosen("category") == ("C0401",)
    finally:
        lay_over(Changes())
