"""Needs loaded to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from app.core.errors import NotFound
from app.core.locking import lock_one
from app.demands import policy
from app.demands.models import Need

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such need."


def lock_need(session: Session, actor: Actor, need_id: uuid.UUID) -> Need:
    """Load a need that the actor may know of FOR UPDATE; raise NotFound."""
    query = (
        select(Need)
        .join(Need.organization)
        .where(Need.id == need_id, Need.kind == "need")
        .options(contains_eager(Need.organization), selectinload(Need.params), selectinload(Need.categories))
    )
    need = lock_one(session, query, of=[Need], missing=MISSING, code="need_not_found")
    if not policy.can_read(actor, organization_id=need.organization_id, state=need.state):
        raise NotFound(MISSING, code="need_not_found")
    return need
