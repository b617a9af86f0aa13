"""Rows of this slice loaded to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, lazyload, selectinload

from app.accounts.models import Membership, Organization, User
from app.core.actor import MemberRole
from app.core.locking import lock_one

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def organization(session: Session, organization_id: uuid.UUID | None) -> Organization:
    """Load an organisation with its categories and labels FOR UPDATE: changes of its people queue up here too."""
    query = (
        select(Organization)
        .where(Organization.id == organization_id)
        .options(selectinload(Organization.categories), selectinload(Organization.labels))
    )
    return lock_one(session, query, of=[Organization], missing="There is no such organisation.")


def member(session: Session, organization_id: uuid.UUID | None, membership_id: uuid.UUID) -> Membership:
    """Load a membership of one organisation with its person FOR UPDATE."""
    query = (
        select(Membership)
        .join(Membership.user)
        .where(Membership.id == membership_id, Membership.organization_id == organization_id)
        .options(
            contains_eager(Membership.user).options(lazyload(User.membership)),
            lazyload(Membership.organization),
        )
    )
    return lock_one(session, query, of=[Membership], missing="There is no such member.")


def n_owners(session: Session, organization_id: uuid.UUID | None) -> int:
    """Return how many owners an organisation has; the organisation must be locked."""
    owners = select(func.count()).where(
        Membership.organization_id == organization_id, Membership.role == MemberRole.OWNER
    )
    return session.scalar(owners) or 0
