from __future__ import annotations

import datetime as dt

import pytest

from app.core.clock import SHANGHAI
from app.notifications.events import EventKind
from app.notifications.telling import CompetitionEvent
from app.notifications.timing import MailTiming
from app.outbox.topics import Topic, topic_of


def at(hour: int, minute: int = 0, day: int = 24) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        (at(21, 59), at(21, 59)),
        (at(22), at(8, day=25)),
        (at(3, 30), at(8)),
        (at(7, 59), at(8)),
        (at(8), at(8)),
        (at(12), at(12)),
    ],
)
def test_quiet_hours_may_reach_over_midnight(now: dt.datetime, sent: dt.datetime) -> None:
    assert MailTiming(quiet_from=22, quiet_until=8).send_at(now) == sent


@pytest.mark.parametrize(("now", "sent"), [(at(11, 59), at(11, 59)), (at(12, 30), at(14)), (at(14), at(14))])
def test_quiet_hours_may_be_at_noon(now: dt.datetime, sent: dt.datetime) -> None:
    assert MailTiming(quiet_from=12, quiet_until=14).send_at(now) == sent


@pytest.mark.parametrize("timing", [MailTiming(), MailTiming(quiet_from=8, quiet_until=8)])
def test_without_quiet_hours_mail_goes_at_once(timing: MailTiming) -> None:
    assert timing.send_at(at(8, 30)) == at(8, 30)


@pytest.mark.parametrize("kind", [*EventKind, *CompetitionEvent])
def test_every_kind_of_event_has_its_row_in_the_matrix(kind: str) -> None:
    assert topic_of(kind) in Topic


def test_a_published_challenge_is_its_owners_posting() -> None:
    assert topic_of(EventKind.CHALLENGE_PUBLISHED) is Topic.POSTINGS
