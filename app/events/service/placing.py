"""Hand edits of a schedule: they stay free of conflicts, and a later computation leaves them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.audit import service as audit
from app.core.errors import NotFound, RuleViolation
from app.events import policy
from app.events.board import load_board
from app.events.models import Meeting
from app.events.placing import refusal
from app.events.rules import NO_MEETING
from app.events.service.announce import call_off
from app.events.service.locked import lock_event
from app.events.service.schedule import new_meeting, put
from app.events.workflow import MEETING_WORKFLOW, MeetingEvent, MeetingState

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.commands import PlaceMeeting
    from app.events.models import Event


def place_meeting(
    session: Session, *, actor: Actor, event_id: uuid.UUID, command: PlaceMeeting, now: dt.datetime
) -> Meeting:
    """Put the meeting of two participants into a slot and at a table, and fix it there.

    Raises NotFound, NotAllowed or RuleViolation with the reason why it may not stand there.
    """
    event = _open(session, actor, event_id)
    if reason := refusal(load_board(session, event, event.slots), command):
        raise RuleViolation(reason, code="no_place", field="slot")
    meeting = _meeting_of(session, event, command)
    if meeting is None:
        meeting = new_meeting(session, actor, event, command.host_id, command.guest_id, now)
    meeting.seats.clear()
    session.flush()
    put(session, event, meeting, slot=event.slots[command.slot], table=command.table, now=now)
    meeting.is_pinned = True
    event.inputs += 1
    session.flush()
    where = {"slot": command.slot, "table": command.table}
    audit.record(session, actor, "event.place_meeting", "event", event.id, label=event.title_zh, **where)
    return meeting


def drop_meeting(
    session: Session, *, actor: Actor, event_id: uuid.UUID, meeting_id: uuid.UUID, now: dt.datetime
) -> Meeting:
    """Take a meeting out of the schedule. Raises NotFound, NotAllowed or Conflict."""
    event = _open(session, actor, event_id)
    meeting = _by_id(session, event, meeting_id)
    meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.CANCEL)
    meeting.is_pinned, meeting.reason, meeting.ended_at = False, "dropped", now
    meeting.seats.clear()
    call_off(session, meeting, now)
    event.inputs += 1
    session.flush()
    audit.record(session, actor, "event.drop_meeting", "event", event.id, label=event.title_zh)
    return meeting


def pin_meeting(
    session: Session, *, actor: Actor, event_id: uuid.UUID, meeting_id: uuid.UUID, is_pinned: bool, now: dt.datetime
) -> Meeting:
    """Fix a meeting where it stands, or let the next computation move it. Raises NotFound or NotAllowed."""
    event = _open(session, actor, event_id)
    meeting = _by_id(session, event, meeting_id)
    if meeting.state is not MeetingState.SET:
        raise NotFound(NO_MEETING, code="meeting_not_found")
    meeting.is_pinned, meeting.updated_at = is_pinned, now
    event.inputs += 1
    session.flush()
    action = "event.pin_meeting" if is_pinned else "event.free_meeting"
    audit.record(session, actor, action, "event", event.id, label=event.title_zh, meeting_id=str(meeting.id))
    return meeting


def _open(session: Session, actor: Actor, event_id: uuid.UUID) -> Event:
    event = lock_event(session, event_id)
    policy.can_compute(actor, state=event.state).enforce()
    return event


def _meeting_of(session: Session, event: Event, command: PlaceMeeting) -> Meeting | None:
    query = _meetings(event).where(Meeting.host_id == command.host_id, Meeting.guest_id == command.guest_id)
    return session.scalars(query).one_or_none()


def _by_id(session: Session, event: Event, meeting_id: uuid.UUID) -> Meeting:
    meeting = session.scalars(_meetings(event).where(Meeting.id == meeting_id)).one_or_none()
    if meeting is None:
        raise NotFound(NO_MEETING, code="meeting_not_found")
    return meeting


def _meetings(event: Event) -> Select[tuple[Meeting]]:
    query = select(Meeting).where(Meeting.event_id == event.id).options(selectinload(Meeting.seats))
    return query.execution_options(populate_existing=True)
