"""One queue of the desk, whatever waits in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Place(NamedTuple):
    """How a queue is called and where it is worked through."""

    label: LazyString
    endpoint: str
    tab: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, where they are worked through, and the one that is due first or has waited longest."""

    label: LazyString
    endpoint: str
    tab: str | None
    n_waiting: int = 0
    title: str = ""
    since: dt.datetime | None = None
    due_at: dt.datetime | None = None

    def is_late(self, now: dt.datetime) -> bool:
        """Return whether the answer should have been given by now."""
        return self.due_at is not None and self.due_at <= now
