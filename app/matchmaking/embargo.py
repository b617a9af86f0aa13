"""No private word between a challenge's owner and any firm while bids are taken.

It holds for every firm alike: whom it meets says nothing of who bids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, or_, select

from app.challenges.models import Challenge
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Collection

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Embargo:
    """A maker whose challenge takes bids; ``until`` is the last deadline, None while a clock stands still."""

    until: dt.datetime | None


def embargo_of(session: Session, owner_id: uuid.UUID, *, now: dt.datetime) -> Embargo | None:
    """Return the embargo on a maker, or None, in one query."""
    return embargoes(session, [owner_id], now=now).get(owner_id)


def embargoed_owners(*, now: dt.datetime) -> Select[tuple[uuid.UUID]]:
    """Return the query of all makers that are under an embargo."""
    return select(Challenge.organization_id).where(_takes_bids(now))


def _takes_bids(now: dt.datetime) -> ColumnElement[bool]:
    is_running = (Challenge.state == PostingState.PUBLISHED) & (Challenge.bid_deadline_at > now)
    return or_(is_running, Challenge.state == PostingState.SUSPENDED)


def embargoes(session: Session, owner_ids: Collection[uuid.UUID], *, now: dt.datetime) -> dict[uuid.UUID, Embargo]:
    """Return the makers among ``owner_ids`` that are under an embargo, in one query."""
    query = select(Challenge.organization_id, Challenge.state, Challenge.bid_deadline_at).where(
        Challenge.organization_id.in_(owner_ids), _takes_bids(now)
    )
    found: dict[uuid.UUID, list[dt.datetime | None]] = {}
    for owner_id, state, deadline in session.execute(query):
        found.setdefault(owner_id, []).append(None if state is PostingState.SUSPENDED else deadline)
    return {owner_id: Embargo(_last(deadlines)) for owner_id, deadlines in found.items()}


def _last(deadlines: Collection[dt.datetime | None]) -> dt.datetime | None:
    known = [deadline for deadline in deadlines if deadline is not None]
    return max(known) if len(known) == len(deadlines) else None
