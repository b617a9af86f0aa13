"""Reading the sample's files; identifiers are the same in every installation, dates are live."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any, cast

from app.core.calendar import is_working_day
from app.core.clock import SHANGHAI

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://chipbridge.example/sample")
REFERENCE_DAY = dt.date(2026, 11, 22)
"""The day the files were written for."""


def sample_id(name: str) -> uuid.UUID:
    """Return the identifier of a thing of the sample (``ORG001``)."""
    return uuid.uuid5(_SPACE, name)


def rows(file: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file by header."""
    return list(csv.DictReader(io.StringIO(_text(file))))


def document(file: str) -> dict[str, Any]:
    """Return the object in a JSON file."""
    return cast("dict[str, Any]", json.loads(_text(file)))


def _text(file: str) -> str:
    return (resources.files("app.sample.data") / file).read_text(encoding="utf-8")


def parts(text: str, separator: str = ";") -> list[str]:
    """Return the items of a list in a cell."""
    return [item for item in text.split(separator) if item]


def number(text: str) -> float | None:
    """Return the number in a cell, None for an empty one."""
    return float(text) if text else None


def whole(text: str) -> int | None:
    """Return the whole number in a cell, None for an empty one."""
    return int(text) if text else None


def amount(value: str | float | None) -> Decimal | None:
    """Return the amount of money in a cell, None for an empty one."""
    return None if value is None or value == "" else Decimal(str(value))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Moves every date of the files by the same number of days, and counts back from the day of loading."""

    shift: dt.timedelta = dt.timedelta()
    today: dt.date = REFERENCE_DAY

    def day(self, text: str | None) -> dt.date | None:
        """Return the moved day of an ISO date, None for an empty cell."""
        return dt.date.fromisoformat(text) + self.shift if text else None

    def instant(self, text: str) -> dt.datetime:
        """Return the moved instant of an ISO time with offset."""
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC) + self.shift

    def morning(self, text: str, *, days: int = 0) -> dt.datetime:
        """Return ten o'clock in Shanghai of a day, ``days`` later."""
        return _ten_o_clock(dt.date.fromisoformat(text) + self.shift + dt.timedelta(days=days))

    def working_days_ago(self, days: int) -> dt.datetime:
        """Return ten o'clock in Shanghai of the ``days``-th working day before the day of loading."""
        day = self.today
        while days > 0:
            day -= dt.timedelta(days=1)
            days -= is_working_day(day)
        return _ten_o_clock(day)


def _ten_o_clock(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10), tzinfo=SHANGHAI).astimezone(dt.UTC)


def live_calendar(now: dt.datetime) -> Calendar:
    """Return the calendar under which nothing published lies in the future, and a challenge is open."""
    today = now.astimezone(SHANGHAI).date()
    open_until = max(
        dt.datetime.fromisoformat(challenge["bid_deadline"])
        for challenge in document("challenges.json")["challenges"]
        if challenge["status"] == "published"
    )
    is_live = today >= REFERENCE_DAY and now < open_until
    return Calendar(dt.timedelta() if is_live else today - REFERENCE_DAY, today)
