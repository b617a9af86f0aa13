"""What a bidder learns about its own bid, and what it could try next; nothing about other bids."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.awards import policy
from app.awards.models import Award, AwardProposal, ProposedVerdict
from app.awards.workflow import AwardState, ProposalState
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.clock import database_clock
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.demands.models import NeedCategory
from app.demands.workflow import PostingState
from app.reviews.queries import FeedbackView, feedback_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such bid."
TOLD = (PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD)
"""States from which on bidders are told; before that nobody is."""
N_OTHERS = 3


@dataclass(frozen=True, slots=True)
class OtherChallenge:
    """An open challenge in the same chip categories."""

    id: uuid.UUID
    code: str
    title: str
    bid_deadline_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """A bid with its result; ``reason`` is what was stated about this bid alone."""

    bid_id: uuid.UUID
    challenge_id: uuid.UUID
    challenge_code: str
    challenge_title: str
    project: str
    state: BidState
    reason: str
    found: FeedbackView | None
    others: tuple[OtherChallenge, ...]
    award_id: uuid.UUID | None
    """The firm's award, as long as it stands."""
    declined_at: dt.datetime | None
    ended: str
    """Why its award has ended."""


def feedback_page(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> FeedbackPage:
    """Return what was found about one of the actor's own bids; NotFound before the result is in public notice."""
    query = select(Bid).where(Bid.id == bid_id).options(joinedload(Bid.challenge))
    bid = session.scalars(query).one_or_none()
    if bid is None or not policy.can_read_feedback(actor, organization_id=bid.organization_id):
        raise NotFound(MISSING, code="bid_not_found")
    if bid.challenge.state not in TOLD:
        raise NotFound("The result is not public yet.", code="no_result")
    award = session.scalars(select(Award).where(Award.bid_id == bid_id)).one_or_none()
    return FeedbackPage(
        bid_id=bid.id,
        challenge_id=bid.challenge_id,
        challenge_code=bid.challenge.code or "",
        challenge_title=bid.challenge.title,
        project=bid.project_name,
        state=bid.state,
        reason=_reason(session, bid_id),
        found=feedback_of(session, bid_id),
        others=_others(session, bid),
        award_id=award.id if award and award.state is AwardState.CONFIRMED else None,
        declined_at=award.declined_at if award else None,
        ended=award.end_reason if award else "",
    )


def _reason(session: Session, bid_id: uuid.UUID) -> str:
    query = (
        select(ProposedVerdict.reason)
        .join(AwardProposal, AwardProposal.id == ProposedVerdict.proposal_id)
        .where(ProposedVerdict.bid_id == bid_id, AwardProposal.state == ProposalState.CONFIRMED)
        .order_by(AwardProposal.round.desc())
        .limit(1)
    )
    return session.scalar(query) or ""


def _others(session: Session, bid: Bid) -> tuple[OtherChallenge, ...]:
    """Return open challenges that share most chip categories with the one lost, other than the firm's own."""
    mine = select(NeedCategory.code).where(NeedCategory.need_id == bid.challenge_id)
    shared = (
        select(NeedCategory.need_id, func.count().label("n"))
        .where(NeedCategory.code.in_(mine))
        .group_by(NeedCategory.need_id)
        .subquery()
    )
    query = (
        select(Challenge)
        .outerjoin(shared, shared.c.need_id == Challenge.id)
        .where(
            Challenge.state == PostingState.PUBLISHED,
            Challenge.bid_deadline_at > database_clock(),
            Challenge.organization_id != bid.organization_id,
            Challenge.id != bid.challenge_id,
        )
        .order_by(func.coalesce(shared.c.n, 0).desc(), Challenge.bid_deadline_at, Challenge.id)
        .limit(N_OTHERS)
    )
    return tuple(
        OtherChallenge(one.id, one.code or "", one.title, one.bid_deadline_at)
        for one in session.scalars(query).unique()
    )
