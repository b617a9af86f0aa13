"""Who stands behind the bids, and what is known of experts: rows as the plain values of ``conflicts``."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.accounts.models import Membership, Organization, User
from app.catalog.models import ChipProduct
from app.reviews.commands import Tie
from app.reviews.conflicts import Bidder, Party, Person, mail_domain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.reviews.models import Expert


def bidders_of(session: Session, bids: Sequence[Bid]) -> list[Bidder]:
    """Return the firms behind opened bids, in one query."""
    organizations, people = _known(session, bids)
    return [Bidder(bid.id, tuple(_parties(bid, organizations, people)), tuple(_avoided(bid.details))) for bid in bids]


def owner_of(session: Session, challenge: Challenge) -> Bidder:
    """Return who poses a challenge as somebody with an interest in every bid for it, in one query."""
    query = (
        select(Organization, User.email)
        .outerjoin(Membership, Membership.organization_id == Organization.id)
        .outerjoin(User, User.id == Membership.user_id)
        .where(Organization.id == challenge.organization_id)
    )
    rows = session.execute(query).all()
    people: _People = {challenge.organization_id: [("", email) for _, email in rows if email]}
    party = _party(challenge.organization_id, {}, {row.id: row for row, _ in rows}, people)
    return Bidder(challenge.id, (party,))


def names_of(session: Session, bids: Sequence[Bid]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return every name of firms, people and products that tells who stands behind each bid, in two queries."""
    organizations, people = _known(session, bids)
    query = select(ChipProduct.organization_id, ChipProduct.part_number)
    parts: dict[uuid.UUID | None, list[str]] = {}
    for organization_id, part in session.execute(query.where(ChipProduct.organization_id.in_(organizations))):
        parts.setdefault(organization_id, []).append(part)
    found = {}
    for bid in bids:
        names = list(_people_of(bid.details))
        for party in _parties(bid, organizations, people):
            names.append(party.name)
            names += [name for name, _ in people.get(party.organization_id, ())]
            names += parts.get(party.organization_id, ())
            row = organizations.get(party.organization_id)
            if row is not None:
                names += [row.name_en, row.legal_rep, row.agent_name, row.uscc or ""]
        found[bid.id] = tuple(filter(None, names))
    return found


def person_of(expert: Expert) -> Person:
    """Return an expert as conflicts are looked for; user, membership and ties must be loaded."""
    membership = expert.user.membership
    return Person(
        name=expert.user.name,
        email=expert.user.email,
        organization_id=membership.organization_id if membership else None,
        ties=[Tie(tie.kind, tie.name, tie.uscc, tie.since, tie.until) for tie in expert.ties],
    )


_People = dict[uuid.UUID | None, list[tuple[str, str]]]
_Organizations = dict[uuid.UUID | None, Organization]


def _known(session: Session, bids: Sequence[Bid]) -> tuple[_Organizations, _People]:
    ids = {one for bid in bids for one in (bid.organization_id, *(_id(member) for member in _members(bid.details)))}
    ids.discard(None)
    query = (
        select(Organization, User.name, User.email)
        .outerjoin(Membership, Membership.organization_id == Organization.id)
        .outerjoin(User, User.id == Membership.user_id)
        .where(Organization.id.in_(ids))
    )
    organizations: _Organizations = {}
    people: _People = {}
    for row, name, email in session.execute(query):
        organizations[row.id] = row
        if email is not None:
            people.setdefault(row.id, []).append((name, email))
    return organizations, people


def _parties(bid: Bid, organizations: _Organizations, people: _People) -> list[Party]:
    told = [(bid.organization_id, {}), *((_id(member), member) for member in _members(bid.details))]
    return [_party(organization_id, member, organizations, people) for organization_id, member in told]


def _party(
    organization_id: uuid.UUID | None, member: Mapping[str, Any], organizations: _Organizations, people: _People
) -> Party:
    row = organizations.get(organization_id)
    if row is None:
        return Party(str(member.get("name", "")), str(member.get("uscc", "")), organization_id)
    addresses = [row.agent_email, *(email for _, email in people.get(row.id, ()))]
    domains = frozenset(filter(None, map(mail_domain, filter(None, addresses))))
    return Party(row.legal_name_zh, row.uscc or "", row.id, domains)


def _members(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [member for member in details.get("members", ()) if isinstance(member, dict)]


def _id(member: Mapping[str, Any]) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(member.get("organization_id", "")))
    except ValueError:
        return None


def _avoided(details: Mapping[str, Any]) -> list[str]:
    """Return the names of the experts that a bid asks to avoid."""
    told = details.get("avoid_experts", ())
    return [str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in told]


def _people_of(details: Mapping[str, Any]) -> list[str]:
    """Return the names of leader, team and contact."""
    people = [details.get("leader"), details.get("contact"), *details.get("team", ())]
    return [str(one.get("name", "")) for one in people if isinstance(one, dict)]
