from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.compliance import judge, judge_all, judge_value
from matching.records import Need, Parameter, Requirement, Sheet
from matching.units import comparable, convert, known_units
from tests.unit.matching.catalogue import BATTERY_NEED, GAUGE, SILENT_GAUGE

VALUES = st.integers(min_value=1, max_value=10_000).map(lambda n: n / 16)
OPERATORS = st.sampled_from([">=", "<=", "="])
CURRENTS = st.sampled_from(["A", "mA", "µA", "nA", "pA", "毫安"])


def _parameter(value: float, unit: str) -> Parameter:
    return Parameter("iq", typ=value, unit=unit)


@given(value=VALUES, limit=VALUES, op=OPERATORS, unit=CURRENTS)
def test_rescaling_the_offer_never_changes_a_verdict(value: float, limit: float, op: str, unit: str) -> None:
    requirement = Requirement("iq", op, str(limit), "µA")
    share = value / limit
    assume(min(abs(share - edge) for edge in (0.85, 1.15)) > 1e-6)

    plain = judge(requirement, [_parameter(value, "µA")])
    rescaled = judge(requirement, [_parameter(convert(value, "µA", unit), unit)])

    assert (plain.status, plain.reason) == (rescaled.status, rescaled.reason)


@given(value=VALUES, limit=VALUES, op=OPERATORS, unit=CURRENTS)
def test_rescaling_the_requirement_never_changes_a_verdict(value: float, limit: float, op: str, unit: str) -> None:
    offer = [_parameter(value, "µA")]

    plain = judge(Requirement("iq", op, repr(limit), "µA"), offer)
    rescaled = judge(Requirement("iq", op, repr(convert(limit, "µA", unit)), unit), offer)

    assert plain.status == rescaled.status


@given(left=st.sampled_from(known_units()), right=st.sampled_from(known_units()), op=OPERATORS)
def test_a_wrong_dimension_is_not_comparable(left: str, right: str, op: str) -> None:
    assume(not comparable(left, right))

    verdict = judge(Requirement("iq", op, "1", left), [_parameter(1.0, right)])

    assert verdict.status == "not_comparable"


@given(value=VALUES, better=VALUES, limit=VALUES)
def test_a_better_offer_is_never_judged_worse(value: float, better: float, limit: float) -> None:
    requirement = Requirement("freq", ">=", str(limit), "MHz")
    good, less = (judge(requirement, [Parameter("freq", typ=v, unit="MHz")]) for v in (value + better, value))

    assert (good.status == "met") >= (less.status == "met")


@given(
    key=st.sampled_from(["iq", "vin", "grade", "protocols", "coex", "encode", "package", "zzz"]),
    op=st.sampled_from([">=", "<=", "=", "covers", "has", "in", "~", ""]),
    value=st.text(max_size=40),
    unit=st.text(max_size=6),
    text=st.text(max_size=40),
    number=st.none() | st.floats(),
)
def test_nothing_people_type_breaks_a_verdict(
    key: str, op: str, value: str, unit: str, text: str, number: float | None
) -> None:
    offer = Parameter(key, min=number, max=number, unit=unit, text=text)

    verdict = judge(Requirement(key, op, value, unit), [offer])

    assert verdict.status in {"met", "marginal", "violated", "unknown", "not_comparable"}


def test_not_a_number_is_unknown() -> None:
    verdict = judge(Requirement("iq", "<=", "2", "µA"), [_parameter(float("nan"), "µA")])

    assert verdict.status == "unknown"


def test_a_verdict_shows_both_sides_and_the_margin() -> None:
    verdict = judge(Requirement("iq", "<=", "2", "µA"), [_parameter(850, "nA")])

    assert (verdict.offered, verdict.converted, verdict.required) == ("850 nA", "0.85 µA", "≤ 2 µA")
    assert verdict.margin == pytest.approx(0.575)


def test_a_need_is_judged_with_its_temperature_and_grade() -> None:
    need = Need("N", "x", temp_min=-40, temp_max=105, quality_grade="automotive_g2")
    sheet = Sheet("P", "x", temp_min=-40, temp_max=85, quality_grade="automotive_g3")

    verdicts = judge_all(need, sheet)

    assert [(v.key, v.must, v.status) for v in verdicts] == [
        ("temp", True, "violated"),
        ("grade", True, "violated"),
    ]


def test_a_grade_that_is_not_automotive_is_only_a_wish() -> None:
    need = Need("N", "x", quality_grade="industrial")

    assert [v.must for v in judge_all(need, Sheet("P", "x", quality_grade="consumer"))] == [False]


def test_what_a_sheet_does_not_say_is_unknown_and_never_violated() -> None:
    assert {v.status for v in judge_all(BATTERY_NEED, SILENT_GAUGE)} == {"unknown"}


def test_price_lead_time_and_safety_are_read_from_the_extras() -> None:
    sheet = Sheet("P", "x", extras={"price": 7.5, "lead_time": 10, "asil": "ASIL B"})
    wanted = (
        Requirement("price", "<=", "8", "元/颗"),
        Requirement("lead_time", "<=", "8", "周"),
        Requirement("asil", ">=", "ASIL B"),
    )

    assert [v.status for v in judge_all(Need("N", "x", params=wanted), sheet)] == ["met", "violated", "met"]


def test_a_comparable_row_is_judged_where_a_key_occurs_twice() -> None:
    rows = [Parameter("noise", typ=5, unit="Pa"), Parameter("noise", typ=90, unit="µg/√Hz")]

    assert judge(Requirement("noise", "<=", "100", "µg/√Hz"), rows).status == "met"


@pytest.mark.parametrize(
    ("value", "unit", "status"),
    [
        (1.5, "", "met"),
        ("850 nA", "", "met"),
        ("850", "nA", "met"),
        (3, "µA", "violated"),
        (None, "", "unknown"),
        (" ", "", "unknown"),
        ("about one", "", "not_comparable"),
        (1, "V", "not_comparable"),
    ],
)
def test_a_committed_value_is_judged(value: float | str | None, unit: str, status: str) -> None:
    assert judge_value(Requirement("iq", "<=", "2", "µA"), value, unit).status == status


def test_a_commitment_counts_as_guaranteed() -> None:
    assert judge_value(Requirement("iq", "<=", "2", "µA"), "1.5 µA").reason == "met"


def test_the_sheet_of_the_example_meets_what_it_states() -> None:
    assert [v.status for v in judge_all(BATTERY_NEED, GAUGE)] == ["met", "met", "unknown", "met"]
