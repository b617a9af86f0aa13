"""The stations of a need."""

from __future__ import annotations

import datetime as dt

import pytest

from app.demands.lifecycle import Dates, rail
from app.demands.rules import review_due
from app.demands.workflow import PostingState
from tests.support.clock import NOON

LATER = NOON + dt.timedelta(days=3)


@pytest.mark.parametrize(
    ("dates", "statuses"),
    [
        (Dates(PostingState.DRAFT, None, None, None), ["current", "upcoming", "upcoming", "upcoming"]),
        (Dates(PostingState.RETURNED, NOON, None, None), ["current", "upcoming", "upcoming", "upcoming"]),
        (Dates(PostingState.SUBMITTED, NOON, None, None), ["done", "current", "upcoming", "upcoming"]),
        (Dates(PostingState.PUBLISHED, NOON, LATER, None), ["done", "done", "current", "upcoming"]),
        (Dates(PostingState.CLOSED, NOON, LATER, LATER), ["done", "done", "done", "done"]),
        (Dates(PostingState.CANCELLED, NOON, LATER, LATER), ["done", "done", "done", "done"]),
        (Dates(PostingState.CANCELLED, None, None, LATER), ["done", "skipped", "skipped", "done"]),
    ],
)
def test_each_state_has_its_place(dates: Dates, statuses: list[str]) -> None:
    assert [step.status for step in rail(dates)] == statuses


def test_the_review_has_a_deadline_while_it_lasts() -> None:
    waiting = rail(Dates(PostingState.SUBMITTED, NOON, None, None))
    reviewed = rail(Dates(PostingState.PUBLISHED, NOON, LATER, None))

    assert waiting[1].due_at == review_due(NOON)
    assert reviewed[1].due_at is None
    assert reviewed[1].done_at == LATER
