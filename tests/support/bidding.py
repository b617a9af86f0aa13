"""Challenges that are open by the database's clock, and bids for them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.bids import service
from app.bids.content import filled, read
from app.challenges.clock import database_now
from tests.factories.accounts import UserFactory
from tests.factories.base import current
from tests.factories.bids import CODE, BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.keys import freeze, three_keys
from tests.support.clock import NOON
from tests.support.deadlines import past_the_triggers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.commands import SaveBid
    from app.bids.document import Annex
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.core.actor import Actor

MONTH = dt.timedelta(days=30)
TYPED = ("project_name", "approach", "tech_readiness", "supply_plan", "ip_statement", "price_total_wan")
PARTS = ("kpi_id", "committed", "unit", "evidence")
PLAN: dict[str, Any] = {
    "milestones": [
        {"no": 1, "month": 6, "deliverable": "工程样片", "payment_percent": 40, "kpi_ids": ["K01"]},
        {"no": 2, "month": 20, "deliverable": "小批供货", "payment_percent": 60, "kpi_ids": ["K05"]},
    ]
}


def open_challenge(left: dt.timedelta = MONTH, holders: int = 3, **attributes: Any) -> Challenge:
    """Return a published challenge with key holders, whose deadline is ``left`` away by the database's clock."""
    deadline = database_now(current()) + left
    current().commit()
    challenge: Challenge = ChallengeFactory(
        bid_deadline_at=deadline, question_deadline_at=deadline - 2 * MONTH, **attributes
    )
    freeze(challenge, three_keys()[:holders])
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
    """Return what the database holds of a draft's or an opened bid's content."""
    session.refresh(bid, ["commitments", "files", "version", *bid.__mapper__.column_attrs.keys()])
    return filled(bid)


def files_of(session: Session, bid: Bid) -> tuple[Annex, ...]:
    """Return the files of a draft or an opened bid."""
    session.refresh(bid, ["commitments", "files", "version", *bid.__mapper__.column_attrs.keys()])
    return read(bid).files


def editor_of(bid: Bid) -> Actor:
    """Return somebody who acts for the firm of a bid."""
    actor: Actor = UserFactory(organization=bid.firm).as_actor()
    return actor


def seal(session: Session, bid: Bid, code: str = CODE) -> Bid:
    """Submit a bid as its firm does."""
    sealed = service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=code, now=NOON)
    session.commit()
    return sealed


def sent(bid: Bid) -> dict[str, Any]:
    """Return what a browser sends of the untouched form of a draft."""
    content = filled(bid)
    fields: dict[str, Any] = {name: getattr(content, name) for name in TYPED}
    fields |= {"version": bid.version, "is_pledged": "y"}
    for index, one in enumerate(content.commitments):
        fields |= {f"commitments-{index}-{part}": getattr(one, part) for part in PARTS}
    for index, step in enumerate(content.milestones):
        fields[f"milestones-{index}-month"] = step.month
        fields[f"milestones-{index}-deliverable"] = step.deliverable
        fields[f"milestones-{index}-percent"] = step.percent
    return fields
