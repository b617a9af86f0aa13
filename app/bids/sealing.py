"""Which competitions still keep their rows from everybody."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.challenges.clock import database_clock
from app.challenges.models import Challenge
from app.core.sealing import register_competitions


def running() -> sa.Select[tuple[uuid.UUID]]:
    """Select the challenges whose deadline has not passed by the database's clock, whatever their state.

    While a challenge is suspended its clock stands still, so that no deadline passes.
    """
    challenge = Challenge.__table__.c
    has_time = challenge.bid_deadline_at > database_clock()
    return sa.select(challenge.id).where(sa.or_(has_time, challenge.suspended_at.is_not(None)))


register_competitions(running)
