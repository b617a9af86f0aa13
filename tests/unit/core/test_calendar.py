"""Working days in China: weekends, holidays and the weekends exchanged for them (调休)."""

from __future__ import annotations

import datetime as dt

import pytest

from app.core.calendar import add_working_days, is_working_day
from app.core.clock import SHANGHAI

WORKED_WEEKENDS = [
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
]  # fmt: skip
FREE_WEEKDAYS = [
    "2025-01-01", "2025-01-28", "2025-02-04", "2025-04-04", "2025-05-01", "2025-05-05", "2025-06-02", "2025-10-08",
    "2026-01-01", "2026-02-16", "2026-02-23", "2026-04-06", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-07",
]  # fmt: skip
PLAIN_DAYS = [
    ("2025-02-05", True), ("2025-10-09", True), ("2025-06-07", False), ("2026-02-24", True),
    ("2026-05-06", True), ("2026-05-10", False), ("2026-10-08", True), ("2026-11-28", False),
]  # fmt: skip


@pytest.mark.parametrize("day", WORKED_WEEKENDS)
def test_offices_work_on_exchanged_weekends(day: str) -> None:
    date = dt.date.fromisoformat(day)

    assert date.weekday() >= 5
    assert is_working_day(date)


@pytest.mark.parametrize("day", FREE_WEEKDAYS)
def test_offices_rest_on_holidays(day: str) -> None:
    date = dt.date.fromisoformat(day)

    assert date.weekday() < 5
    assert not is_working_day(date)


@pytest.mark.parametrize(("day", "is_working"), PLAIN_DAYS)
def test_other_days_follow_the_week(day: str, is_working: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day)) is is_working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-24 12:00", 1, "2026-11-26 00:00"),
        ("2026-11-24 23:59", 1, "2026-11-26 00:00"),
        ("2026-11-27 09:00", 1, "2026-12-01 00:00"),
        ("2026-11-28 09:00", 1, "2026-12-01 00:00"),
        ("2026-09-30 17:00", 2, "2026-10-10 00:00"),
        ("2026-09-30 17:00", 3, "2026-10-11 00:00"),
        ("2026-02-13 10:00", 1, "2026-02-15 00:00"),
        ("2026-02-13 10:00", 2, "2026-02-25 00:00"),
        ("2026-11-24 12:00", 0, "2026-11-25 00:00"),
    ],
)
def test_a_term_ends_with_its_last_working_day_and_the_first_day_does_not_count(
    start: str, days: int, end: str
) -> None:
    begun = dt.datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)

    found = add_working_days(begun, days)

    assert f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == end


def test_the_day_is_that_of_shanghai_not_of_greenwich() -> None:
    late_on_monday_in_greenwich = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)

    found = add_working_days(late_on_monday_in_greenwich, 1)

    assert found == dt.datetime(2026, 11, 25, 16, 0, tzinfo=dt.UTC)
