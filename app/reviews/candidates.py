"""Who could sit on a panel: fits, free places and conflicts of the whole pool, as plain values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.core.clock import SHANGHAI
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.matchmaking.panels import Expertise, Seat, expert_fits
from app.reviews.conflicts import Finding, findings
from app.reviews.models import Expert, ReviewPanel, ReviewSeat
from app.reviews.parties import bidders_of, owner_of, person_of
from app.reviews.workflow import HELD, PanelState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.reviews.conflicts import Bidder


@dataclass(frozen=True, slots=True)
class Candidate:
    """One expert of the pool before one challenge."""

    expert: Expert
    fit: float
    load: int
    conflicts: tuple[Finding, ...]

    @property
    def room(self) -> int:
        """How many panels the expert may still join; 0 for those who are away."""
        return max(0, self.expert.load_limit - self.load) if self.expert.is_available else 0

    @property
    def is_free(self) -> bool:
        """Whether nothing keeps the expert from this panel."""
        return self.room > 0 and not self.conflicts

    def seat(self) -> Seat:
        """Return the candidate as the assignment takes it."""
        return Seat(str(self.expert.id), self.fit, self.room, frozenset(self.expert.sides), bool(self.conflicts))


def candidates(
    session: Session, challenge: Challenge, bids: Sequence[Bid], now: dt.datetime, *, is_locking: bool = False
) -> list[Candidate]:
    """Return the whole active pool, best fit first.

    ``is_locking`` keeps others from giving the same experts seats until the transaction ends.
    """
    query = (
        select(Expert)
        .join(Expert.user)
        .where(User.active.is_(True))
        .options(selectinload(Expert.ties))
        .order_by(Expert.id)
    )
    user = joinedload(Expert.user, innerjoin=True)
    query = query.options(user if is_locking else user.raiseload(User.roles))
    if is_locking:
        session.scalars(select(Expert.id).order_by(Expert.id).with_for_update()).all()
        query = query.execution_options(populate_existing=True)
    pool = session.scalars(query).unique().all()
    fits = expert_fits(
        session, [Expertise(str(one.id), one.expertise, tuple(one.categories)) for one in pool], challenge
    )
    loads, bidders = load_of(session), [*bidders_of(session, bids), owner_of(session, challenge)]
    found = [
        Candidate(one, fits.get(str(one.id), 0.0), loads.get(one.id, 0), conflicts_of(one, bidders, now))
        for one in pool
    ]
    return sorted(found, key=lambda one: (-one.fit, one.expert.id))


def load_of(session: Session) -> dict[uuid.UUID, int]:
    """Return on how many panels each expert sits whose competition is still under evaluation."""
    query = (
        select(ReviewSeat.expert_id, func.count())
        .join(ReviewPanel, ReviewPanel.id == ReviewSeat.panel_id)
        .join(Need, Need.id == ReviewPanel.challenge_id)
        .where(
            ReviewSeat.state.in_(HELD),
            ReviewPanel.state != PanelState.RANKED,
            Need.state == PostingState.EVALUATING,
            ReviewSeat.expert_id.is_not(None),
        )
        .group_by(ReviewSeat.expert_id)
    )
    return {expert_id: n for expert_id, n in session.execute(query) if expert_id is not None}


def conflicts_of(expert: Expert, bidders: Sequence[Bidder], now: dt.datetime) -> tuple[Finding, ...]:
    """Return what keeps an expert from judging any of these bids today (Shanghai)."""
    return tuple(findings(person_of(expert), bidders, now.astimezone(SHANGHAI).date()))


def eligible(found: Sequence[Candidate], *, taken: Collection[uuid.UUID], sides: Collection[str]) -> list[Candidate]:
    """Return who may take a free seat: free, never on this panel before, and of one of the sides if any is needed."""
    return [
        one
        for one in found
        if one.is_free and one.expert.id not in taken and (not sides or set(sides) <= set(one.expert.sides))
    ]
