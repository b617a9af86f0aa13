from __future__ import annotations

from decimal import Decimal

import pytest

from app.reviews.commands import ItemResult, SaveReview, Score
from app.reviews.criteria import Criterion, ReviewRules, criteria_of, flaw_of
from app.reviews.rules import ITEMS, MAJOR, MINOR, OK, checklist_flaw, correctable, faults, needs_comment, passes

RULES = ReviewRules((Criterion("kpi_fit", "匹配度", Decimal(60)), Criterion("team", "团队", Decimal(40))))
LONG = "实测数据完整，第三方报告可信，风险与对策清楚明白。"


def _messages(review: SaveReview, *, complete: bool = True) -> list[str]:
    return [f"{fault.row}:{fault.part}" for fault in faults(review, RULES, complete=complete)]


def _sheet(first: str, second: str = "30", comment: str = "") -> SaveReview:
    return SaveReview({"kpi_fit": Score(Decimal(first), comment), "team": Score(Decimal(second))})


@pytest.mark.parametrize(
    ("value", "expected"), [("35.5", True), ("36", False), ("57", False), ("57.5", True), ("60", True), ("0", True)]
)
def test_low_and_high_points_need_reasons(value: str, expected: bool) -> None:
    assert needs_comment(Decimal(value), Decimal(60)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("45", []), ("45.3", ["0:value"]), ("60.5", ["0:value"]), ("-1", ["0:value"]), ("60", ["0:comment"])],
)
def test_points_lie_within_their_maximum_in_half_points(value: str, expected: list[str]) -> None:
    assert _messages(_sheet(value)) == expected


def test_reasons_of_twenty_characters_are_enough() -> None:
    assert _messages(_sheet("60", comment=LONG)) == []


def test_a_draft_may_have_gaps_but_no_contradictions() -> None:
    assert _messages(SaveReview({"kpi_fit": Score(Decimal(99))}), complete=False) == ["0:value"]


def test_every_criterion_is_scored() -> None:
    assert _messages(SaveReview({})) == ["0:value", "1:value"]


def test_a_veto_gives_its_reasons() -> None:
    review = SaveReview(_sheet("45").scores, veto="core_kpi", veto_reason="短")

    assert [fault.field for fault in faults(review, RULES, complete=True)] == ["veto_reason"]


def _list(**verdicts: str) -> list[ItemResult]:
    return [ItemResult(code, verdicts.get(code, OK), "缺页" if code in verdicts else "") for code in ITEMS]


@pytest.mark.parametrize(
    ("items", "is_flawed"),
    [
        (_list(), False),
        (_list(documents=MINOR), False),
        (_list(price=MAJOR), False),
        (_list(price=MINOR), True),
        (_list(in_time=MINOR), True),
        (_list(commitments=MINOR), True),
        (_list(plan=""), True),
        ([ItemResult(code, MAJOR) for code in ITEMS], True),
        (_list()[1:], True),
    ],
)
def test_a_checklist_is_complete_and_corrects_nothing_of_substance(items: list[ItemResult], is_flawed: bool) -> None:
    assert bool(checklist_flaw(items, complete=True)) is is_flawed


@pytest.mark.parametrize(
    ("items", "can_correct", "is_passed"),
    [
        (_list(), False, True),
        (_list(plan=MINOR), True, False),
        (_list(plan=MINOR, price=MAJOR), False, False),
        (_list(price=MAJOR), False, False),
    ],
)
def test_only_what_can_wholly_be_corrected_goes_back(
    items: list[ItemResult], can_correct: bool, is_passed: bool
) -> None:
    assert (correctable(items), passes(items)) == (can_correct, is_passed)


def test_the_usual_criteria_add_up_to_a_hundred() -> None:
    assert flaw_of(criteria_of([])) == ""


@pytest.mark.parametrize(
    "weights",
    [
        [{"code": "a", "name": "甲", "max": 60}],
        [{"code": "a", "name": "甲", "max": 50}, {"code": "a", "name": "乙", "max": 50}],
        [{"code": "a", "name": "甲", "max": 100}, {"code": "b", "name": "乙", "max": 0}],
        [{"code": "a", "name": "甲", "max": 99.7}, {"code": "b", "name": "乙", "max": 0.3}],
        [{"code": "", "name": "甲", "max": 100}],
    ],
)
def test_criteria_that_cannot_be_used_are_told(weights: list[dict[str, object]]) -> None:
    assert flaw_of(criteria_of(weights))


def test_rules_come_back_as_they_were_stored() -> None:
    assert ReviewRules.restored(RULES.stored()) == RULES
