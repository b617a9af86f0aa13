"""Which competitions still keep their rows from everybody."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.bids.models import Opening
from app.challenges.models import Challenge
from app.core.sealing import register_competitions


def sealed() -> sa.Select[tuple[uuid.UUID]]:
    """Select the challenges whose bids have not been opened: before the deadline, after it, and those never opened.

    The deadline alone discloses nothing: until the holders have released their keys, nobody may know who bids.
    """
    opened = sa.select(Opening.challenge_id).where(Opening.opened_at.is_not(None))
    challenge = Challenge.__table__.c
    return sa.select(challenge.id).where(challenge.id.not_in(opened))


register_competitions(sealed)
