"""What time it is."""

from __future__ import annotations

import datetime as dt

import time_machine

from app.core import clock
from tests.support.clock import NOON


def test_now_is_an_aware_instant_in_utc() -> None:
    assert clock.now() == NOON
    assert clock.now().tzinfo is dt.UTC


def test_today_is_the_day_in_shanghai() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2026, 11, 25)
