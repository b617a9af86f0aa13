"""The province approves or rejects, once more if the owner asks, and decides when the list shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.appraisals import latest_appraisal, reconsideration
from app.challenges.path import can_take, standing_of
from app.challenges.service.appraise import open_appraisal
from app.challenges.service.locked import lock_challenge
from app.challenges.service.recommend import refuse_step
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.demands.service.review import check_opinion, check_read_version
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor
    from app.demands.commands import ReviewPosting


def approve_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Challenge:
    """Let a challenge be published. Raises NotFound, NotAllowed, RuleViolation (no opinion) or Conflict."""
    return _decide(session, actor, challenge_id, command, ChallengeEvent.APPROVE, "challenge.approved", now)


def reject_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Challenge:
    """Refuse a challenge with reasons. Raises NotFound, NotAllowed, RuleViolation (no reasons) or Conflict."""
    return _decide(session, actor, challenge_id, command, ChallengeEvent.REJECT, "challenge.rejected", now)


def ask_reconsideration(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, reason: str, now: dt.datetime
) -> Challenge:
    """Let the owner of a rejected challenge ask once more, within five working days.

    Raises NotFound, NotAllowed, RuleViolation (no reason, too late) or Conflict (asked before).
    """
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_end(actor, organization_id=challenge.organization_id).enforce()
    check_opinion(reason)
    may = reconsideration(session, challenge_id)
    if may.is_used:
        raise Conflict("It was looked at a second time already.", code="reconsidered")
    if may.until is None or now >= may.until:
        raise RuleViolation("The five working days to ask once more have passed.", code="late", field="opinion")
    take_step(session, actor, challenge, ChallengeEvent.RECONSIDER, now=now, changes={"closed_at": None}, text=reason)
    open_appraisal(session, actor, challenge, now)
    audit.record(
        session, actor, "challenge.reconsider", "challenge", challenge.id, label=challenge.title, opinion=reason
    )
    return challenge


def _decide(
    session: Session,
    actor: Actor,
    challenge_id: uuid.UUID,
    command: ReviewPosting,
    event: ChallengeEvent,
    kind: str,
    now: dt.datetime,
) -> Challenge:
    policy.can_decide(actor).enforce()
    check_opinion(command.opinion)
    challenge = lock_challenge(session, actor, challenge_id)
    refuse_step(can_take(event, standing_of(challenge, latest_appraisal(session, challenge_id), now)))
    check_read_version(challenge, command.version)
    changes = {"review_opinion": command.opinion}
    take_step(session, actor, challenge, event, now=now, changes=changes, text=command.opinion)
    audit.record(
        session,
        actor,
        f"challenge.{event}",
        "challenge",
        challenge.id,
        label=challenge.title,
        opinion=command.opinion,
    )
    publish(session, kind, now=now, key=f"{kind}:{challenge.id}:{now.isoformat()}", need_id=challenge.id)
    return challenge
