from __future__ import annotations

import datetime as dt

import pytest

from app.admin.jobs import KINDS
from app.jobs.handlers import HANDLERS
from app.jobs.schedule import RECURRING
from app.notifications.events import EventKind
from tests.support.clock import NOON

BY_NAME = {entry.name: entry for entry in RECURRING}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("digests.daily", dt.datetime(2026, 11, 25, 1, 0, tzinfo=dt.UTC)),
        ("digests.weekly", dt.datetime(2026, 11, 30, 1, 0, tzinfo=dt.UTC)),
        ("pairings.expire", dt.datetime(2026, 11, 24, 16, 5, tzinfo=dt.UTC)),
        ("jobs.purge", dt.datetime(2026, 11, 24, 19, 30, tzinfo=dt.UTC)),
    ],
)
def test_the_calendar_is_that_of_shanghai(name: str, expected: dt.datetime) -> None:
    assert BY_NAME[name].next_after(NOON) == expected


def test_challenges_are_closed_within_a_minute() -> None:
    assert BY_NAME["challenges.close_due"].next_after(NOON) - NOON <= dt.timedelta(minutes=1)


def test_a_digest_that_runs_late_is_still_of_the_period_in_which_it_was_due() -> None:
    assert BY_NAME["digests.daily"].payload(NOON) == {"frequency": "daily", "period": "2026-11-24"}
    assert BY_NAME["digests.weekly"].payload(NOON) == {"frequency": "weekly", "period": "2026-W48"}


@pytest.mark.parametrize("entry", RECURRING, ids=lambda entry: entry.name)
def test_every_recurring_job_has_a_handler(entry) -> None:
    assert entry.kind in HANDLERS


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_has_a_handler(kind: EventKind) -> None:
    assert kind in HANDLERS


def test_every_kind_of_job_has_a_name_for_the_desk() -> None:
    assert set(KINDS) == {str(kind) for kind in HANDLERS}
