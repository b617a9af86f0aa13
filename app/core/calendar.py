"""Working days in China, weekends and the State Council's holidays considered."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.clock import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOLIDAYS = Path(__file__).with_name("holidays.csv")


class _Desk:
    overrides: Callable[[], Mapping[dt.date, bool]] | None = None


def register_overrides(overrides: Callable[[], Mapping[dt.date, bool]]) -> None:
    """Let ``overrides`` tell the days that the desk has laid over those the portal ships with."""
    _Desk.overrides = overrides


@cache
def shipped_exceptions() -> dict[dt.date, bool]:
    """Return the days that differ from the week's rule: True for a working weekend day (调休)."""
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        return {dt.date.fromisoformat(row["day"]): row["kind"] == "work" for row in csv.DictReader(file)}


def is_working_day(day: dt.date) -> bool:
    """Return whether offices work on that day."""
    laid_over = _Desk.overrides() if _Desk.overrides is not None else {}
    return laid_over.get(day, shipped_exceptions().get(day, day.weekday() < 5))


def add_working_days(instant: dt.datetime, days: int) -> dt.datetime:
    """Return the end (24:00 Shanghai) of the ``days``-th working day after the day of ``instant``."""
    day = instant.astimezone(SHANGHAI).date()
    while days > 0:
        day += dt.timedelta(days=1)
        days -= is_working_day(day)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=SHANGHAI)
    return end.astimezone(dt.UTC)


def working_days_between(first: dt.datetime, last: dt.datetime) -> int:
    """Return how many working days (Shanghai) come after the day of ``first``, up to and with that of ``last``."""
    day, end, found = first.astimezone(SHANGHAI).date(), last.astimezone(SHANGHAI).date(), 0
    while day < end:
        day += dt.timedelta(days=1)
        found += is_working_day(day)
    return found
