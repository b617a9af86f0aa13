"""One challenge, and the programmes it may be posted under."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.challenges import policy
from app.challenges.content import filled
from app.challenges.models import Challenge, Programme
from app.challenges.queries.views import ChallengeView, ProgrammeView, challenge_view, programme_view
from app.core.errors import NotFound

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.commands import SaveChallenge
    from app.core.actor import Actor

MISSING = "There is no such challenge, or it is not public."


def challenge_page(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> ChallengeView:
    """Return one challenge as the actor may see it at ``now`` (aware); raise NotFound when that is not at all."""
    return challenge_view(load_challenge(session, actor, challenge_id), actor, now)


def challenge_form(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime
) -> tuple[ChallengeView, SaveChallenge]:
    """Return one of the actor's own challenges and what its form holds; raise NotFound."""
    challenge = load_challenge(session, actor, challenge_id)
    if not actor.belongs_to(challenge.organization_id):
        raise NotFound(MISSING, code="challenge_not_found")
    return challenge_view(challenge, actor, now), filled(challenge)


def open_programmes(session: Session, *, current: uuid.UUID | None = None) -> tuple[ProgrammeView, ...]:
    """Return the programmes that take challenges, and the one already chosen even if it no longer does."""
    query = select(Programme).where(or_(Programme.is_open, Programme.id == current)).order_by(Programme.code)
    return tuple(programme_view(programme) for programme in session.scalars(query))


def load_challenge(session: Session, actor: Actor, challenge_id: uuid.UUID) -> Challenge:
    """Return a challenge with all that belongs to it; raise NotFound when the actor may not know of it."""
    query = (
        select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(
            joinedload(Challenge.organization, innerjoin=True),
            joinedload(Challenge.programme),
            selectinload(Challenge.params),
            selectinload(Challenge.categories),
            selectinload(Challenge.kpis),
        )
    )
    challenge = session.scalars(query).unique().one_or_none()
    if challenge is None or not policy.can_read(
        actor,
        organization_id=challenge.organization_id,
        state=challenge.state,
        city_code=challenge.organization.city_code,
        was_published=challenge.code is not None,
    ):
        raise NotFound(MISSING, code="challenge_not_found")
    return challenge
