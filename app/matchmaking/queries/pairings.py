"""Pairings as their two companies, and the digest, see them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organization, User
from app.catalog.models import ChipProduct
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.matchmaking import freshness, policy
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import ENDED, UNDER_NDA, UNDER_WAY, PairingState, Side

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TABS = ("todo", "waiting", "introduced", "ended")


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One pairing as one of its sides sees it."""

    id: uuid.UUID
    state: PairingState
    side: Side
    need_id: uuid.UUID
    need_title: str
    need_kind: str
    product_id: uuid.UUID | None
    product_name: str
    other_name: str
    """Empty while the other side is not to be named."""
    other_city: str
    proposed_at: dt.datetime
    reply_by: dt.datetime
    own_accepted_at: dt.datetime | None
    other_accepted_at: dt.datetime | None
    declined_by_side: str
    decline_reason: str
    reasons: Mapping[str, Any]

    @property
    def awaits_own_answer(self) -> bool:
        """Whether this side has still to answer."""
        return self.state is PairingState.PROPOSED and self.own_accepted_at is None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call on the other side; shown after both have accepted."""

    organization: str
    name: str
    post: str
    mobile: str
    email: str


def my_pairings(session: Session, *, actor: Actor, tab: str, page: int) -> Page[PairingRow]:
    """Return one page of the actor's company's pairings, newest first, with the evidence of today."""
    query = _of(actor).where(_in_tab(tab, actor)).order_by(Pairing.proposed_at.desc(), Pairing.id)
    found = paginate(session, query, number=page)
    evidence = freshness.renewed(session, [pairing for pairing in found.items if freshness.is_changed(pairing)])
    return found.map(lambda pairing: to_row(pairing, actor, evidence.get(pairing.id)))


def tab_counts(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return how many pairings stand in each tab, in one query."""
    sums = [func.count().filter(_in_tab(tab, actor)).label(tab) for tab in TABS]
    mine = or_(Pairing.demand_id == actor.organization_id, Pairing.supplier_id == actor.organization_id)
    row = session.execute(select(*sums).where(mine)).one()
    return dict(zip(TABS, row, strict=True))


def pairing_for(session: Session, *, actor: Actor, pairing_id: uuid.UUID) -> Pairing:
    """Return a pairing with all that its card shows; NotFound for everybody but its parties and the desk."""
    query = select(Pairing).options(
        joinedload(Pairing.need, innerjoin=True).selectinload(Need.params),
        joinedload(Pairing.need, innerjoin=True).selectinload(Need.categories),
        joinedload(Pairing.demand, innerjoin=True),
        joinedload(Pairing.supplier, innerjoin=True),
        joinedload(Pairing.product).selectinload(ChipProduct.params),
    )
    pairing = session.scalars(query.where(Pairing.id == pairing_id)).unique().one_or_none()
    if pairing is None or not policy.can_read(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id):
        raise NotFound("There is no such pairing.", code="not_found")
    return pairing


def contacts(session: Session, pairing: Pairing, *, is_embargoed: bool = False) -> list[Contact]:
    """Return the people of both sides, nobody before both have accepted, nor under an embargo.

    On each side: who accepted or took over, else the agent of the company's form.
    """
    if is_embargoed or not policy.shows_contacts(pairing.state):
        return []
    accepted = (pairing.demand_contact_id, pairing.supply_contact_id)
    people = {
        user.id: user
        for user in session.scalars(select(User).where(User.id.in_([person for person in accepted if person])))
    }
    sides = zip((pairing.demand, pairing.supplier), accepted, strict=True)
    return [_contact(organization, people.get(person) if person else None) for organization, person in sides]


def under_nda_with(session: Session, organization_id: uuid.UUID, others: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of ``others`` with which the organisation has signed a confidentiality agreement, in one query."""
    query = select(Pairing.demand_id, Pairing.supplier_id).where(
        Pairing.state.in_(UNDER_NDA),
        or_(
            and_(Pairing.demand_id == organization_id, Pairing.supplier_id.in_(others)),
            and_(Pairing.supplier_id == organization_id, Pairing.demand_id.in_(others)),
        ),
    )
    return frozenset(one for row in session.execute(query) for one in row) - {organization_id}


def _contact(organization: Organization, person: User | None) -> Contact:
    return Contact(
        organization=organization.legal_name_zh,
        name=(person.name if person else "") or organization.agent_name,
        post=(person.post if person else "") or organization.agent_post,
        mobile=(person.mobile if person else "") or organization.agent_mobile,
        email=(person.email if person else "") or organization.agent_email,
    )


def to_row(pairing: Pairing, actor: Actor, evidence: Mapping[str, Any] | None = None) -> PairingRow:
    """Return a pairing (need, parties and product loaded) as the actor's side sees it.

    ``evidence`` takes the place of what was proposed.
    """
    side = Side.DEMAND if actor.belongs_to(pairing.demand_id) else Side.SUPPLY
    is_demand = side is Side.DEMAND
    other = pairing.supplier if is_demand else pairing.demand
    is_named = is_demand or pairing.need.is_owner_shown or policy.shows_contacts(pairing.state)
    return PairingRow(
        id=pairing.id,
        state=pairing.state,
        side=side,
        need_id=pairing.need_id,
        need_title=pairing.need.title,
        need_kind=pairing.need.kind,
        product_id=pairing.product_id,
        product_name=f"{pairing.product.part_number} {pairing.product.name}" if pairing.product else "",
        other_name=other.legal_name_zh if is_named else "",
        other_city=other.city_code,
        proposed_at=pairing.proposed_at,
        reply_by=pairing.reply_by,
        own_accepted_at=pairing.demand_accepted_at if is_demand else pairing.supply_accepted_at,
        other_accepted_at=pairing.supply_accepted_at if is_demand else pairing.demand_accepted_at,
        declined_by_side=pairing.declined_by_side,
        decline_reason=pairing.decline_reason,
        reasons=evidence or pairing.reasons,
    )


def _of(actor: Actor) -> Select[tuple[Pairing]]:
    return (
        select(Pairing)
        .where(or_(Pairing.demand_id == actor.organization_id, Pairing.supplier_id == actor.organization_id))
        .options(
            joinedload(Pairing.need, innerjoin=True),
            joinedload(Pairing.demand, innerjoin=True),
            joinedload(Pairing.supplier, innerjoin=True),
            joinedload(Pairing.product),
        )
    )


def _in_tab(tab: str, actor: Actor) -> Any:
    answered = or_(
        and_(Pairing.demand_id == actor.organization_id, Pairing.demand_accepted_at.is_not(None)),
        and_(Pairing.supplier_id == actor.organization_id, Pairing.supply_accepted_at.is_not(None)),
    )
    if tab == "introduced":
        return Pairing.state.in_(UNDER_WAY)
    if tab == "ended":
        return Pairing.state.in_(ENDED)
    is_proposed = Pairing.state == PairingState.PROPOSED
    return and_(is_proposed, answered) if tab == "waiting" else and_(is_proposed, ~answered)
