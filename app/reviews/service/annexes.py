"""Who opens the files of an opened bid beside its own firm; before the opening there is no file to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.bids.content import PURPOSE
from app.bids.models import BidFile
from app.core.policy import YES, Decision, no
from app.demands.models import Need
from app.files.policy import own_members, register_purpose
from app.reviews import policy
from app.reviews.criteria import ReviewRules
from app.reviews.models import ReviewEntry, ReviewPanel, ReviewSeat
from app.reviews.prices import shows_prices
from app.reviews.workflow import SeatState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.models import StoredFile


def can_open_annex(session: Session, actor: Actor, file: StoredFile) -> Decision:
    """Let the own firm, the authority that answers for the review, and the owner who has pledged open a file.

    Experts judge without names and take nothing home (files tell whose they are), and the operator handles bids
    without reading them.
    """
    if policy.sees_bids(actor) or own_members(session, actor, file):
        return YES
    if actor.can_edit and _is_read_by_owner(session, actor, file):
        return YES
    return no("This file belongs to another organisation.")


register_purpose(PURPOSE, can_open_annex)


def _is_read_by_owner(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Return whether the actor's company judges the bid, and prices already where the file came with the price."""
    query = (
        select(ReviewSeat, BidFile.is_price)
        .join(ReviewSeat.panel)
        .join(ReviewEntry, ReviewEntry.panel_id == ReviewPanel.id)
        .join(BidFile, BidFile.bid_id == ReviewEntry.bid_id)
        .join(Need, Need.id == ReviewPanel.challenge_id)
        .where(
            BidFile.file_id == file.id,
            Need.organization_id == actor.organization_id,
            ReviewSeat.expert_id.is_(None),
            ReviewSeat.state == SeatState.ACTIVE,
        )
        .options(contains_eager(ReviewSeat.panel))
    )
    return any(
        not is_price or shows_prices(seat.panel.state, ReviewRules.restored(seat.panel.rules))
        for seat, is_price in session.execute(query)
    )
