"""A company hands its challenge in for review."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.content import filled
from app.challenges.rules import late_faults, programme_faults
from app.challenges.service.edit import check, refuse
from app.challenges.service.locked import lock_challenge
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import RuleViolation

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor


def submit_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Challenge:
    """Hand a draft in. Raises NotFound, NotAllowed, Conflict or RuleViolation (something is missing)."""
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_submit(actor, organization_id=challenge.organization_id).enforce()
    state = CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.SUBMIT)
    command = filled(challenge)
    check(command, complete=True)
    refuse(late_faults(command, now))
    check_programme(challenge, now)
    challenge.state, challenge.submitted_at = state, now
    session.flush()
    audit.record(session, actor, "challenge.submit", "challenge", challenge.id, label=challenge.title)
    return challenge


def check_programme(challenge: Challenge, now: dt.datetime) -> None:
    """Raise RuleViolation when the challenge breaks a rule of its programme, were it published at ``now``."""
    programme = challenge.programme
    if programme is None or challenge.bid_deadline_at is None:
        raise RuleViolation("Choose the programme.", code="programme_missing", field="programme_id")
    refuse(programme_faults(filled(challenge), programme, now))
