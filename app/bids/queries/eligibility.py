"""What is known of a firm that considers a bid."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organization
from app.bids import eligibility
from app.bids.models import Bid, BidMember
from app.bids.ownership import firm_tag, owned_by
from app.bids.workflow import BidState, MemberState
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.core.actor import Capacity
from app.keys.models import Purpose
from app.keys.queries import holders_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

NOTHING = dt.timedelta(0)


def conditions_of(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> tuple[eligibility.Condition, ...]:
    """Return the conditions of bidding for a challenge as the actor's firm meets them; it must be readable."""
    query = select(Challenge).where(Challenge.id == challenge_id)
    both = (joinedload(Challenge.organization), joinedload(Challenge.programme))
    challenge = session.scalars(query.options(*both)).one()
    now, programme = database_now(session), challenge.programme
    deadline, firm_id = challenge.bid_deadline_at, actor.organization_id
    return eligibility.conditions(
        eligibility.Facts(
            is_verified=actor.is_verified,
            is_supplier=actor.has(Capacity.SUPPLY),
            is_own_challenge=actor.belongs_to(challenge.organization_id),
            has_owners_legal_rep=_shares_legal_rep(session, firm_id, challenge.organization),
            is_open=challenge.is_open(now),
            time_left=deadline - now if deadline else NOTHING,
            n_bids=_n_bids(session, firm_id, programme.id) if programme else 0,
            max_bids=programme.max_projects_per_applicant if programme else None,
            max_per_leader=programme.max_active_bids_per_leader if programme else None,
            is_single_unit=bool(programme and programme.is_single_unit_bid),
            is_member_elsewhere=_is_member(session, firm_id, challenge_id),
            has_key_holders=_has_holders(session, challenge_id),
            restrictions=[(limit["text"], limit["legal_basis"]) for limit in challenge.restrictions],
        )
    )


def _shares_legal_rep(session: Session, firm_id: uuid.UUID | None, owner: Organization) -> bool:
    if firm_id is None or firm_id == owner.id or not owner.legal_rep:
        return False
    return session.scalar(select(Organization.legal_rep).where(Organization.id == firm_id)) == owner.legal_rep


def _n_bids(session: Session, firm_id: uuid.UUID | None, programme_id: uuid.UUID) -> int:
    query = (
        select(func.count())
        .select_from(Bid)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(
            owned_by(session, firm_id),
            Challenge.programme_id == programme_id,
            Bid.state.not_in((BidState.DRAFT, BidState.WITHDRAWN)),
        )
    )
    return session.scalar(query) or 0


def _is_member(session: Session, firm_id: uuid.UUID | None, challenge_id: uuid.UUID) -> bool:
    if firm_id is None:
        return False
    query = select(BidMember.id).where(
        BidMember.challenge_id == challenge_id,
        BidMember.firm_tag == firm_tag(challenge_id, firm_id),
        BidMember.state == MemberState.CONSENTED,
    )
    return session.scalars(query).first() is not None


def _has_holders(session: Session, challenge_id: uuid.UUID) -> bool:
    openers = [one for one in holders_of(session, challenge_id) if one.purpose is Purpose.OPEN]
    return bool(openers) and len(openers) >= openers[0].threshold
