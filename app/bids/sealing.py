"""Which competitions still keep their rows from everybody, and which content they need."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.bids.models import Bid, BidBlob, Opening
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.sealing import register_competitions
from app.files.purge import register_pointers


def sealed() -> sa.Select[tuple[uuid.UUID]]:
    """Select the challenges whose bids have not been opened: before the deadline, after it, and those never opened.

    The deadline alone discloses nothing: until the holders have released their keys, nobody may know who bids.
    """
    opened = sa.select(Opening.challenge_id).where(Opening.opened_at.is_not(None))
    challenge = Challenge.__table__.c
    return sa.select(challenge.id).where(challenge.id.not_in(opened))


def locked_contents() -> sa.Select[tuple[str]]:
    """Select the hashes of what unopened bids need in the store; once opened, files are stored like all others.

    A bid that lapsed needs them, too: its firm can still read it with its code. So does one whose price is sealed.
    """
    unopened = sa.or_(Bid.state == BidState.DRAFT, Bid.reopening_box.is_not(None), Bid.price_reopening_box.is_not(None))
    return sa.select(BidBlob.sha256).join(Bid, Bid.id == BidBlob.bid_id).where(unopened)


register_competitions(sealed)
register_pointers(locked_contents)
