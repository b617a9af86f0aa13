"""The score sheets of a panel: which count, which are missing, which hold after the discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.bids.workflow import GONE
from app.reviews.models import Review
from app.reviews.scoring import Sheet
from app.reviews.workflow import HELD, Phase, ReviewMethod, SeatState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.reviews.models import ReviewEntry, ReviewPanel, ReviewSeat


def load_reviews(session: Session, panel: ReviewPanel) -> Sequence[Review]:
    """Return every sheet of the panel with its points."""
    seats = [seat.id for seat in panel.seats]
    query = select(Review).where(Review.seat_id.in_(seats)).options(joinedload(Review.scores))
    return session.scalars(query.order_by(Review.id)).unique().all()


def judged_entries(panel: ReviewPanel) -> list[ReviewEntry]:
    """Return the bids on the table: all that have not been withdrawn, and in the end all that were ranked."""
    return [entry for entry in panel.entries if entry.outcome is not None or entry.bid.state not in GONE]


def counting_seats(panel: ReviewPanel) -> list[ReviewSeat]:
    """Return the seats whose scores make the ranking: the experts, or the owner where the owner decides alone."""
    is_alone = panel.method is ReviewMethod.OWNER
    return [seat for seat in panel.seats if seat.state is SeatState.ACTIVE and (seat.expert_id is None) == is_alone]


def missing_sheets(panel: ReviewPanel, reviews: Iterable[Review]) -> int:
    """Return how many sheets are not handed in: of everybody who holds a counting seat, pledged or not."""
    is_alone = panel.method is ReviewMethod.OWNER
    seats = {seat.id for seat in panel.seats if seat.state in HELD and (seat.expert_id is None) == is_alone}
    wanted = {(seat_id, entry.id) for seat_id in seats for entry in judged_entries(panel)}
    done = {
        (one.seat_id, one.entry_id) for one in reviews if one.locked_at is not None and one.phase is Phase.INDIVIDUAL
    }
    return len(wanted - done)


def sheets(panel: ReviewPanel, reviews: Iterable[Review], *, effective: bool) -> list[Sheet[uuid.UUID, uuid.UUID]]:
    """Return the locked sheets of the counting seats about the bids on the table, by seat and entry.

    ``effective`` takes the one after the discussion where there is one; otherwise the originals.
    """
    wanted = {(seat.id, entry.id) for seat in counting_seats(panel) for entry in judged_entries(panel)}
    chosen: dict[tuple[uuid.UUID, uuid.UUID], Review] = {}
    for review in sorted(reviews, key=lambda one: one.phase is Phase.CONSENSUS):
        place = (review.seat_id, review.entry_id)
        if place in wanted and review.locked_at is not None and (effective or review.phase is Phase.INDIVIDUAL):
            chosen[place] = review
    return [
        Sheet(one.seat_id, one.entry_id, {s.criterion: s.value for s in one.scores if s.value is not None}, one.veto)
        for one in chosen.values()
    ]
