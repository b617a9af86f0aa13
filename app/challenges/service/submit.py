"""A company hands its challenge in for review."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.content import filled
from app.challenges.editions import hash_of, snapshot
from app.challenges.rules import late_faults, programme_faults
from app.challenges.service.edit import check, refuse
from app.challenges.service.locked import lock_challenge
from app.challenges.service.steps import take_step
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import RuleViolation
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor

MIN_NOTE = 20


def submit_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Challenge:
    """Hand a draft in. Raises NotFound, NotAllowed, Conflict or RuleViolation (something is missing)."""
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_submit(actor, organization_id=challenge.organization_id).enforce()
    CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.SUBMIT)
    command = filled(challenge)
    check(command, complete=True)
    refuse(late_faults(command, now))
    check_programme(challenge, now)
    check_reexamined(challenge)
    kept = {"submitted_at": now}
    take_step(session, actor, challenge, ChallengeEvent.SUBMIT, now=now, changes=kept, checklist=[digest(challenge)])
    audit.record(session, actor, "challenge.submit", "challenge", challenge.id, label=challenge.title)
    publish(session, "challenge.submitted", now=now, key=_occasion(challenge), need_id=str(challenge.id))
    return challenge


def _occasion(challenge: Challenge) -> str:
    """Return the key under which this handing in is told, and no other of the same challenge."""
    return f"challenge.submitted:{challenge.id}:{challenge.n_returns}"


def check_reexamined(challenge: Challenge) -> None:
    """Raise RuleViolation when a challenge is posted again without saying what was looked at once more."""
    if challenge.parent_id is not None and len(challenge.relisting_note) < MIN_NOTE:
        message = "Say what became of indicators, price and term, in at least 20 characters."
        raise RuleViolation(message, code="not_reexamined", field="relisting_note")


def digest(challenge: Challenge) -> str:
    """Return the hash of a challenge as it was handed in, for the record of that step."""
    kept = snapshot(challenge)
    return hash_of({part: kept[part] for part in ("verified", "confidential")} | kept["document"]["public"])


def check_programme(challenge: Challenge, now: dt.datetime) -> None:
    """Raise RuleViolation when the challenge breaks a rule of its programme, were it published at ``now``."""
    programme = challenge.programme
    if programme is None or challenge.bid_deadline_at is None:
        raise RuleViolation("Choose the programme.", code="programme_missing", field="programme_id")
    refuse(programme_faults(filled(challenge), programme, now))
