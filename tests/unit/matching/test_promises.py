"""What an explanation says holds when it is put to the test."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.compliance import judge
from matching.counterfactuals import remedy, with_row
from matching.engine import Matcher
from matching.records import Need, Parameter, Requirement, Sheet
from matching.results import Match
from tests.unit.matching.catalogue import BATTERY_NEED, GAUGE, SHEETS

#: Requirements of every kind, two of them on one parameter.
DEMANDING = replace(
    BATTERY_NEED,
    params=(
        *BATTERY_NEED.params,
        Requirement("cell_err", "<=", "1", "mV", must=False),
        Requirement("if", "has", "SPI|UART"),
        Requirement("package", "in", "LQFP-64|QFN-48"),
        Requirement("asil", ">=", "ASIL C"),
    ),
    quality_grade="automotive_g2",
    temp_min=-45,
)


def _score(sheet: Sheet, need: Need) -> float:
    """Return the score of one sheet in a catalogue fitted anew with it."""
    return Matcher().fit([sheet, *(other for other in SHEETS if other.id != sheet.id)]).explain(need, sheet.id).score


@cache
def _match(need: Need, sheet_id: str) -> Match:
    return Matcher().fit(SHEETS).explain(need, sheet_id)


def test_every_unmet_must_of_a_known_kind_has_its_promise() -> None:
    match = _match(DEMANDING, "P3")

    unmet = {verdict.key for verdict in match.verdicts if verdict.must and verdict.status != "met"}
    assert {promise.key for promise in match.counterfactuals} == unmet


@pytest.mark.parametrize(
    ("sheet_id", "key", "kind"),
    [
        ("P1", "grade", "improve"),
        ("P1", "temp", "improve"),
        ("P2", "cell_err", "improve"),
        ("P3", "asil", "fill"),
        ("P3", "balance_i", "fill"),
        ("P3", "cell_err", "fill"),
        ("P3", "cells", "fill"),
        ("P3", "if", "fill"),
        ("P3", "package", "fill"),
    ],
)
def test_a_promise_comes_true_when_the_sheet_says_so(sheet_id: str, key: str, kind: str) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.id == sheet_id)
    promise = next(c for c in _match(DEMANDING, sheet_id).counterfactuals if c.key == key)

    assert promise.kind == kind
    assert _score(with_row(sheet, promise.row), DEMANDING) == pytest.approx(promise.score, abs=1e-6)


def test_a_wish_on_the_same_parameter_is_judged_anew() -> None:
    promised = next(c for c in _match(DEMANDING, "P3").counterfactuals if c.key == "cell_err")
    without_wish = replace(DEMANDING, params=tuple(r for r in DEMANDING.params if r.must))

    free = next(c for c in _match(without_wish, "P3").counterfactuals if c.key == "cell_err")
    assert promised.score < free.score


@pytest.mark.parametrize(
    "impossible",
    [
        Requirement("cells", "covers", "14~8~3", "串"),
        Requirement("cell_err", "<=", "very little", "mV"),
        Requirement("balance_i", ">=", "80", "bananas"),
        Requirement("if", "has", ""),
    ],
)
def test_what_nothing_can_meet_promises_nothing(impossible: Requirement) -> None:
    match = _match(replace(BATTERY_NEED, params=(impossible,)), "P3")

    assert impossible.key not in {promise.key for promise in match.counterfactuals}


def test_what_is_stated_stays_in_a_remedy() -> None:
    wider = remedy(Requirement("temp", "covers", "0~125", "℃"), GAUGE)
    more = remedy(Requirement("if", "has", "CAN"), replace(GAUGE, interfaces=("SPI", "UART")))

    assert wider == Parameter("temp", min=-40, max=125, unit="℃")
    assert more == Parameter("if", text="SPI|UART|CAN")


def test_rows_under_another_condition_stay() -> None:
    sheet = replace(GAUGE, params=(Parameter("iq", typ=9, unit="µA", condition="125℃"),))
    row = Parameter("iq", max=2, unit="µA", condition="25℃")

    assert with_row(sheet, row).params == (row, *sheet.params)


requirements = st.builds(
    Requirement,
    key=st.sampled_from(["cells", "cell_err", "temp", "if", "eal", "encode", "hsm", "unheard_of"]),
    op=st.sampled_from([">=", "<=", "=", "covers", "has", "in"]),
    value=st.sampled_from(["3", "-40~85", "A|B", "EAL5+", "1080p@30", "是", "", "9~1", "??"]),
    unit=st.sampled_from(["", "mV", "℃", "串", "bananas"]),
)


@settings(max_examples=300, deadline=None)
@given(requirements, st.sampled_from(SHEETS))
def test_a_remedy_meets_its_requirement(requirement: Requirement, sheet: Sheet) -> None:
    row = remedy(requirement, sheet)

    assert row is None or judge(requirement, with_row(sheet, row)).status == "met"


@pytest.mark.parametrize("sheet_id", [sheet.id for sheet in SHEETS])
def test_contributions_add_up_to_the_logit(sheet_id: str) -> None:
    match = _match(DEMANDING, sheet_id)

    total = sum(value for _, value in match.contributions)
    assert total == pytest.approx(math.log(match.score / (1 - match.score)), abs=1e-6)


@pytest.mark.parametrize("sheet_id", ["P1", "P2", "P3"])
def test_deleting_the_named_evidence_lowers_the_score(sheet_id: str) -> None:
    match = _match(BATTERY_NEED, sheet_id)
    sheet = next(sheet for sheet in SHEETS if sheet.id == sheet_id)
    named = match.terms[0].in_sheet

    poorer = replace(sheet, text=sheet.text.replace(named, ""), title=sheet.title.replace(named, ""))
    assert _score(poorer, BATTERY_NEED) < match.score
