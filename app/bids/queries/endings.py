"""Bids that ended after the deadline without having been judged: how many, and why."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.accounts.models import User
from app.bids.models import Bid, BidEnding
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER = (PostingState.EVALUATING, PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD)
"""States in which every bid that can be opened has been."""


@dataclass(frozen=True, slots=True)
class EndingView:
    """A bid that nobody can read is to be given up: who says so, and why."""

    bid_id: uuid.UUID
    reason: str
    proposed_by: uuid.UUID
    proposer: str
    proposed_at: dt.datetime


def n_unreadable(session: Session, challenge_id: uuid.UUID) -> int:
    """Return how many bids are still sealed though their challenge was opened: nobody could open them."""
    query = (
        select(func.count())
        .select_from(Bid)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(Bid.challenge_id == challenge_id, Bid.state == BidState.SEALED, Challenge.state.in_(LATER))
    )
    return session.scalar(query) or 0


def pending_endings(session: Session, challenge_id: uuid.UUID) -> dict[uuid.UUID, EndingView]:
    """Return the bids that somebody proposes to give up and nobody has confirmed yet, by their ids."""
    query = (
        select(BidEnding, User.name, User.email)
        .join(Bid, Bid.id == BidEnding.bid_id)
        .join(User, User.id == BidEnding.proposed_by)
        .where(Bid.challenge_id == challenge_id, Bid.state == BidState.SEALED)
    )
    return {
        one.bid_id: EndingView(one.bid_id, one.reason, one.proposed_by, name or email, one.proposed_at)
        for one, name, email in session.execute(query).tuples()
    }


def ending_of(session: Session, bid_id: uuid.UUID) -> str:
    """Return the stated reason why a bid ended after the deadline; empty where nobody had to state one."""
    ending = session.get(BidEnding, bid_id)
    return ending.reason if ending else ""
