"""Taking an arrow: the new state, the record of who did it, and what other slices do with it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from app.challenges.hooks import run_hooks
from app.challenges.impartial import NO_DECISIONS, can_judge
from app.challenges.models import ChallengeStep
from app.challenges.workflow import CHALLENGE_WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.challenges.workflow import ChallengeEvent
    from app.core.actor import Actor
    from app.demands.workflow import PostingState


def take_step(
    session: Session,
    actor: Actor,
    challenge: Challenge,
    event: ChallengeEvent,
    *,
    now: dt.datetime,
    changes: Mapping[str, Any] | None = None,
    **reasons: Any,
) -> None:
    """Move a locked challenge along an arrow, change columns with it and record it.

    Raises Conflict, or NotAllowed for an officer who is tied to a company of the competition.
    """
    before = challenge.state
    state = CHALLENGE_WORKFLOW.step(before, event)
    if event not in NO_DECISIONS:
        can_judge(session, actor, challenge.id, now).enforce()
    challenge.state = state
    for name, value in (changes or {}).items():
        setattr(challenge, name, value)
    record_step(session, actor, challenge, event, before, now=now, **reasons)
    session.flush()
    run_hooks(event, session, challenge, now)


def record_step(
    session: Session,
    actor: Actor,
    challenge: Challenge,
    event: ChallengeEvent,
    before: PostingState,
    *,
    now: dt.datetime,
    reason_code: str = "",
    text: str = "",
    checklist: Iterable[str] = (),
) -> None:
    """Put an arrow that was taken from ``before`` on record; the challenge stands where it leads."""
    session.add(
        ChallengeStep(
            challenge_id=challenge.id,
            event=event,
            from_state=before,
            to_state=challenge.state,
            actor_id=actor.user_id,
            capacity=_capacity(actor),
            at=now,
            edition=challenge.edition,
            reason_code=reason_code,
            text=text,
            checklist=list(checklist),
        )
    )


def _capacity(actor: Actor) -> str:
    if actor.is_system:
        return "system"
    return min(actor.roles) if actor.roles else "challenge_owner"
