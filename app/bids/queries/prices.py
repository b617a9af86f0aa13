"""The second opening as holders and desk see it: how many prices wait, who has released, what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.bids.models import Bid, Opening, OpeningRelease
from app.bids.workflow import IN_REVIEW, PriceState
from app.demands.workflow import PostingState
from app.keys.models import Purpose
from app.keys.queries import holders_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class FailedPrice:
    """A price that could not be opened."""

    bid_id: uuid.UUID
    commitment: str
    error: str
    proposed_by: uuid.UUID | None
    """Who proposes to give it up."""
    reason: str


@dataclass(frozen=True, slots=True)
class Released:
    """Somebody who has released a key to the prices."""

    name: str
    role: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class PriceOpening:
    """Where the price envelopes of one challenge stand; numbers only, never a price."""

    called_at: dt.datetime | None
    """When the technical scores became final; empty: not yet."""
    n_sealed: int
    n_due: int
    n_opened: int
    n_kept: int
    threshold: int
    released: tuple[Released, ...]
    failed: tuple[FailedPrice, ...]
    own_holder_id: uuid.UUID | None
    """The key with which the reader can release; empty: none, or released already."""
    has_released: bool

    @property
    def is_waiting(self) -> bool:
        """Whether releases are taken."""
        return self.called_at is not None and self.n_due > 0


def price_opening(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, state: PostingState
) -> PriceOpening | None:
    """Return the second opening of a challenge whose first has happened, in four queries; None: no such envelopes."""
    opening = session.get(Opening, challenge_id)
    bids = _bids(session, challenge_id) if opening is not None and opening.opened_at is not None else ()
    if opening is None or not bids:
        return None
    counted = Counter(bid.price_state for bid in bids)
    releases = _releases(session, opening)
    openers = [one for one in holders_of(session, challenge_id) if one.purpose is Purpose.OPEN]
    own = next((one.holder_id for one in openers if one.holder.user_id == actor.user_id), None)
    has_released = any(one.user_id == actor.user_id for one in releases)
    is_running = state is PostingState.EVALUATING
    return PriceOpening(
        called_at=opening.price_called_at,
        n_sealed=counted[PriceState.SEALED],
        n_due=sum(_is_due(bid) for bid in bids) if is_running else 0,
        n_opened=counted[PriceState.OPENED],
        n_kept=counted[PriceState.KEPT],
        threshold=openers[0].threshold if openers else 2,
        released=tuple(Released(one.holder_name, one.role, one.released_at) for one in releases),
        failed=tuple(
            FailedPrice(bid.id, bid.price_hash, bid.price_error, bid.price_give_up_by, bid.price_give_up_reason)
            for bid in bids
            if _is_due(bid) and bid.price_error
        ),
        own_holder_id=None if has_released else own,
        has_released=has_released,
    )


def waiting_for_prices() -> Select[tuple[uuid.UUID]]:
    """Select the ids of the challenges under evaluation whose price envelopes wait for the holders."""
    return select(Bid.challenge_id).where(Bid.price_state == PriceState.DUE, Bid.state.in_(IN_REVIEW))


def _is_due(bid: Bid) -> bool:
    return bid.price_state is PriceState.DUE and bid.state in IN_REVIEW


def _bids(session: Session, challenge_id: uuid.UUID) -> Sequence[Bid]:
    query = select(Bid).where(Bid.challenge_id == challenge_id, Bid.price_state != PriceState.NONE)
    return session.scalars(query.where(Bid.opened_at.is_not(None)).order_by(Bid.sealed_at, Bid.id)).all()


def _releases(session: Session, opening: Opening) -> Sequence[OpeningRelease]:
    if not opening.price_round:
        return ()
    of = (OpeningRelease.challenge_id == opening.challenge_id, OpeningRelease.round == opening.price_round)
    return session.scalars(select(OpeningRelease).where(*of).order_by(OpeningRelease.released_at)).all()
