"""The ranking that a proposal of award rests on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.awards.commands import Remedy
from app.awards.models import Objection
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.reviews.queries import ranking_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


GONE = (BidState.WITHDRAWN, BidState.DISQUALIFIED)


@dataclass(frozen=True, slots=True)
class Line:
    """One ranked bid; ``place`` counts all of them from 1, ``score`` is out of 100."""

    bid_id: uuid.UUID
    place: int
    score: Decimal
    is_passing: bool


def final_ranking(session: Session, challenge_id: uuid.UUID) -> tuple[Line, ...]:
    """Return the settled ranking, best first; nothing while a review runs or has to be done again.

    Bids that were withdrawn or struck since are left out, and those behind them move up.
    """
    ranking = ranking_of(session, challenge_id)
    if ranking is None or _is_overturned(session, challenge_id, ranking.ranked_at):
        return ()
    gone = set(session.scalars(select(Bid.id).where(Bid.challenge_id == challenge_id, Bid.state.in_(GONE))))
    standing = [line for line in ranking.lines if line.bid_id not in gone]
    return tuple(
        Line(line.bid_id, place, line.mean, is_passing=line.place is not None) for place, line in enumerate(standing, 1)
    )


def _is_overturned(session: Session, challenge_id: uuid.UUID, ranked_at: object) -> bool:
    """Return whether an objection that was upheld later asked for another review."""
    query = select(func.count()).where(
        Objection.challenge_id == challenge_id,
        Objection.remedy == Remedy.REVIEW_AGAIN,
        Objection.decided_at >= ranked_at,
    )
    return bool(session.scalar(query))
