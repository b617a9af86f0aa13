"""The time at which tests happen."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
import time_machine

from app.challenges import clock as database_clock
from app.core import clock
from app.core.models import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)
"""Noon in Shanghai, a Tuesday."""


@contextmanager
def stopped_at_noon() -> Iterator[None]:
    """Stop the clock and the database's, which triggers and queries ask."""
    with time_machine.travel(NOON, tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_clock, "_Clock", lambda: sa.literal(clock.now(), UtcDateTime()))
        yield
