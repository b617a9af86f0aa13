"""Every publication and every change of what was published makes an edition that nobody can change."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.challenges.editions import differences, hash_of, snapshot
from app.challenges.models import ChallengeEdition

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor


def add_edition(
    session: Session, *, actor: Actor, challenge: Challenge, reason: str, now: dt.datetime
) -> ChallengeEdition:
    """Keep a locked challenge as it stands as the edition of its number, with its difference to the one before.

    Number and everything else must have been set; parameters, categories, indicators and programme be loaded.
    """
    kept = snapshot(challenge)
    before = latest_edition(session, challenge.id)
    diff = differences(before.snapshot["document"]["public"], kept["document"]["public"]) if before else []
    edition = ChallengeEdition(
        challenge_id=challenge.id,
        number=challenge.edition,
        snapshot=kept,
        hash=hash_of(kept["document"]),
        reason=reason,
        diff=diff,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(edition)
    session.flush()
    return edition


def latest_edition(session: Session, challenge_id: uuid.UUID) -> ChallengeEdition | None:
    """Return the edition in force, None before the publication."""
    query = (
        sa.select(ChallengeEdition)
        .where(ChallengeEdition.challenge_id == challenge_id)
        .order_by(ChallengeEdition.number.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
