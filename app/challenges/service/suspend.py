"""The province stops the clock of a competition and lets it go on with the time that was lost."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.clock import database_now
from app.challenges.labels import SUSPENSION_REASONS
from app.challenges.service.editions import add_edition
from app.challenges.service.locked import lock_challenge
from app.challenges.service.review import queue_closing
from app.challenges.service.steps import take_step
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.commands import GiveReason
    from app.challenges.models import Challenge
    from app.core.actor import Actor

MIN_REASON = 10


def suspend_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: GiveReason, now: dt.datetime
) -> Challenge:
    """Stop the clock of a running competition; the reason is public.

    Raises NotFound, NotAllowed, RuleViolation (no reason) or Conflict (not running, or its deadline has passed).
    """
    policy.can_decide(actor).enforce()
    check_reason(command, SUSPENSION_REASONS)
    challenge = lock_challenge(session, actor, challenge_id)
    instant = database_now(session)
    CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.SUSPEND)
    check_running(challenge, instant)
    reason = {"reason_code": command.reason_code, "text": command.text}
    changes = {"suspended_at": instant}
    take_step(session, actor, challenge, ChallengeEvent.SUSPEND, now=now, changes=changes, **reason)
    audit.record(session, actor, "challenge.suspend", "challenge", challenge.id, label=challenge.title, **reason)
    tell(session, challenge, "challenge.suspended", now)
    return challenge


def resume_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: GiveReason, now: dt.datetime
) -> Challenge:
    """Let a suspended competition go on: its deadlines move by as long as the clock stood still.

    Raises NotFound, NotAllowed, RuleViolation (no reason) or Conflict (not suspended).
    """
    policy.can_decide(actor).enforce()
    check_reason(command, None)
    challenge = lock_challenge(session, actor, challenge_id)
    CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.RESUME)
    instant = database_now(session)
    since = challenge.suspended_at or instant
    frozen = instant - since
    changes = {**moved(challenge, frozen, since), "suspended_at": None, "edition": challenge.edition + 1}
    take_step(session, actor, challenge, ChallengeEvent.RESUME, now=now, changes=changes, text=command.text)
    add_edition(session, actor=actor, challenge=challenge, reason=command.text, now=now)
    audit.record(
        session,
        actor,
        "challenge.resume",
        "challenge",
        challenge.id,
        label=challenge.title,
        frozen_seconds=int(frozen.total_seconds()),
        text=command.text,
    )
    queue_closing(session, challenge, now)
    tell(session, challenge, "challenge.resumed", now)
    return challenge


def moved(challenge: Challenge, by: dt.timedelta, since: dt.datetime) -> dict[str, dt.datetime | None]:
    """Return the deadlines later by ``by``; one that had passed at ``since`` stays, so that nothing begins again."""
    return {
        name: at if at is None or at <= since else at + by
        for name, at in (
            ("bid_deadline_at", challenge.bid_deadline_at),
            ("question_deadline_at", challenge.question_deadline_at),
        )
    }


def check_running(challenge: Challenge, instant: dt.datetime) -> None:
    """Raise Conflict when the deadline of a challenge has passed at ``instant`` (the database's)."""
    if challenge.bid_deadline_at is None or challenge.bid_deadline_at <= instant:
        raise Conflict("The deadline has passed.", code="deadline_passed")


def check_reason(command: GiveReason, codes: object) -> None:
    """Raise RuleViolation unless a code of the list, where there is one, and some words are given."""
    if codes is not None and command.reason_code not in codes:  # type: ignore[operator]  # a mapping or a code list
        raise RuleViolation("Choose the reason.", code="reason_code", field="reason_code")
    if not MIN_REASON <= len(command.text) <= 1000:
        raise RuleViolation("Give the reason in 10 to 1000 characters; everybody reads it.", code="text", field="text")


def tell(session: Session, challenge: Challenge, kind: str, now: dt.datetime) -> None:
    """Let the people concerned be told what happened to a challenge at ``now``."""
    publish(session, kind, now=now, key=f"{kind}:{challenge.id}:{now.isoformat()}", need_id=challenge.id)
