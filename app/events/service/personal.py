"""Two introduced companies agree on a time: propose, accept, decline, propose others, call off."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.events import policy, rules
from app.events.models import Meeting, MeetingOption
from app.events.service.announce import announce, call_off, tell
from app.events.service.locked import lock_meeting
from app.events.workflow import MEETING_WORKFLOW, MeetingEvent, MeetingKind, MeetingState
from app.matchmaking.embargo import embargo_of
from app.matchmaking.models import Pairing
from app.matchmaking.policy import can_read as can_read_pairing
from app.matchmaking.policy import shows_contacts

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.commands import ProposeMeeting


def propose_meeting(
    session: Session, *, actor: Actor, pairing_id: uuid.UUID, command: ProposeMeeting, now: dt.datetime
) -> Meeting:
    """Offer the other company of a pairing some times.

    Raises NotFound, NotAllowed (not introduced, or an embargo), Conflict (a proposal waits already) or RuleViolation.
    """
    pairing = _lock_pairing(session, actor, pairing_id)
    _check_embargo(session, pairing.demand_id, now)
    _check(command, now)
    waiting = select(Meeting.id).where(Meeting.pairing_id == pairing.id, Meeting.state == MeetingState.PROPOSED)
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("A proposal for this pairing already waits for an answer.", code="already_proposed")
    meeting = Meeting(
        id=uuid.uuid4(),
        kind=MeetingKind.PERSONAL,
        pairing_id=pairing.id,
        host_id=pairing.demand_id,
        guest_id=pairing.supplier_id,
        sequence=0,
        announced=0,
        created_by=actor.user_id,
        created_at=now,
        options=[],
        seats=[],
    )
    session.add(meeting)
    _fill(meeting, actor, command)
    session.flush()
    audit.record(session, actor, "meeting.propose", "meeting", meeting.id, label=meeting.topic)
    tell(session, "meeting.proposed", meeting, now, side=actor.organization_id)
    return meeting


def _lock_pairing(session: Session, actor: Actor, pairing_id: uuid.UUID) -> Pairing:
    missing = "There is no such pairing."
    pairing = lock_one(session, select(Pairing).where(Pairing.id == pairing_id), of=[Pairing], missing=missing)
    if not can_read_pairing(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id):
        raise NotFound(missing, code="not_found")
    policy.can_propose(
        actor,
        host_id=pairing.demand_id,
        guest_id=pairing.supplier_id,
        is_introduced=shows_contacts(pairing.state),
    ).enforce()
    return pairing


def accept_meeting(
    session: Session, *, actor: Actor, meeting_id: uuid.UUID, option_id: uuid.UUID, now: dt.datetime
) -> Meeting:
    """Agree to one of the times; both companies get an invitation.

    Raises NotFound, NotAllowed, Conflict (answered already, or the time has passed).
    """
    meeting = _to_answer(session, actor, meeting_id)
    _check_embargo(session, meeting.host_id, now)
    option = next((one for one in meeting.options if one.id == option_id), None)
    if option is None:
        raise Conflict("This time is no longer proposed. Load the page again.", code="option_gone")
    if option.starts_at <= now:
        raise Conflict("This time has passed. Choose another, or propose one.", code="option_past")
    was_agreed = meeting.starts_at is not None
    meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.ACCEPT)
    meeting.starts_at, meeting.ends_at, meeting.proposed_by = option.starts_at, option.ends_at, None
    if was_agreed:
        meeting.sequence += 1
    else:
        meeting.announced = None  # so far they knew of a proposal, not of an appointment
    audit.record(session, actor, "meeting.accept", "meeting", meeting.id, label=meeting.topic)
    announce(session, meeting, now)
    return meeting


def decline_meeting(session: Session, *, actor: Actor, meeting_id: uuid.UUID, reason: str, now: dt.datetime) -> Meeting:
    """Refuse the times; a meeting that had been agreed before is off. Raises NotFound, NotAllowed or Conflict."""
    meeting = _to_answer(session, actor, meeting_id)
    was_agreed = meeting.starts_at is not None
    event = MeetingEvent.CANCEL if was_agreed else MeetingEvent.DECLINE
    meeting.state = MEETING_WORKFLOW.step(meeting.state, event)
    meeting.reason, meeting.ended_at = reason[:500], now
    audit.record(session, actor, "meeting.decline", "meeting", meeting.id, label=meeting.topic)
    if was_agreed:
        call_off(session, meeting, now)
    else:
        tell(session, "meeting.declined", meeting, now, side=actor.organization_id)
    return meeting


def counter_meeting(
    session: Session, *, actor: Actor, meeting_id: uuid.UUID, command: ProposeMeeting, now: dt.datetime
) -> Meeting:
    """Propose other times, in answer to a proposal or for a meeting that was agreed.

    What was agreed stays in the calendars until the other side accepts one of the new times. Raises NotFound,
    NotAllowed, Conflict or RuleViolation.
    """
    meeting = _lock_personal(session, actor, meeting_id)
    _check_embargo(session, meeting.host_id, now)
    _check(command, now)
    if meeting.state is MeetingState.SET and meeting.starts_at is not None and meeting.starts_at <= now:
        raise Conflict("The meeting has begun; propose a new one from the pairing.", code="meeting_begun")
    meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.COUNTER)
    meeting.options.clear()
    session.flush()
    _fill(meeting, actor, command)
    session.flush()
    audit.record(session, actor, "meeting.counter", "meeting", meeting.id, label=meeting.topic)
    tell(session, "meeting.proposed", meeting, now, side=actor.organization_id)
    return meeting


def cancel_meeting(session: Session, *, actor: Actor, meeting_id: uuid.UUID, reason: str, now: dt.datetime) -> Meeting:
    """Call a meeting off, one of an event too, or take a proposal back.

    Raises NotFound, NotAllowed, Conflict (it has begun) or RuleViolation (no reason).
    """
    meeting = lock_meeting(session, actor, meeting_id)
    policy.can_act(actor, host_id=meeting.host_id, guest_id=meeting.guest_id).enforce()
    if not reason:
        raise RuleViolation("State the reason; the other side reads it.", code="reason_missing", field="reason")
    if meeting.starts_at is not None and meeting.starts_at <= now:
        raise Conflict("The meeting has begun. Say under its outcome that it was not held.", code="meeting_begun")
    was_agreed = meeting.starts_at is not None
    meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.CANCEL)
    meeting.reason, meeting.ended_at, meeting.is_pinned = reason[:500], now, False
    meeting.seats.clear()
    audit.record(session, actor, "meeting.cancel", "meeting", meeting.id, label=meeting.topic)
    if was_agreed:
        call_off(session, meeting, now)
    else:
        tell(session, "meeting.declined", meeting, now, side=actor.organization_id)
    return meeting


def _lock_personal(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    meeting = lock_meeting(session, actor, meeting_id)
    policy.can_act(actor, host_id=meeting.host_id, guest_id=meeting.guest_id).enforce()
    if meeting.kind is not MeetingKind.PERSONAL:
        raise Conflict("The organiser sets the times of this event. Cancel, or ask the organiser.", code="of_event")
    return meeting


def _to_answer(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    meeting = _lock_personal(session, actor, meeting_id)
    if meeting.state is not MeetingState.PROPOSED:
        raise Conflict("This proposal has been answered already.", code="already_answered")
    parties = {"host_id": meeting.host_id, "guest_id": meeting.guest_id}
    policy.can_answer(actor, proposed_by=meeting.proposed_by, state=meeting.state, **parties).enforce()
    return meeting


def _check_embargo(session: Session, host_id: uuid.UUID, now: dt.datetime) -> None:
    policy.can_meet(is_embargoed=embargo_of(session, host_id, now=now) is not None).enforce()


def _check(command: ProposeMeeting, now: dt.datetime) -> None:
    for fault in rules.proposal_faults(command, now):
        raise RuleViolation(fault.message, code="proposal_faulty", field=fault.field)


def _fill(meeting: Meeting, actor: Actor, command: ProposeMeeting) -> None:
    length = dt.timedelta(minutes=command.minutes)
    meeting.topic, meeting.message = command.topic, command.message
    meeting.place, meeting.video_url, meeting.time_zone = command.place, command.video_url, command.time_zone
    meeting.proposed_by = actor.own_organization_id()
    meeting.options.extend(MeetingOption(starts_at=start, ends_at=start + length) for start in command.options)
