"""The recurring jobs: when they are due, and who queues them once for all processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from apscheduler.triggers.cron import CronTrigger

from app.core.clock import SHANGHAI
from app.core.upsert import insert_into
from app.notifications.digest_content import period
from app.notifications.models import DigestFrequency
from app.outbox.models import Schedule
from app.outbox.service import enqueue

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of job and when it is due, in Shanghai time."""

    name: str
    kind: str
    trigger: CronTrigger
    frequency: DigestFrequency | None = None

    def payload(self, now: dt.datetime) -> dict[str, str]:
        """Return what the job needs; a digest is of the period in which it was due, however late it runs."""
        if self.frequency is None:
            return {}
        return {"frequency": self.frequency.value, "period": period(self.frequency, now)}

    def next_after(self, instant: dt.datetime) -> dt.datetime:
        """Return when the job is due next, after ``instant``."""
        return self.trigger.get_next_fire_time(instant, instant)


RECURRING = (
    Recurring("challenges.close_due", "challenges.close_due", CronTrigger(second=0, timezone=SHANGHAI)),
    Recurring("challenges.publish_due", "challenges.publish_due", CronTrigger(second=15, timezone=SHANGHAI)),
    Recurring(
        "matching.refit_ranker", "matching.refit_ranker", CronTrigger(day_of_week="sun", hour=2, timezone=SHANGHAI)
    ),
    Recurring("sealed.disclose", "sealed.disclose", CronTrigger(second=30, timezone=SHANGHAI)),
    Recurring("audit.fix_day", "audit.fix_day", CronTrigger(hour=0, minute=15, timezone=SHANGHAI)),
    Recurring("challenges.remind", "challenges.remind", CronTrigger(hour=8, minute=45, timezone=SHANGHAI)),
    Recurring("reviews.remind", "reviews.remind", CronTrigger(hour=8, minute=30, timezone=SHANGHAI)),
    Recurring(
        "reviews.expire_corrections", "reviews.expire_corrections", CronTrigger(hour=0, minute=2, timezone=SHANGHAI)
    ),
    Recurring("files.purge", "files.purge", CronTrigger(hour=4, minute=20, timezone=SHANGHAI)),
    Recurring("jobs.purge", "jobs.purge", CronTrigger(hour=3, minute=30, timezone=SHANGHAI)),
    Recurring("mail.read_reports", "mail.read_reports", CronTrigger(minute="*/10", second=45, timezone=SHANGHAI)),
    # Before the digests of nine o'clock.
    Recurring("searches.look", "searches.look", CronTrigger(minute=45, second=20, timezone=SHANGHAI)),
    Recurring("meetings.follow_up", "meetings.follow_up", CronTrigger(minute=10, timezone=SHANGHAI)),
    Recurring("pairings.remind", "pairings.remind", CronTrigger(hour=8, minute=20, timezone=SHANGHAI)),
    Recurring("suggestions.resume", "suggestions.resume", CronTrigger(hour=7, minute=0, timezone=SHANGHAI)),
    Recurring("pairings.expire", "pairings.expire", CronTrigger(hour=0, minute=5, timezone=SHANGHAI)),
    Recurring("digests.desk", "digests.desk", CronTrigger(hour=8, minute=40, timezone=SHANGHAI)),
    Recurring(
        "digests.daily",
        "digests.run",
        CronTrigger(hour=9, minute=0, timezone=SHANGHAI),
        DigestFrequency.DAILY,
    ),
    Recurring(
        "digests.weekly",
        "digests.run",
        CronTrigger(day_of_week="mon", hour=9, minute=0, timezone=SHANGHAI),
        DigestFrequency.WEEKLY,
    ),
    Recurring(
        "digests.monthly",
        "digests.run",
        CronTrigger(day=1, hour=9, minute=0, timezone=SHANGHAI),
        DigestFrequency.MONTHLY,
    ),
)


def next_due(session: Session, *, now: dt.datetime) -> dt.datetime:
    """Return when the next recurring job is due; in the past when one was missed."""
    fired = dict(session.execute(sa.select(Schedule.name, Schedule.fired_at)).tuples().all())
    return min(entry.next_after(fired[entry.name]) if entry.name in fired else now for entry in RECURRING)


def queue_due(session: Session, *, now: dt.datetime) -> list[str]:
    """Queue every recurring job that is due and return their names.

    Whoever moves the row of a job forward queues it, in the same transaction; so any number of processes may
    try. What was missed while no process ran is queued once. A job seen for the first time waits for its time.
    """
    fired = dict(session.execute(sa.select(Schedule.name, Schedule.fired_at)).tuples().all())
    queued = []
    for entry in RECURRING:
        last = fired.get(entry.name)
        if last is None:
            _begin(session, entry.name, now)
        elif entry.next_after(last) <= now and _move(session, entry.name, last, now):
            enqueue(session, entry.kind, now=now, key=entry.name, payload=dict(entry.payload(now)))
            queued.append(entry.name)
    return queued


def _begin(session: Session, name: str, now: dt.datetime) -> None:
    session.execute(insert_into(session, Schedule).values(name=name, fired_at=now).on_conflict_do_nothing())


def _move(session: Session, name: str, last: dt.datetime, now: dt.datetime) -> bool:
    ours = sa.update(Schedule).where(Schedule.name == name, Schedule.fired_at == last).values(fired_at=now)
    result = session.execute(ours.returning(Schedule.name).execution_options(synchronize_session=False))
    return result.first() is not None
