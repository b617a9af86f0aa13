"""Reading sealed bids before the deadline, where a programme allows it: each look is on record for the bidder."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit import service as audit
from app.bids.content import unseal
from app.bids.damage import Damaged
from app.bids.models import Bid, BidReading
from app.bids.seals import opened_share
from app.bids.service.locked import lock_any_challenge
from app.bids.service.releases import own_holder
from app.bids.workflow import BidState
from app.challenges.clock import database_now
from app.core.errors import Conflict, NotAllowed
from app.keys.models import Purpose

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.document import Content
    from app.core.actor import Actor
    from app.keys.models import ChallengeKeyHolder


def view_bids(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, private: bytes, now: dt.datetime
) -> list[tuple[Bid, Content]]:
    """Return the sealed bids that are locked for the actor's key, and record every one of them as read.

    Raises NotFound, NotAllowed for whoever may not view bids of this challenge, or Conflict (it takes no bids now).
    """
    challenge = lock_any_challenge(session, challenge_id)
    holder = own_holder(session, actor, challenge_id, Purpose.VIEW)
    if holder is None:
        raise NotAllowed("The programme lets nobody in your capacity read bids before the deadline.", code="no_viewer")
    if not challenge.is_open(database_now(session)):
        raise Conflict("Bids are read this way only while the challenge takes bids.", code="not_running")
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge_id, Bid.state == BidState.SEALED)
        .options(selectinload(Bid.shares), selectinload(Bid.commitments), selectinload(Bid.files))
        .order_by(Bid.sealed_at, Bid.id)
    )
    found = [(bid, content) for bid in session.scalars(query) if (content := _read(bid, holder, private)) is not None]
    for bid, _content in found:
        session.add(BidReading(bid_id=bid.id, holder_id=holder.holder_id, reader_name=actor.name[:120], read_at=now))
        audit.record_sealed(session, actor, "bid.view", "bid", bid.id, sealed_by=challenge_id)
    session.flush()
    return found


def _read(bid: Bid, holder: ChallengeKeyHolder, private: bytes) -> Content | None:
    """Return a bid's content; None when the key in it is noise, because the firm is of another city."""
    key = opened_share(bid, holder, private, Purpose.VIEW)
    try:
        return unseal(bid, key).content
    except Damaged:
        return None
