"""What came of a meeting, as each of its companies says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import RuleViolation
from app.events import policy
from app.events.labels import NEXT_STEPS, REASONS, RESULTS
from app.events.models import MeetingOutcome
from app.events.service.locked import lock_meeting

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.commands import RecordOutcome


def record_outcome(
    session: Session, *, actor: Actor, meeting_id: uuid.UUID, command: RecordOutcome, now: dt.datetime
) -> MeetingOutcome:
    """Keep, or replace, what the actor's company says of a meeting. Raises NotFound, NotAllowed or RuleViolation."""
    meeting = lock_meeting(session, actor, meeting_id)
    policy.can_record(
        actor,
        host_id=meeting.host_id,
        guest_id=meeting.guest_id,
        state=meeting.state,
        starts_at=meeting.starts_at,
        now=now,
    ).enforce()
    _check(command)
    own = (MeetingOutcome.meeting_id == meeting.id, MeetingOutcome.organization_id == actor.organization_id)
    outcome = session.scalars(select(MeetingOutcome).where(*own)).one_or_none()
    if outcome is None:
        outcome = MeetingOutcome(meeting_id=meeting.id, organization_id=actor.own_organization_id(), created_at=now)
        session.add(outcome)
    outcome.result, outcome.rating, outcome.next_step = command.result, command.rating, command.next_step
    outcome.reasons, outcome.note = list(command.reasons), command.note
    outcome.written_by, outcome.updated_at = actor.user_id, now
    session.flush()
    audit.record(
        session, actor, "meeting.record", "meeting", meeting.id, result=command.result, next_step=command.next_step
    )
    return outcome


def _check(command: RecordOutcome) -> None:
    if command.result not in RESULTS:
        raise RuleViolation("Say what came of the meeting.", code="result_missing", field="result")
    if command.next_step not in NEXT_STEPS or not set(command.reasons) <= REASONS.keys():
        raise RuleViolation("Choose from the list.", code="unknown_choice", field="next_step")
    if command.result in ("no_fit", "not_held") and not command.reasons:
        raise RuleViolation("Choose at least one reason.", code="reason_missing", field="reasons")
    if command.result != "not_held" and command.rating is None:
        raise RuleViolation("Rate the meeting.", code="rating_missing", field="rating")
