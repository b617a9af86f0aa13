"""When an event may be mailed: not in somebody's quiet hours, and not the twenty-first time a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.core.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class MailTiming:
    """What a person said about mail of single events; None: nothing."""

    no_mail: frozenset[str] = frozenset()
    """Topics of which only the inbox tells."""
    quiet_from: int | None = None
    quiet_until: int | None = None
    """Hours of the day in Shanghai."""
    max_daily: int | None = None

    def send_at(self, now: dt.datetime) -> dt.datetime:
        """Return ``now``, or the end of the quiet hours in which it falls."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return now
        here = now.astimezone(SHANGHAI)
        if not _is_between(here.hour, self.quiet_from, self.quiet_until):
            return now
        end = here.replace(hour=self.quiet_until, minute=0, second=0, microsecond=0)
        return (end if end > here else end + dt.timedelta(days=1)).astimezone(dt.UTC)


def _is_between(hour: int, first: int, last: int) -> bool:
    """Return whether an hour lies in a span that may reach over midnight; the last hour is outside."""
    return first <= hour < last if first < last else hour >= first or hour < last
