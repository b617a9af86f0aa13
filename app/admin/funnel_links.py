"""What else came of pairings: meetings of their companies, and bids and awards in the competition of their need.

A bid names its firm only once it was opened, so nothing of a running competition shows here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from app.awards.models import Award
from app.awards.workflow import AwardState
from app.bids.models import Bid
from app.events.models import Meeting
from app.events.workflow import MeetingState
from app.matchmaking.models import Pairing

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Collection

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Links:
    """What else came of one pairing."""

    n_meetings: int = 0
    has_bid: bool = False
    award: str = ""
    """Number of the award, if the firm won."""


@dataclass(frozen=True, slots=True)
class CameOf:
    """What else came of many pairings: how many of them met, bid and won."""

    n_met: int
    n_bid: int
    n_won: int


def links_of(session: Session, pairing_ids: Collection[uuid.UUID], *, now: dt.datetime) -> dict[uuid.UUID, Links]:
    """Return what else came of each of these pairings, in two queries."""
    chosen = select(Pairing).where(Pairing.id.in_(pairing_ids))
    meetings = Counter(session.scalars(_meetings(chosen, now)))
    bids = dict(session.execute(_bids(chosen)).tuples().all())
    return {one: Links(meetings[one], one in bids, bids.get(one) or "") for one in pairing_ids}


def came_of(session: Session, pairings: Select[tuple[Pairing]], *, now: dt.datetime) -> CameOf:
    """Return how many of these pairings met, bid and won, in two queries."""
    met = _meetings(pairings, now).subquery()
    bids = _bids(pairings).subquery()
    n_bid, n_won = session.execute(select(func.count(bids.c.id.distinct()), func.count(bids.c.number))).one()
    return CameOf(session.scalar(select(func.count(met.c.id.distinct()))) or 0, n_bid, n_won)


def _meetings(pairings: Select[tuple[Pairing]], now: dt.datetime) -> Select[tuple[uuid.UUID]]:
    """Return the id of each pairing once for every meeting that its companies have held since the proposal."""
    chosen = pairings.with_only_columns(
        Pairing.id, Pairing.demand_id, Pairing.supplier_id, Pairing.proposed_at
    ).subquery()
    columns = chosen.c
    of_event = and_(
        Meeting.event_id.is_not(None),
        Meeting.starts_at >= columns.proposed_at,
        or_(
            and_(Meeting.host_id == columns.demand_id, Meeting.guest_id == columns.supplier_id),
            and_(Meeting.host_id == columns.supplier_id, Meeting.guest_id == columns.demand_id),
        ),
    )
    return (
        select(columns.id)
        .join(Meeting, or_(Meeting.pairing_id == columns.id, of_event))
        .where(Meeting.state == MeetingState.SET, Meeting.ends_at <= now)
    )


def _bids(pairings: Select[tuple[Pairing]]) -> Select[tuple[uuid.UUID, str | None]]:
    """Return each pairing whose firm bid on its challenge, with the number of its award, if any."""
    chosen = pairings.with_only_columns(Pairing.id, Pairing.need_id, Pairing.supplier_id).subquery()
    is_own = and_(Bid.challenge_id == chosen.c.need_id, Bid.organization_id == chosen.c.supplier_id)
    is_standing = and_(Award.bid_id == Bid.id, Award.state == AwardState.CONFIRMED)
    return (
        select(chosen.c.id, Award.number)
        .join(Bid, is_own)
        .outerjoin(Award, is_standing)
        .where(Bid.opened_at.is_not(None))
    )
