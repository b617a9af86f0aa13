"""Reminding reviewers who have not declared, or whose scores are due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.bids.models import Bid
from app.bids.workflow import GONE
from app.outbox.service import publish
from app.reviews.models import Review, ReviewEntry, ReviewPanel, ReviewSeat
from app.reviews.workflow import PanelState, Phase, SeatState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DECLARE_WITHIN = dt.timedelta(days=2)
BEFORE_DUE = dt.timedelta(days=3)
AT_MOST_EVERY = dt.timedelta(hours=20)
"""A little less than a day, so that a job that runs daily reminds daily."""


def remind(session: Session, now: dt.datetime) -> int:
    """Remind whoever keeps a panel waiting, once a day at most; return how many people that are."""
    query = (
        select(ReviewSeat)
        .join(ReviewSeat.panel)
        .options(contains_eager(ReviewSeat.panel))
        .where(
            ReviewPanel.state == PanelState.SCORING,
            ReviewSeat.state.in_((SeatState.INVITED, SeatState.ACTIVE)),
            (ReviewSeat.reminded_at.is_(None)) | (ReviewSeat.reminded_at <= now - AT_MOST_EVERY),
        )
        .order_by(ReviewSeat.id)
        .with_for_update(of=ReviewSeat, skip_locked=True)
    )
    n_reminded = 0
    for seat in session.scalars(query).unique():
        if _is_late(session, seat, now):
            seat.reminded_at = now
            _publish(session, seat, now)
            n_reminded += 1
    session.flush()
    return n_reminded


def _publish(session: Session, seat: ReviewSeat, now: dt.datetime) -> None:
    day = f"{now:%Y%m%d}"
    publish(session, "review.reminded", now=now, key=f"review.reminded:{seat.id}:{day}", seat_id=seat.id, side=day)


def _is_late(session: Session, seat: ReviewSeat, now: dt.datetime) -> bool:
    if seat.state is SeatState.INVITED:
        return seat.invited_at is not None and seat.invited_at + DECLARE_WITHIN <= now
    due = seat.panel.due_at
    if due is None or due - BEFORE_DUE > now:
        return False
    done = select(Review.entry_id).where(
        Review.seat_id == seat.id, Review.phase == Phase.INDIVIDUAL, Review.locked_at.is_not(None)
    )  # fmt: skip
    left = (
        select(ReviewEntry.id)
        .join(ReviewEntry.bid)
        .where(ReviewEntry.panel_id == seat.panel_id, Bid.state.not_in(GONE), ReviewEntry.id.not_in(done))
    )
    return session.scalars(left.limit(1)).first() is not None
