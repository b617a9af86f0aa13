"""Which arrow a programme lets be taken: every state against every event, on every path."""

from __future__ import annotations

import datetime as dt
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from app.challenges.path import Standing, can_take, late_before, standing_of
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.demands.rules import review_due
from app.demands.workflow import PostingState
from tests.support.clock import NOON

# Path: recommendation and appraisal asked for or not; late: the prefecture's five days have passed.
PATHS: dict[str, dict[str, Any]] = {
    "direct": {},
    "appraised": {"requires_appraisal": True},
    "recommended": {"requires_recommendation": True},
    "whole path": {"requires_recommendation": True, "requires_appraisal": True},
    "whole path, prefecture late": {"requires_recommendation": True, "requires_appraisal": True, "is_late": True},
    "recommended, prefecture late": {"requires_recommendation": True, "is_late": True},
}
GUARDED = ("return", "appraise", "approve", "reject", "publish")
ALLOWED = """
direct                       submitted   return approve reject publish
direct                       recommended return approve reject
appraised                    submitted   return appraise reject
appraised                    recommended return appraise reject
recommended                  submitted
recommended                  recommended return approve reject
whole path                   submitted
whole path                   recommended return appraise reject
whole path, prefecture late  submitted   return appraise reject
whole path, prefecture late  recommended return appraise reject
recommended, prefecture late submitted   return approve reject
recommended, prefecture late recommended return approve reject
"""
EXPECTED = {
    (path, PostingState(words[0])): set(words[1:])
    for path in PATHS
    for line in ALLOWED.strip().splitlines()
    if line[:29].strip() == path
    for words in [line[29:].split()]
}


@pytest.mark.parametrize(("path", "state"), EXPECTED, ids=str)
def test_the_province_may_take_what_the_path_says(path: str, state: PostingState) -> None:
    standing = Standing(state, **PATHS[path])
    legal = CHALLENGE_WORKFLOW.events(state)

    taken = {name for name in GUARDED if ChallengeEvent(name) in legal and can_take(ChallengeEvent(name), standing)}

    assert taken == EXPECTED[path, state]


CONCLUDED = {
    ("", ""): set(),
    ("adequate", ""): {"approve", "reject"},
    ("inadequate", ""): {"reject"},
    ("buyable", ""): {"reject"},
    ("merge", ""): {"reject"},
    ("merge", "declined"): {"approve", "reject"},
    ("merge", "accepted"): {"reject"},
}


@pytest.mark.parametrize(("found", "expected"), CONCLUDED.items())
@pytest.mark.parametrize("path", PATHS)
def test_after_an_appraisal_the_conclusion_decides(path: str, found: tuple[str, str], expected: set[str]) -> None:
    standing = Standing(PostingState.APPRAISING, conclusion=found[0], merge_answer=found[1], **PATHS[path])

    assert {name for name in ("approve", "reject") if can_take(ChallengeEvent(name), standing)} == expected


@pytest.mark.parametrize(("path", "state"), list(product(PATHS, PostingState)))
def test_a_prefecture_acts_on_what_waits_for_it_and_on_nothing_else(path: str, state: PostingState) -> None:
    standing = Standing(state, **PATHS[path])

    may = bool(can_take(ChallengeEvent.RECOMMEND, standing, by_prefecture=True))

    assert may is (PATHS[path].get("requires_recommendation", False) and state is PostingState.SUBMITTED)


@pytest.mark.parametrize("by_prefecture", [True, False])
@pytest.mark.parametrize(("n_returns", "may"), [(0, True), (1, True), (2, False), (3, False)])
def test_nothing_is_returned_a_third_time(n_returns: int, may: bool, by_prefecture: bool) -> None:
    given = {"requires_recommendation": True} if by_prefecture else {}
    standing = Standing(PostingState.SUBMITTED, n_returns=n_returns, **given)

    assert bool(can_take(ChallengeEvent.RETURN, standing, by_prefecture=by_prefecture)) is may


@pytest.mark.parametrize(
    ("submitted", "is_late"),
    [
        (dt.datetime(2026, 11, 16, 1, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 11, 16, 15, 59, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 11, 16, 16, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC), False),
    ],
)
def test_five_working_days_of_silence_escalate(submitted: dt.datetime, is_late: bool) -> None:
    row: Any = SimpleNamespace(
        state=PostingState.SUBMITTED,
        submitted_at=submitted,
        n_returns=0,
        programme=SimpleNamespace(requires_recommendation=True, requires_appraisal=False),
    )

    standing = standing_of(row, None, NOON)

    assert (standing.is_late, standing.is_escalated, standing.is_at_prefecture) == (is_late, is_late, not is_late)
    assert (submitted < late_before(NOON)) is (review_due(submitted) <= NOON) is is_late
