"""Companies register, say whom they want to meet, and step back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select

from app.audit import service as audit
from app.core.errors import NotFound, RuleViolation
from app.events import policy
from app.events.models import EventWish, Meeting, Participant
from app.events.rules import MAX_MUSTS, NO_EVENT
from app.events.service.announce import call_off
from app.events.service.locked import event_meetings, lock_event, participant_of
from app.events.workflow import MEETING_WORKFLOW, MeetingEvent, MeetingState, Role, Wish

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.commands import Register, SaveWishes
    from app.events.models import Event


def register(
    session: Session, *, actor: Actor, event_id: uuid.UUID, command: Register, now: dt.datetime
) -> Participant:
    """Register the actor's company, or change how it takes part. Raises NotFound, NotAllowed or RuleViolation.

    A company that changes its role loses its requests: they were about the other side.
    """
    event = _enter(session, actor, event_id, now)
    _check(event, command)
    participant = participant_of(session, event.id, actor.organization_id)
    is_new = participant is None or participant.withdrawn_at is not None
    if participant is None:
        participant = Participant(event_id=event.id, organization_id=actor.own_organization_id(), created_at=now)
        session.add(participant)
    elif participant.role is not command.role:
        _forget_wishes(session, event.id, participant.organization_id)
    participant.role, participant.most_meetings = command.role, command.most_meetings
    participant.busy_slots, participant.offer = sorted(command.busy_slots), command.offer
    participant.registered_by, participant.withdrawn_at, participant.updated_at = actor.user_id, None, now
    event.inputs += 1
    session.flush()
    action = "event.register" if is_new else "event.change_registration"
    audit.record(session, actor, action, "event", event.id, label=event.title_zh, role=command.role)
    return participant


def _enter(session: Session, actor: Actor, event_id: uuid.UUID, now: dt.datetime) -> Event:
    event = lock_event(session, event_id)
    if not policy.can_read(actor, state=event.state, was_public=False):
        raise NotFound(NO_EVENT, code="event_not_found")
    window = {"registers_from": event.registers_from, "registers_until": event.registers_until}
    policy.can_register(actor, state=event.state, now=now, **window).enforce()
    return event


def _check(event: Event, command: Register) -> None:
    numbers = {slot.number for slot in event.slots}
    if not command.busy_slots <= numbers:
        raise RuleViolation("The slots have changed. Load the page again.", code="slot_unknown", field="busy_slots")
    if command.busy_slots == numbers:
        raise RuleViolation("Leave at least one slot free.", code="no_free_slot", field="busy_slots")
    if not 1 <= command.most_meetings <= len(numbers):
        raise RuleViolation(
            "State a number between one and the number of slots.", code="limit_range", field="most_meetings"
        )


def save_wishes(session: Session, *, actor: Actor, event_id: uuid.UUID, command: SaveWishes, now: dt.datetime) -> int:
    """Keep what the actor's company says of others; return how many requests it has now.

    Raises NotFound, NotAllowed or RuleViolation (not registered, somebody of the same side, too many musts).
    """
    event = _enter(session, actor, event_id, now)
    own = participant_of(session, event.id, actor.organization_id)
    if own is None or own.withdrawn_at is not None:
        raise RuleViolation("Register for the event first.", code="not_registered")
    _check_others(session, event.id, own, set(command.wishes))
    mine = (EventWish.event_id == event.id, EventWish.from_id == own.organization_id)
    session.execute(delete(EventWish).where(*mine, EventWish.to_id.in_(list(command.wishes))))
    session.add_all(
        EventWish(event_id=event.id, from_id=own.organization_id, to_id=to_id, wish=wish)
        for to_id, wish in command.wishes.items()
        if wish is not None
    )
    session.flush()
    rows = session.execute(select(EventWish.wish, func.count()).where(*mine).group_by(EventWish.wish))
    counts = dict(rows.tuples().all())
    if counts.get(Wish.MUST, 0) > MAX_MUSTS:
        raise RuleViolation("Choose at most five companies that you must meet.", code="too_many_musts")
    event.inputs += 1
    audit.record(session, actor, "event.request", "event", event.id, label=event.title_zh, n=len(command.wishes))
    return counts.get(Wish.MUST, 0) + counts.get(Wish.LIKE, 0)


def _check_others(session: Session, event_id: uuid.UUID, own: Participant, asked: set[uuid.UUID]) -> None:
    other = Role.VISITOR if own.role is Role.EXHIBITOR else Role.EXHIBITOR
    present = select(func.count()).where(
        Participant.event_id == event_id,
        Participant.organization_id.in_(asked),
        Participant.role == other,
        Participant.withdrawn_at.is_(None),
    )
    if session.scalar(present) != len(asked):
        raise RuleViolation(
            "One of these companies is no longer registered on the other side. Load the page again.",
            code="participant_gone",
        )


def withdraw(session: Session, *, actor: Actor, event_id: uuid.UUID, now: dt.datetime) -> Participant:
    """Take the actor's company out of an event; its meetings are cancelled and the others told.

    Raises NotFound or NotAllowed.
    """
    event = lock_event(session, event_id)
    own = participant_of(session, event.id, actor.organization_id)
    if own is None or own.withdrawn_at is not None:
        raise NotFound("Your company is not registered for this event.", code="not_registered")
    policy.can_withdraw(actor, state=event.state).enforce()
    own.withdrawn_at = now
    _forget_wishes(session, event.id, own.organization_id)
    for meeting in event_meetings(session, event.id):
        if meeting.state is MeetingState.SET and own.organization_id in (meeting.host_id, meeting.guest_id):
            _end(session, meeting, now)
    event.inputs += 1
    audit.record(session, actor, "event.withdraw", "event", event.id, label=event.title_zh)
    return own


def _end(session: Session, meeting: Meeting, now: dt.datetime) -> None:
    meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.CANCEL)
    meeting.is_pinned, meeting.ended_at = False, now
    meeting.reason = "withdrawn"
    meeting.seats.clear()
    call_off(session, meeting, now)


def _forget_wishes(session: Session, event_id: uuid.UUID, organization_id: uuid.UUID) -> None:
    """Delete what a company has said of others and others of it."""
    about = or_(EventWish.from_id == organization_id, EventWish.to_id == organization_id)
    session.execute(delete(EventWish).where(EventWish.event_id == event_id, about))
