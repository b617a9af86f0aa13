"""Reminders before a deadline."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.clarifications.service.remind import remind_of_deadlines
from app.outbox.models import Job
from tests.factories.challenges import ChallengeFactory

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def marks(session: Session) -> list[str]:
    """Return the marks of the reminders asked for."""
    keys = session.scalars(sa.select(Job.key).where(Job.kind == "challenge.closing"))
    return sorted(str(key).rpartition(":")[2] for key in keys)


@pytest.mark.parametrize(
    ("days_before", "wanted"), [(8, []), (7, ["7"]), (4, ["7"]), (3, ["3"]), (2, ["3"]), (1, ["1"]), (0, [])]
)
def test_a_reminder_is_asked_for_at_its_mark(session: Session, days_before: int, wanted: list[str]) -> None:
    deadline = ChallengeFactory().bid_deadline_at

    remind_of_deadlines(session, now=deadline - days_before * DAY)

    assert marks(session) == wanted


def test_a_mark_is_asked_for_once(session: Session) -> None:
    deadline = ChallengeFactory().bid_deadline_at

    remind_of_deadlines(session, now=deadline - 3 * DAY)
    remind_of_deadlines(session, now=deadline - 3 * DAY + HOUR)

    assert marks(session) == ["3"]
