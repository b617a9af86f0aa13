"""Working days that the State Council announced after the portal was shipped."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.models import WorkingDayOverride
from app.core.errors import NotFound, RuleViolation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

FIRST_YEAR, LAST_YEAR = 2020, 2099


def set_working_day(
    session: Session, *, actor: Actor, day: dt.date, is_working: bool, note: str, now: dt.datetime
) -> WorkingDayOverride:
    """Say whether offices work on a day. Raises NotAllowed or RuleViolation (no reason, or out of range).

    Dates that were worked out before keep their instant; later ones count with the new day.
    """
    policy.can_edit_calendar(actor).enforce()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RuleViolation("This year is outside of the calendar.", code="year", field="day")
    if not note:
        raise RuleViolation("Name the notice that says so.", code="note_missing", field="note")
    row = session.get(WorkingDayOverride, day) or WorkingDayOverride(day=day)
    row.is_working, row.note, row.created_by, row.created_at = is_working, note, actor.user_id, now
    session.add(row)
    session.flush()
    _record(session, actor, "calendar.set", row)
    return row


def clear_working_day(session: Session, *, actor: Actor, day: dt.date) -> None:
    """Let a day follow the shipped calendar again. Raises NotAllowed or NotFound."""
    policy.can_edit_calendar(actor).enforce()
    row = session.get(WorkingDayOverride, day)
    if row is None:
        raise NotFound("The desk has said nothing about this day.", code="day_not_found")
    _record(session, actor, "calendar.clear", row)
    session.delete(row)
    session.flush()


def _record(session: Session, actor: Actor, action: str, row: WorkingDayOverride) -> None:
    day = row.day.isoformat()
    audit.record(session, actor, action, "calendar", None, label=day, is_working=row.is_working, note=row.note)
