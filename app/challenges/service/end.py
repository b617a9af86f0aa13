"""A company takes back a challenge that was never published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.service.locked import lock_challenge
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import Conflict

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor


def cancel_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Challenge:
    """Take a challenge back for good. Raises NotFound, NotAllowed or Conflict (under review, or published)."""
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_end(actor, organization_id=challenge.organization_id).enforce()
    if policy.is_public(challenge.state):
        raise Conflict("A published challenge is cancelled by the authority, at the owner's request.", code="public")
    challenge.state = CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.CANCEL)
    challenge.closed_at = now
    session.flush()
    audit.record(session, actor, "challenge.cancel", "challenge", challenge.id, label=challenge.title)
    return challenge
