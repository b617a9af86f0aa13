"""A verdict is about sizes, not about the units they are written in: every dimension of the dictionary."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.compliance import judge
from matching.records import Parameter, Requirement
from matching.units import comparable, convert, dimension_of, known_units

VALUES = st.floats(min_value=0.01, max_value=1e4)
SAME = [(a, b) for a, b in combinations(known_units(), 2) if dimension_of(a) == dimension_of(b)]
FOREIGN = [(a, b) for a, b in combinations(known_units(), 2) if not comparable(a, b)]
OPERATORS = st.sampled_from([">=", "<=", "="])
KEY = "of_no_dictionary"


def verdict(op: str, limit: str, unit: str, offer: Parameter) -> str:
    return judge(Requirement(KEY, op, limit, unit), [offer]).status


@given(value=VALUES, limit=VALUES, op=OPERATORS, pair=st.sampled_from(SAME))
def test_writing_the_offer_in_another_unit_changes_no_verdict(
    value: float, limit: float, op: str, pair: tuple[str, str]
) -> None:
    unit, other = pair
    assume(not math.isclose(value, limit, rel_tol=1e-6))

    stated = verdict(op, f"{limit:.9f}", unit, Parameter(KEY, typ=value, unit=unit))
    rewritten = verdict(op, f"{limit:.9f}", unit, Parameter(KEY, typ=convert(value, unit, other), unit=other))

    assert rewritten == stated


@given(low=VALUES, width=VALUES, pair=st.sampled_from(SAME))
def test_a_range_covers_itself_in_any_unit(low: float, width: float, pair: tuple[str, str]) -> None:
    unit, other = pair
    low, high = round(low, 6), round(low + width, 6)
    ends = convert(low, unit, other), convert(high, unit, other)

    assert (
        verdict("covers", f"{low:.6f}~{high:.6f}", unit, Parameter(KEY, min=ends[0], max=ends[1], unit=other)) == "met"
    )


@given(value=VALUES, limit=VALUES, op=st.sampled_from([">=", "<=", "=", "covers"]), pair=st.sampled_from(FOREIGN))
def test_a_foreign_unit_never_passes(value: float, limit: float, op: str, pair: tuple[str, str]) -> None:
    asked = f"{limit}~{limit + 1}" if op == "covers" else f"{limit}"

    assert verdict(op, asked, pair[0], Parameter(KEY, value, None, value, pair[1])) == "not_comparable"


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        (Parameter(KEY, typ=math.nan, unit="V"), "missing_value"),
        (Parameter(KEY, typ=math.inf, unit="V"), "missing_value"),
        (Parameter(KEY, min=5, max=3, unit="V"), "contradictory_value"),
        (Parameter(KEY, typ=5, unit="furlong"), "unit_unknown"),
        (Parameter(KEY, text="plenty", unit="V"), "unreadable_value"),
        (Parameter(KEY, text="5V/3A", unit="V"), "unreadable_value"),
        (Parameter(KEY, text="9" * 400, unit="V"), "unreadable_value"),
    ],
)
def test_an_offer_that_makes_no_sense_has_a_named_result(offer: Parameter, reason: str) -> None:
    assert judge(Requirement(KEY, ">=", "3", "V"), [offer]).reason == reason


@pytest.mark.parametrize(
    ("op", "value", "unit", "reason"),
    [
        ("covers", "5~3", "V", "contradictory_requirement"),
        (">=", "nan", "V", "unreadable_requirement"),
        (">=", "", "V", "unreadable_requirement"),
        (">=", "3", "furlong", "unit_unknown"),
        (">=", "9" * 400, "V", "unreadable_requirement"),
        ("<=", "3", "A", "unit_mismatch"),
    ],
)
def test_a_requirement_that_makes_no_sense_is_never_met(op: str, value: str, unit: str, reason: str) -> None:
    verdict = judge(Requirement(KEY, op, value, unit), [Parameter(KEY, typ=5, unit="V")])

    assert (verdict.status, verdict.reason) == ("not_comparable", reason)
