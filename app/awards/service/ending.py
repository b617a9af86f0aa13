"""A competition ends without an award: nothing of a proposal, a notice or a review goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.awards.models import AwardProposal, Publicity
from app.awards.service.locked import waiting_proposal
from app.awards.workflow import PROPOSAL_WORKFLOW, ProposalEvent, ProposalState
from app.bids.models import Bid
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.hooks import register_hook
from app.challenges.workflow import ChallengeEvent

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge

_RESULTS = (BidState.SELECTED, BidState.RESERVE)
_JUDGED = (BidState.UNDER_REVIEW, BidState.SHORTLISTED, BidState.DEFENDED)


def end_decision(session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """End what runs between ranking and award of a locked challenge that ends without one.

    An award that was made before, and the proposal it rests on, stay on record as they are.
    """
    running = select(Publicity).where(Publicity.challenge_id == challenge.id, Publicity.ended_at.is_(None))
    publicity = session.scalars(running.execution_options(populate_existing=True)).one_or_none()
    waiting = waiting_proposal(session, challenge.id)
    if waiting is not None:
        waiting.state = PROPOSAL_WORKFLOW.step(waiting.state, ProposalEvent.RETURN)
    if publicity is not None:
        _end_notice(session, publicity, now)
    _refuse_bids(session, challenge, (*_RESULTS, *_JUDGED) if publicity is not None else _JUDGED)
    session.flush()


def _end_notice(session: Session, publicity: Publicity, now: dt.datetime) -> None:
    publicity.frozen_at, publicity.ended_at = None, now
    proposal = session.get_one(AwardProposal, publicity.proposal_id)
    if proposal.state is ProposalState.CONFIRMED:
        proposal.state = PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.OVERTURN)


def _refuse_bids(session: Session, challenge: Challenge, states: tuple[BidState, ...]) -> None:
    query = select(Bid).where(Bid.challenge_id == challenge.id, Bid.state.in_(states)).order_by(Bid.id)
    for bid in session.scalars(query.with_for_update(of=Bid).execution_options(populate_existing=True)):
        if bid.state in _RESULTS:
            bid.state = BID_WORKFLOW.step(bid.state, BidEvent.REVIEW_AGAIN)
        bid.state = BID_WORKFLOW.step(bid.state, BidEvent.NOT_SELECT)


register_hook(ChallengeEvent.NO_AWARD, end_decision)
