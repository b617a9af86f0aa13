"""Challenges loaded to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.challenges import policy
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.core.locking import lock_one
from app.demands.models import Need

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such challenge."


def lock_challenge(session: Session, actor: Actor, challenge_id: uuid.UUID) -> Challenge:
    """Load a challenge that the actor may know of FOR UPDATE; raise NotFound."""
    challenge = lock_any(session, challenge_id)
    decision = policy.can_read(
        actor,
        organization_id=challenge.organization_id,
        state=challenge.state,
        city_code=challenge.organization.city_code,
        was_published=challenge.code is not None,
    )
    if not decision:
        raise NotFound(MISSING, code="challenge_not_found")
    return challenge


def lock_any(session: Session, challenge_id: uuid.UUID) -> Challenge:
    """Load a challenge FOR UPDATE, whoever asks, with all that belongs to it; raise NotFound."""
    query = (
        select(Challenge)
        .join(Challenge.organization)
        .where(Challenge.id == challenge_id)
        .options(
            contains_eager(Challenge.organization),
            joinedload(Challenge.programme),
            selectinload(Challenge.params),
            selectinload(Challenge.categories),
            selectinload(Challenge.kpis),
        )
    )
    return lock_one(session, query, of=[Need, Challenge], missing=MISSING, code="challenge_not_found")
