"""Following a challenge."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.challenges.models import Challenge
from app.clarifications import policy
from app.clarifications.models import ChallengeFollow
from app.core.errors import NotFound
from app.demands.policy import is_public

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def follow(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> None:
    """Tell the person what changes from now on; following twice changes nothing. Raises NotFound, NotAllowed."""
    policy.can_follow(actor).enforce()
    challenge = session.get(Challenge, challenge_id)
    if challenge is None or not is_public(challenge.state):
        raise NotFound("There is no such challenge, or it is not public.", code="challenge_not_found")
    known = session.get(ChallengeFollow, (challenge_id, actor.user_id))
    if known is None:
        session.add(ChallengeFollow(challenge_id=challenge_id, user_id=actor.user_id, created_at=now))
        session.flush()


def unfollow(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> None:
    """Tell the person nothing more. Raises NotAllowed."""
    policy.can_follow(actor).enforce()
    ours = sa.delete(ChallengeFollow).where(
        ChallengeFollow.challenge_id == challenge_id, ChallengeFollow.user_id == actor.user_id
    )
    session.execute(ours)
