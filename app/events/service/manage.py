"""Officers make events, announce them and call them off."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import Conflict, RuleViolation
from app.events import policy, rules
from app.events.models import Event, Participant, Slot
from app.events.service.announce import call_off
from app.events.service.locked import event_meetings, lock_event
from app.events.workflow import EVENT_WORKFLOW, MEETING_WORKFLOW, EventEvent, MeetingEvent, MeetingState
from app.outbox.service import publish

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.commands import SaveEvent

PLAIN = (
    "title_zh", "title_en", "description_zh", "description_en", "place", "video_url", "first_day", "last_day",
    "starts", "ends", "slot_minutes", "pause_minutes", "lunch_from", "lunch_until", "most_in_row",
    "registers_from", "registers_until",
)  # fmt: skip
"""Fields that command and row call by the same name, with the same values."""


def create_event(session: Session, *, actor: Actor, command: SaveEvent, now: dt.datetime) -> Event:
    """Begin a draft. Raises NotAllowed or RuleViolation (the first contradiction)."""
    policy.can_manage(actor).enforce()
    _check(command)
    event = Event(created_by=actor.user_id, created_at=now, slots=[])
    _fill(event, command)
    session.add(event)
    session.flush()
    audit.record(session, actor, "event.create", "event", event.id, label=event.title_zh)
    return event


def change_event(session: Session, *, actor: Actor, event_id: uuid.UUID, command: SaveEvent, now: dt.datetime) -> Event:
    """Change a draft. Raises NotFound, NotAllowed, Conflict (changed meanwhile) or RuleViolation."""
    event = lock_event(session, event_id)
    policy.can_change(actor, state=event.state).enforce()
    if command.version is not None and command.version != event.version:
        raise Conflict("Somebody has changed this event meanwhile. Compare, then save again.", code="stale")
    _check(command)
    event.slots.clear()
    session.flush()
    _fill(event, command)
    event.updated_at = now
    session.flush()
    audit.record(session, actor, "event.change", "event", event.id, label=event.title_zh)
    return event


def open_event(session: Session, *, actor: Actor, event_id: uuid.UUID, now: dt.datetime) -> Event:
    """Announce a draft to everybody. Raises NotFound, NotAllowed, Conflict, or RuleViolation (registration is over)."""
    event = lock_event(session, event_id)
    policy.can_manage(actor).enforce()
    if event.registers_until <= now:
        raise RuleViolation("Registration would have ended already. Change its dates first.", code="window_over")
    event.state, event.opened_at = EVENT_WORKFLOW.step(event.state, EventEvent.OPEN), now
    audit.record(session, actor, "event.open", "event", event.id, label=event.title_zh)
    return event


def cancel_event(session: Session, *, actor: Actor, event_id: uuid.UUID, reason: str, now: dt.datetime) -> Event:
    """Call an event off and tell every participant. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    event = lock_event(session, event_id)
    policy.can_manage(actor).enforce()
    if not reason:
        raise RuleViolation("State the reason; participants read it.", code="reason_missing", field="reason")
    event.state = EVENT_WORKFLOW.step(event.state, EventEvent.CANCEL)
    event.cancel_reason = reason[:500]
    for meeting in event_meetings(session, event.id):
        if meeting.state is MeetingState.SET:
            meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.CANCEL)
            meeting.reason, meeting.ended_at = event.cancel_reason, now
            meeting.seats.clear()
            call_off(session, meeting, now)
    present = select(Participant.id).where(Participant.event_id == event.id, Participant.withdrawn_at.is_(None))
    if session.scalar(present.limit(1)) is not None:
        publish(session, "event.cancelled", now=now, key=f"event.cancelled:{event.id}", event_id=event.id)
    audit.record(session, actor, "event.cancel", "event", event.id, label=event.title_zh, reason=reason)
    return event


def _check(command: SaveEvent) -> None:
    for fault in rules.faults(command):
        raise RuleViolation(fault.message, code="event_faulty", field=fault.field)


def _fill(event: Event, command: SaveEvent) -> None:
    for name in PLAIN:
        setattr(event, name, getattr(command, name))
    event.rooms = [asdict(room) for room in command.rooms]
    event.slots.extend(
        Slot(number=one.number, block=one.block, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in rules.slots(command)
    )
