"""What ties officers to companies: their own, those they acted for lately, and those they have declared."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, union
from sqlalchemy.orm import joinedload

from app.accounts.commands import InterestKind
from app.accounts.models import Membership, OfficerInterest, Organization, Role, User
from app.audit.models import AuditEvent
from app.core.actor import DECIDING
from app.core.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TIED_FOR = dt.timedelta(days=3 * 365)
"""How long a tie counts once it is over."""


@dataclass(frozen=True, slots=True)
class InterestView:
    """One declaration."""

    id: uuid.UUID
    company: str
    kind: InterestKind
    reason: str
    declared_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OldAccount:
    """Somebody of the authority whose account belongs to a company from the time when that was allowed."""

    name: str
    email: str
    company: str
    role: str


@dataclass(frozen=True, slots=True)
class InterestsPage:
    """What the actor has declared, the company of the own account, and, for who supervises, the old accounts."""

    own: tuple[InterestView, ...]
    known: tuple[str, ...]
    """Companies that the portal knows of by itself."""
    old_accounts: tuple[OldAccount, ...]


def tied_companies(session: Session, actor: Actor, now: dt.datetime) -> frozenset[uuid.UUID]:
    """Return the companies about which the actor decides nothing at ``now`` (aware)."""
    since = now - TIED_FOR
    declared = select(OfficerInterest.organization_id).where(
        OfficerInterest.user_id == actor.user_id,
        or_(OfficerInterest.ended_at.is_(None), OfficerInterest.ended_at > since),
    )
    found = {*session.scalars(union(declared, _acted_for(actor, since))), actor.organization_id}
    return frozenset(one for one in found if one is not None)


def interests_page(session: Session, *, actor: Actor, now: dt.datetime) -> InterestsPage:
    """Return the page of an officer's ties; NotFound for people who decide nothing."""
    if not actor.roles & DECIDING:
        raise NotFound("The page does not exist, or it is not open to you.", code="not_staff")
    query = (
        select(OfficerInterest)
        .where(OfficerInterest.user_id == actor.user_id)
        .options(joinedload(OfficerInterest.organization))
        .order_by(OfficerInterest.ended_at.is_not(None), OfficerInterest.declared_at.desc())
    )
    known = {*session.scalars(_acted_for(actor, now - TIED_FOR)), actor.organization_id} - {None}
    names = select(Organization.legal_name_zh).where(Organization.id.in_(known)).order_by(Organization.legal_name_zh)
    return InterestsPage(
        own=tuple(
            InterestView(one.id, one.organization.legal_name_zh, one.kind, one.reason, one.declared_at, one.ended_at)
            for one in session.scalars(query)
        ),
        known=tuple(session.scalars(names)) if known else (),
        old_accounts=_old_accounts(session),
    )


def _acted_for(actor: Actor, since: dt.datetime) -> Select[tuple[uuid.UUID | None]]:
    """Select the companies for which the trail has seen the actor act: a membership given up leaves no row."""
    return (
        select(AuditEvent.organization_id)
        .where(
            AuditEvent.actor_id == actor.user_id,
            AuditEvent.organization_id.is_not(None),
            AuditEvent.created_at > since,
        )
        .distinct()
    )


def _old_accounts(session: Session) -> tuple[OldAccount, ...]:
    query = (
        select(User.name, User.email, Organization.legal_name_zh, Role.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .join(User.roles)
        .where(Role.name.in_([role.value for role in DECIDING]))
        .order_by(User.email, Role.name)
    )
    return tuple(OldAccount(*row) for row in session.execute(query).tuples())
