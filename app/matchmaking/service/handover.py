"""Somebody leaves a company: the owner takes over the introductions they were the contact of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, or_, select

from app.accounts.models import Membership
from app.audit import service as audit
from app.core.actor import SYSTEM, MemberRole
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import ENDED

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def hand_over_pairings(session: Session, *, user_id: uuid.UUID, organization_id: uuid.UUID) -> int:
    """Make an owner the contact of every unfinished pairing of the company that ``user_id`` speaks for."""
    heir = session.scalar(
        select(Membership.user_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role == MemberRole.OWNER,
            Membership.user_id != user_id,
        )
        .order_by(Membership.user_id)
        .limit(1)
    )
    pairings = session.scalars(_spoken_for(user_id, organization_id)).all()
    for pairing in pairings:
        if pairing.demand_id == organization_id:
            pairing.demand_contact_id = heir
        else:
            pairing.supply_contact_id = heir
        audit.record(session, SYSTEM, "pairing.hand_over", "pairing", pairing.id, before=str(user_id), after=str(heir))
    return len(pairings)


def _spoken_for(user_id: uuid.UUID, organization_id: uuid.UUID) -> Select[tuple[Pairing]]:
    is_theirs = or_(
        and_(Pairing.demand_id == organization_id, Pairing.demand_contact_id == user_id),
        and_(Pairing.supplier_id == organization_id, Pairing.supply_contact_id == user_id),
    )
    query = select(Pairing).where(is_theirs, Pairing.state.not_in(ENDED)).order_by(Pairing.id)
    return query.with_for_update()
