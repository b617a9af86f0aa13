"""More time for bids: one person proposes it, another puts it in force before it is too late."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.clock import database_now
from app.challenges.impartial import can_judge
from app.challenges.models import Challenge, DeadlineExtension
from app.challenges.service.editions import add_edition
from app.challenges.service.locked import lock_challenge
from app.challenges.service.review import queue_closing
from app.challenges.service.steps import take_step
from app.challenges.service.suspend import MIN_REASON, check_running, moved, tell
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, NotFound, RuleViolation
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.commands import ProposeExtension
    from app.core.actor import Actor

EXTENSION, OUTAGE = "extension", "outage"
AFTER_OUTAGE = dt.timedelta(hours=24)
"""What the published rule adds to the length of an outage over the deadline."""


def propose_extension(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ProposeExtension, now: dt.datetime
) -> DeadlineExtension:
    """Put more time on record for another person to confirm; before that nothing changes.

    Raises NotFound, NotAllowed, RuleViolation (no reason, not later) or Conflict (too late, proposed already).
    """
    policy.can_decide(actor).enforce()
    if not MIN_REASON <= len(command.reason) <= 1000:
        message = "Give the reason in 10 to 1000 characters; everybody reads it."
        raise RuleViolation(message, code="text", field="reason")
    challenge = lock_challenge(session, actor, challenge_id)
    can_judge(session, actor, challenge.id, now).enforce()
    kind = OUTAGE if command.outage_from or command.outage_until else EXTENSION
    _check_in_time(session, challenge, kind)
    if open_extension(session, challenge_id) is not None:
        raise Conflict("More time has been proposed already; confirm it or drop it.", code="proposed")
    old = challenge.bid_deadline_at or now
    new = _after_outage(command, old, now) if kind == OUTAGE else command.new_deadline_at
    if new is None or new <= old:
        message = "The new deadline lies after the old one; a deadline never moves earlier."
        raise RuleViolation(message, code="not_later", field="new_deadline_at")
    return _propose(session, actor, challenge, kind, old, new, command.reason, now)


def confirm_extension(
    session: Session, *, actor: Actor, extension_id: uuid.UUID, now: dt.datetime
) -> DeadlineExtension:
    """Put proposed time in force as a new edition. Raises NotFound, NotAllowed (own proposal) or Conflict (late)."""
    challenge, extension = _lock_open(session, actor, extension_id)
    policy.can_confirm_extension(actor, proposed_by=extension.proposed_by).enforce()
    can_judge(session, actor, challenge.id, now).enforce()
    instant = _check_in_time(session, challenge, extension.kind)
    if challenge.bid_deadline_at != extension.old_deadline_at or extension.new_deadline_at <= instant:
        raise Conflict("This proposal is out of date. Drop it and propose again.", code="stale")
    extension.confirmed_by, extension.confirmed_at = actor.user_id, now
    by = extension.new_deadline_at - extension.old_deadline_at
    changes: dict[str, Any] = {
        **moved(challenge, by, min(instant, extension.old_deadline_at - dt.timedelta(microseconds=1)))
    }
    changes["edition"] = challenge.edition + 1
    if challenge.state is PostingState.CLOSED:
        changes["closed_at"] = None
        event = ChallengeEvent.EXTEND
        take_step(session, actor, challenge, event, now=now, changes=changes, text=extension.reason)
    for name, value in changes.items():
        setattr(challenge, name, value)
    session.flush()
    add_edition(session, actor=actor, challenge=challenge, reason=extension.reason, now=now)
    _record(session, actor, challenge, extension, "challenge.extend")
    queue_closing(session, challenge, now)
    tell(session, challenge, "challenge.extended", now)
    return extension


def drop_extension(session: Session, *, actor: Actor, extension_id: uuid.UUID, now: dt.datetime) -> DeadlineExtension:
    """Take a proposal off the record's front without having changed anything. Raises NotFound, NotAllowed, Conflict."""
    policy.can_decide(actor).enforce()
    challenge, extension = _lock_open(session, actor, extension_id)
    extension.dropped_at = now
    session.flush()
    _record(session, actor, challenge, extension, "challenge.drop_extension")
    return extension


def open_extension(session: Session, challenge_id: uuid.UUID) -> DeadlineExtension | None:
    """Return the proposal that waits for its second person."""
    query = sa.select(DeadlineExtension).where(
        DeadlineExtension.challenge_id == challenge_id,
        DeadlineExtension.confirmed_at.is_(None),
        DeadlineExtension.dropped_at.is_(None),
    )
    return session.scalars(query).one_or_none()


def _check_in_time(session: Session, challenge: Challenge, kind: str) -> dt.datetime:
    """Return the database's instant; raise Conflict when this kind of extension comes too late."""
    instant = database_now(session)
    if kind == OUTAGE and challenge.state in (PostingState.PUBLISHED, PostingState.CLOSED):
        if challenge.keys_released_at is not None:
            raise Conflict("A key has been released: this deadline moves no more.", code="released")
        return instant
    if challenge.state is not PostingState.PUBLISHED:
        raise Conflict("Only a running competition gets more time.", code="not_running")
    check_running(challenge, instant)
    return instant


def _after_outage(command: ProposeExtension, deadline: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the deadline that the published rule makes of an outage over it: its length and a day more."""
    begin, end = command.outage_from, command.outage_until
    if begin is None or end is None or not begin < end <= now:
        message = "State when the outage began and ended; both have passed."
        raise RuleViolation(message, code="outage", field="outage_until")
    if not begin <= deadline <= end:
        message = "The outage did not cover the deadline."
        raise RuleViolation(message, code="outage", field="outage_from")
    return deadline + (end - begin) + AFTER_OUTAGE


def _propose(
    session: Session,
    actor: Actor,
    challenge: Challenge,
    kind: str,
    old: dt.datetime,
    new: dt.datetime,
    reason: str,
    now: dt.datetime,
) -> DeadlineExtension:
    extension = DeadlineExtension(
        challenge_id=challenge.id,
        kind=kind,
        old_deadline_at=old,
        new_deadline_at=new,
        reason=reason,
        proposed_by=actor.user_id,
        proposed_at=now,
    )
    session.add(extension)
    session.flush()
    _record(session, actor, challenge, extension, "challenge.propose_extension")
    return extension


def _lock_open(session: Session, actor: Actor, extension_id: uuid.UUID) -> tuple[Challenge, DeadlineExtension]:
    missing = NotFound("There is no such proposal.", code="extension_not_found")
    found = session.get(DeadlineExtension, extension_id)
    if found is None:
        raise missing
    challenge = lock_challenge(session, actor, found.challenge_id)
    session.refresh(found)
    if found.confirmed_at is not None or found.dropped_at is not None:
        raise Conflict("This proposal has been decided already.", code="decided")
    return challenge, found


def _record(session: Session, actor: Actor, challenge: Challenge, extension: DeadlineExtension, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        kind=extension.kind,
        old=extension.old_deadline_at.isoformat(),
        new=extension.new_deadline_at.isoformat(),
        reason=extension.reason,
    )
