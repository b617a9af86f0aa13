from __future__ import annotations

import datetime as dt

import pytest

from app.notifications.digest_content import DigestContent, period
from app.notifications.models import DigestFrequency
from tests.golden.letters import DEADLINE
from tests.support.clock import NOON

JUST_BEFORE_MIDNIGHT = dt.datetime(2026, 11, 24, 15, 59, tzinfo=dt.UTC)
MIDNIGHT_IN_SHANGHAI = dt.datetime(2026, 11, 24, 16, 0, tzinfo=dt.UTC)
NEW_YEAR = dt.datetime(2026, 12, 31, 4, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("frequency", "instant", "expected"),
    [
        (DigestFrequency.DAILY, NOON, "2026-11-24"),
        (DigestFrequency.DAILY, JUST_BEFORE_MIDNIGHT, "2026-11-24"),
        (DigestFrequency.DAILY, MIDNIGHT_IN_SHANGHAI, "2026-11-25"),
        (DigestFrequency.WEEKLY, NOON, "2026-W48"),
        (DigestFrequency.WEEKLY, NEW_YEAR, "2026-W53"),
    ],
)
def test_a_period_begins_at_midnight_in_shanghai(
    frequency: DigestFrequency, instant: dt.datetime, expected: str
) -> None:
    assert period(frequency, instant) == expected


def test_a_digest_without_anything_is_empty() -> None:
    assert not DigestContent(entries=(), deadlines=(), has_more=False)


def test_a_deadline_alone_is_something_to_say() -> None:
    assert DigestContent(entries=(), deadlines=(DEADLINE,), has_more=False)
