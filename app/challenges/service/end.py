"""Ends before an award: taken back by its owner, cancelled by the province, or without an award."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.clock import database_now
from app.challenges.labels import CANCELLATION_REASONS
from app.challenges.models import ChallengeStep
from app.challenges.service.locked import lock_challenge
from app.challenges.service.steps import take_step
from app.challenges.service.suspend import MIN_REASON, check_reason, check_running, tell
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.demands.workflow import PostingState
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.challenges.commands import GiveReason
    from app.challenges.models import Challenge
    from app.core.actor import Actor

RUNNING = (PostingState.PUBLISHED, PostingState.SUSPENDED)


def cancel_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Challenge:
    """Take a challenge back for good. Raises NotFound, NotAllowed or Conflict (under review, or published)."""
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_end(actor, organization_id=challenge.organization_id).enforce()
    if challenge.code is not None:
        raise Conflict("A published challenge is cancelled by the authority, at the owner's request.", code="public")
    take_step(session, actor, challenge, ChallengeEvent.CANCEL, now=now, changes={"closed_at": now})
    audit.record(session, actor, "challenge.cancel", "challenge", challenge.id, label=challenge.title)
    return challenge


def request_cancellation(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: GiveReason, now: dt.datetime
) -> Challenge:
    """Let the owner of a running competition ask the province to cancel it.

    Raises NotFound, NotAllowed, RuleViolation (no reason) or Conflict (not running, or asked already).
    """
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_end(actor, organization_id=challenge.organization_id).enforce()
    check_reason(command, CANCELLATION_REASONS)
    _check_cancellable(session, challenge)
    if challenge.cancel_requested_at is not None:
        raise Conflict("You have asked already; the authority answers.", code="asked")
    challenge.cancel_requested_at = now
    challenge.cancel_request = {"reason_code": command.reason_code, "text": command.text}
    session.flush()
    _record(session, actor, challenge, "challenge.request_cancellation", command)
    return challenge


def cancel_published(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: GiveReason, now: dt.datetime
) -> Challenge:
    """Cancel a running competition that its owner asked to cancel; sealed bids are never opened.

    Raises NotFound, NotAllowed, RuleViolation (no public reason) or Conflict (not asked for, or not running).
    """
    challenge = _lock_requested(session, actor, challenge_id)
    check_reason(command, CANCELLATION_REASONS)
    _check_cancellable(session, challenge)
    changes = {"closed_at": now, "suspended_at": None}
    reason = {"reason_code": command.reason_code, "text": command.text}
    take_step(session, actor, challenge, ChallengeEvent.CANCEL, now=now, changes=changes, **reason)
    _record(session, actor, challenge, "challenge.cancel_published", command)
    tell(session, challenge, "challenge.cancelled", now)
    return challenge


def refuse_cancellation(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: GiveReason, now: dt.datetime
) -> Challenge:
    """Let a competition go on though its owner asked to cancel it. Raises as ``cancel_published``.

    ``now`` dates the notice.
    """
    challenge = _lock_requested(session, actor, challenge_id)
    check_reason(command, None)
    challenge.cancel_requested_at, challenge.cancel_request = None, {}
    challenge.review_opinion = command.text
    session.flush()
    _record(session, actor, challenge, "challenge.refuse_cancellation", command)
    tell(session, challenge, "challenge.cancellation_refused", now)
    return challenge


def declare_no_award(
    session: Session,
    *,
    actor: Actor,
    challenge_id: uuid.UUID,
    reasons: Sequence[str],
    text: str,
    now: dt.datetime,
) -> Challenge:
    """End a closed competition without an award, for reasons everybody reads.

    Raises NotFound, NotAllowed, RuleViolation (no reason) or Conflict (still running, or ended, or a result was
    confirmed, which one person alone does not undo).
    """
    policy.can_decide(actor).enforce()
    check_no_award(reasons, text)
    challenge = lock_challenge(session, actor, challenge_id)
    if challenge.state is PostingState.AWARDED:
        raise Conflict("It was awarded; an award is ended by itself.", code="awarded")
    if challenge.state is PostingState.PUBLICITY or had_result(session, challenge_id):
        raise Conflict(
            "A result was confirmed. It takes two people to end it: propose it on the page of the award.",
            code="two_people",
        )
    end_without_award(session, actor, challenge, reasons, text, now)
    return challenge


def check_no_award(reasons: Sequence[str], text: str) -> None:
    """Raise RuleViolation unless it is said, by code and in words, why there is no award."""
    if not reasons or any(code not in lists.no_award_reasons for code in reasons):
        raise RuleViolation("Choose at least one reason.", code="reason_code", field="reasons")
    if not MIN_REASON <= len(text) <= 1000:
        raise RuleViolation("Give the reason in 10 to 1000 characters; everybody reads it.", code="text", field="text")


def had_result(session: Session, challenge_id: uuid.UUID) -> bool:
    """Return whether two people have ever put a result of this challenge in public notice."""
    query = sa.select(ChallengeStep.id).where(
        ChallengeStep.challenge_id == challenge_id, ChallengeStep.event == ChallengeEvent.PROPOSE
    )
    return session.scalars(query.limit(1)).first() is not None


def end_without_award(
    session: Session, actor: Actor, challenge: Challenge, reasons: Sequence[str], text: str, now: dt.datetime
) -> None:
    """Let a locked challenge end without an award and everybody be told. Raises Conflict."""
    outcome = {"reasons": list(dict.fromkeys(reasons)), "text": text}
    changes = {"outcome": outcome, "closed_at": challenge.closed_at or now}
    event = ChallengeEvent.NO_AWARD
    take_step(session, actor, challenge, event, now=now, changes=changes, reason_code=reasons[0], text=text)
    audit.record(session, actor, "challenge.no_award", "challenge", challenge.id, label=challenge.title, **outcome)
    tell(session, challenge, "challenge.no_award", now)


def _check_cancellable(session: Session, challenge: Challenge) -> None:
    CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.CANCEL)
    if challenge.state not in RUNNING:
        raise Conflict("Only a running competition is cancelled this way.", code="not_running")
    if challenge.state is PostingState.PUBLISHED:
        check_running(challenge, database_now(session))


def _lock_requested(session: Session, actor: Actor, challenge_id: uuid.UUID) -> Challenge:
    policy.can_decide(actor).enforce()
    challenge = lock_challenge(session, actor, challenge_id)
    if challenge.cancel_requested_at is None:
        raise Conflict("The owner has not asked to cancel it.", code="not_asked")
    return challenge


def _record(session: Session, actor: Actor, challenge: Challenge, action: str, command: GiveReason) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        reason_code=command.reason_code,
        text=command.text,
    )
