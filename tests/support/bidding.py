"""Challenges that are open by the database's clock, and bids for them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.bids.content import filled
from app.challenges.clock import database_now
from tests.factories.base import current
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.support.deadlines import past_the_triggers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.commands import SaveBid
    from app.bids.models import Bid
    from app.challenges.models import Challenge

MONTH = dt.timedelta(days=30)
PLAN: dict[str, Any] = {
    "milestones": [
        {"no": 1, "month": 6, "deliverable": "工程样片", "payment_percent": 40, "kpi_ids": ["K01"]},
        {"no": 2, "month": 20, "deliverable": "小批供货", "payment_percent": 60, "kpi_ids": ["K05"]},
    ]
}


def open_challenge(left: dt.timedelta = MONTH, **attributes: Any) -> Challenge:
    """Return a published challenge whose deadline is ``left`` away by the database's clock."""
    deadline = database_now(current()) + left
    current().commit()
    challenge: Challenge = ChallengeFactory(
        bid_deadline_at=deadline, question_deadline_at=deadline - 2 * MONTH, **attributes
    )
    return challenge


def complete_bid(challenge: Challenge | None = None, **attributes: Any) -> Bid:
    """Return a draft that lacks nothing, for an open challenge."""
    given = {"details": PLAN, "price_total_wan": Decimal(1200), **attributes}
    bid: Bid = BidFactory(challenge=challenge or open_challenge(), **given)
    return bid


def move_deadline(session: Session, challenge: Challenge, left: dt.timedelta) -> None:
    """Let the deadline of a challenge be ``left`` away by the database's clock."""
    with past_the_triggers(session):
        challenge.bid_deadline_at = database_now(session) + left
    session.commit()


def content_of(session: Session, bid: Bid) -> SaveBid:
    """Return what the database holds of a bid's content."""
    session.refresh(bid, ["commitments", "files", "version", *bid.__mapper__.column_attrs.keys()])
    return filled(bid)
