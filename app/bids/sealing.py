"""Which competitions still keep their rows from everybody."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.challenges.clock import database_clock
from app.challenges.models import Challenge
from app.core.sealing import register_competitions


def running() -> sa.Select[tuple[uuid.UUID]]:
    """Select the challenges whose deadline has not passed by the database's clock, whatever their state."""
    challenge = Challenge.__table__.c
    return sa.select(challenge.id).where(challenge.bid_deadline_at > database_clock())


register_competitions(running)
