"""What the calendar does: events end, and companies are asked what came of their meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.audit import service as audit
from app.core.actor import SYSTEM
from app.events.models import Event, Meeting, Slot
from app.events.service.announce import tell
from app.events.workflow import EVENT_WORKFLOW, EventEvent, EventState, MeetingState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NEXT_DAY, NEXT_MONTH = dt.timedelta(days=1), dt.timedelta(days=30)
TOO_LATE = dt.timedelta(days=30)
"""A question that could not be asked in time, because no worker ran, is not asked any more."""


def finish_events(session: Session, *, now: dt.datetime, limit: int = 100) -> int:
    """Let events whose last slot is over be held; return how many."""
    last = select(func.max(Slot.ends_at)).where(Slot.event_id == Event.id).scalar_subquery()
    query = select(Event).where(Event.state == EventState.SCHEDULED, last <= now).limit(limit)
    events = session.scalars(query.with_for_update(skip_locked=True)).all()
    for event in events:
        event.state = EVENT_WORKFLOW.step(event.state, EventEvent.HOLD)
        audit.record(session, SYSTEM, "event.hold", "event", event.id, label=event.title_zh)
    return len(events)


def ask_follow_ups(session: Session, *, now: dt.datetime, limit: int = 500) -> int:
    """Ask the companies of past meetings what came of them, after a day and after thirty; return how many meetings."""
    n_asked = 0
    for column, kind, after in (
        (Meeting.asked_next_day_at, "meeting.next_day", NEXT_DAY),
        (Meeting.asked_next_month_at, "meeting.next_month", NEXT_MONTH),
    ):
        for meeting in session.scalars(_due(column, now - after, limit)).all():
            setattr(meeting, column.key, now)
            tell(session, kind, meeting, now)
            n_asked += 1
    return n_asked


def _due(column: Any, ended_before: dt.datetime, limit: int) -> Any:
    query = select(Meeting).where(
        Meeting.state == MeetingState.SET,
        Meeting.announced.is_not(None),
        Meeting.ends_at <= ended_before,
        Meeting.ends_at > ended_before - TOO_LATE,
        column.is_(None),
    )
    fresh = query.order_by(Meeting.ends_at, Meeting.id).limit(limit).with_for_update(skip_locked=True)
    return fresh.execution_options(populate_existing=True)
