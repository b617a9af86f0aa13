"""The stations of a challenge: what is done, who acts, and what comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.challenges.lifecycle import Dates, phase, rail
from app.challenges.models import Programme
from app.demands.workflow import PostingMode, PostingState
from tests.support.clock import NOON

DAY = dt.timedelta(days=1)
PROGRAMME = Programme(min_bid_window_days=20, publicity_working_days=5)


def dates(state: PostingState, **changes: Any) -> Dates:
    given: dict[str, Any] = {
        "mode": PostingMode.ENTERPRISE_POSED,
        "award_count": 1,
        "submitted_at": NOON - 10 * DAY,
        "published_at": NOON - 5 * DAY,
        "bid_deadline_at": NOON + 20 * DAY,
        "closed_at": None,
    }
    return Dates(state=state, **{**given, **changes})


def statuses(state: PostingState) -> list[str]:
    return [step.status for step in rail(dates(state), PROGRAMME)]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (PostingState.DRAFT, "current upcoming upcoming upcoming upcoming upcoming"),
        (PostingState.RETURNED, "current upcoming upcoming upcoming upcoming upcoming"),
        (PostingState.SUBMITTED, "done current upcoming upcoming upcoming upcoming"),
        (PostingState.RECOMMENDED, "done current upcoming upcoming upcoming upcoming"),
        (PostingState.APPRAISING, "done current upcoming upcoming upcoming upcoming"),
        (PostingState.APPROVED, "done current upcoming upcoming upcoming upcoming"),
        (PostingState.REJECTED, "done current upcoming upcoming upcoming upcoming"),
        (PostingState.PUBLISHED, "done done current upcoming upcoming upcoming"),
        (PostingState.SUSPENDED, "done done current upcoming upcoming upcoming"),
        (PostingState.CLOSED, "done done done current upcoming upcoming"),
        (PostingState.EVALUATING, "done done done current upcoming upcoming"),
        (PostingState.PUBLICITY, "done done done done current upcoming"),
        (PostingState.AWARDED, "done done done done done done"),
        (PostingState.NO_AWARD, "done done done done skipped done"),
        (PostingState.CANCELLED, "done done skipped skipped skipped done"),
    ],
)
def test_every_state_has_its_place(state: PostingState, expected: str) -> None:
    assert statuses(state) == expected.split()


def test_what_was_cancelled_before_its_publication_was_never_reviewed() -> None:
    found = rail(dates(PostingState.CANCELLED, published_at=None), PROGRAMME)

    assert [step.status for step in found] == ["done", "skipped", "skipped", "skipped", "skipped", "done"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (PostingState.DRAFT, "current upcoming upcoming upcoming"),
        (PostingState.SUBMITTED, "done current upcoming upcoming"),
        (PostingState.RECOMMENDED, "done done current upcoming"),
        (PostingState.APPRAISING, "done done current upcoming"),
        (PostingState.APPROVED, "done done done current"),
        (PostingState.REJECTED, "done done done current"),
        (PostingState.PUBLISHED, "done done done done"),
    ],
)
def test_a_programme_with_the_whole_path_has_its_stations(state: PostingState, expected: str) -> None:
    whole = Programme(
        min_bid_window_days=20, publicity_working_days=5, requires_recommendation=True, requires_appraisal=True
    )

    assert [step.status for step in rail(dates(state), whole)][:4] == expected.split()


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (PostingState.DRAFT, "Reviewed"),
        (PostingState.SUBMITTED, "Under review"),
        (PostingState.APPRAISING, "Under review"),
        (PostingState.PUBLISHED, "Reviewed"),
        (PostingState.REJECTED, "Rejected"),
    ],
)
def test_the_review_is_named_by_how_far_it_is(state: PostingState, name: str) -> None:
    assert str(rail(dates(state), PROGRAMME)[1].label) == name


def test_the_review_is_due_after_five_working_days() -> None:
    review = rail(dates(PostingState.SUBMITTED, submitted_at=NOON, published_at=None), PROGRAMME)[1]

    assert review.due_at == dt.datetime(2026, 12, 1, 16, tzinfo=dt.UTC)


def test_a_step_that_is_done_shows_when_and_no_longer_until_when() -> None:
    bids = rail(dates(PostingState.CLOSED), PROGRAMME)[2]

    assert (bids.done_at, bids.due_at) == (NOON + 20 * DAY, None)


def test_without_a_programme_there_is_no_rule_to_name() -> None:
    assert rail(dates(PostingState.DRAFT), None)[2].rule == ""


@pytest.mark.parametrize(
    ("state", "deadline", "shown"),
    [
        (PostingState.PUBLISHED, NOON + DAY, PostingState.PUBLISHED),
        (PostingState.PUBLISHED, NOON, PostingState.CLOSED),
        (PostingState.PUBLISHED, NOON - DAY, PostingState.CLOSED),
        (PostingState.SUSPENDED, NOON - DAY, PostingState.SUSPENDED),
        (PostingState.DRAFT, NOON - DAY, PostingState.DRAFT),
        (PostingState.DRAFT, None, PostingState.DRAFT),
    ],
)
def test_a_published_challenge_is_closed_from_the_second_of_its_deadline(
    state: PostingState, deadline: dt.datetime | None, shown: PostingState
) -> None:
    assert phase(state, deadline, NOON) is shown
