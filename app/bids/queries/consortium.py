"""Members of a bid as its lead sees them, and invitations as the firms that are asked see them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.bids import consortium
from app.bids.models import Bid, BidMember
from app.bids.ownership import firm_tag
from app.bids.queries.bids import own_bid
from app.bids.workflow import BidState, MemberState
from app.challenges.models import Challenge
from app.core.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member of a bid."""

    id: uuid.UUID
    name: str
    part: str
    share: str
    state: MemberState
    answered_by: str
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class MembersPage:
    """The consortium of a bid; ``most`` members are allowed beside the lead."""

    bid_id: uuid.UUID
    state: BidState
    challenge_title: str
    challenge_code: str
    bid_deadline_at: dt.datetime | None
    is_allowed: bool
    most: int
    lead: str
    lead_share: Decimal
    members: tuple[MemberView, ...]

    @property
    def has_room(self) -> bool:
        """Whether another firm may be asked."""
        return self.is_allowed and len(self.members) < self.most

    def member(self, member_id: uuid.UUID) -> MemberView:
        """Return one of the members; raise NotFound."""
        found = next((one for one in self.members if one.id == member_id), None)
        if found is None:
            raise NotFound("There is no such member.", code="member_not_found")
        return found


@dataclass(frozen=True, slots=True)
class InvitationView:
    """One invitation to take part in somebody's bid."""

    id: uuid.UUID
    challenge_id: uuid.UUID
    challenge_code: str
    challenge_title: str
    bid_deadline_at: dt.datetime | None
    lead: str
    part: str
    share: str
    state: MemberState
    is_open: bool
    """Whether it can still be answered: the bid is a draft and the challenge takes bids."""


def members_page(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> MembersPage:
    """Return the consortium of one of the firm's bids; raise NotFound."""
    bid = own_bid(session, actor=actor, bid_id=bid_id)
    challenge = bid.challenge
    rows = session.scalars(select(BidMember).where(BidMember.bid_id == bid_id).order_by(BidMember.id)).all()
    members = [(row, consortium.unlock(row)) for row in rows]
    programme = challenge.programme
    return MembersPage(
        bid_id=bid.id,
        state=bid.state,
        challenge_title=challenge.title,
        challenge_code=challenge.code or "",
        bid_deadline_at=challenge.bid_deadline_at,
        is_allowed=challenge.is_consortium_allowed,
        most=min(challenge.max_members, programme.max_members) if programme else challenge.max_members,
        lead=actor.organization_name,
        lead_share=consortium.WHOLE - sum((member.percent for _row, member in members), Decimal(0)),
        members=tuple(_member(row, member) for row, member in members),
    )


def invitations(session: Session, *, actor: Actor, now: dt.datetime) -> tuple[InvitationView, ...]:
    """Return what the actor's firm is asked to take part in, the newest challenge first."""
    if actor.organization_id is None:
        return ()
    challenges = session.scalars(select(BidMember.challenge_id).distinct())
    tags = [firm_tag(challenge_id, actor.organization_id) for challenge_id in challenges]
    query = (
        select(BidMember, Challenge)
        .join(BidMember.bid)
        .join(Challenge, Challenge.id == BidMember.challenge_id)
        .where(BidMember.firm_tag.in_(tags), Bid.state.in_((BidState.DRAFT, BidState.SEALED)))
        .options(joinedload(BidMember.bid))
        .order_by(Challenge.bid_deadline_at.desc(), BidMember.id)
    )
    return tuple(_invitation(row, challenge, now) for row, challenge in session.execute(query).unique())


def _member(row: BidMember, member: consortium.Member) -> MemberView:
    return MemberView(
        id=row.id,
        name=member.name,
        part=member.part,
        share=member.share,
        state=row.state,
        answered_by=member.answered_by,
        answered_at=dt.datetime.fromisoformat(member.answered_at) if member.answered_at else None,
    )


def _invitation(row: BidMember, challenge: Challenge, now: dt.datetime) -> InvitationView:
    member = consortium.unlock(row)
    return InvitationView(
        id=row.id,
        challenge_id=challenge.id,
        challenge_code=challenge.code or "",
        challenge_title=challenge.title,
        bid_deadline_at=challenge.bid_deadline_at,
        lead=member.lead,
        part=member.part,
        share=member.share,
        state=row.state,
        is_open=row.bid.state is BidState.DRAFT and challenge.is_open(now),
    )
