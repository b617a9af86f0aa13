"""Slots, tables and weights: what follows from an event as an officer describes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.core.clock import SHANGHAI
from app.events.workflow import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.events.commands import ProposeMeeting, SaveEvent

NO_EVENT = "There is no such event."
NO_MEETING = "There is no such meeting."
MAX_DAYS, MAX_SLOTS, MAX_TABLES, MAX_ROOMS = 5, 120, 200, 12
MAX_MUSTS = 5
"""Musts of one participant; were all its requests musts, none would be."""
WORTH = {Wish.MUST: 8.0, Wish.LIKE: 3.0}
MUTUAL = 4.0
"""Added when both sides ask for the meeting."""
MAX_OPTIONS = 5
FURTHEST = dt.timedelta(days=180)
WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to correct; ``field`` is that of the form."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """One slot in the making."""

    number: int
    block: int
    starts_at: dt.datetime
    ends_at: dt.datetime


def faults(event: SaveEvent) -> list[Fault]:
    """Return every contradiction of an event."""
    found = [*_day_faults(event), *_time_faults(event)]
    if not event.place and not event.video_url:
        found.append(Fault("place", "State a place, a video link, or both."))
    if event.video_url and not is_web_address(event.video_url):
        found.append(Fault("video_url", "The link must begin with https:// or http://."))
    if not event.rooms:
        found.append(Fault("rooms", "State at least one room with its tables."))
    elif sum(room.n_tables for room in event.rooms) > MAX_TABLES:
        found.append(Fault("rooms", "An event has at most 200 tables."))
    elif len({room.name for room in event.rooms}) < len(event.rooms):
        found.append(Fault("rooms", "Give every room a name of its own."))
    if not found and not (n_slots := sum(1 for _ in slots(event))):
        found.append(Fault("slot_minutes", "No slot fits into the day."))
    elif not found and n_slots > MAX_SLOTS:
        found.append(Fault("slot_minutes", "An event has at most 120 slots. Make them longer, or the event shorter."))
    return found


def _day_faults(event: SaveEvent) -> Iterator[Fault]:
    if event.last_day < event.first_day:
        yield Fault("last_day", "The last day comes before the first.")
    elif (event.last_day - event.first_day).days >= MAX_DAYS:
        yield Fault("last_day", "An event lasts at most five days.")
    if event.registers_until <= event.registers_from:
        yield Fault("registers_until", "Registration must end after it begins.")
    elif event.registers_until > at(event.first_day, event.starts):
        yield Fault("registers_until", "Registration must end before the event begins.")


def _time_faults(event: SaveEvent) -> Iterator[Fault]:
    if event.ends <= event.starts:
        yield Fault("ends", "The day must end after it begins.")
    if (event.lunch_from is None) != (event.lunch_until is None):
        yield Fault("lunch_until", "State both ends of the break, or neither.")
    elif event.lunch_from and event.lunch_until and event.lunch_until <= event.lunch_from:
        yield Fault("lunch_until", "The break must end after it begins.")


def slots(event: SaveEvent) -> Iterator[Stretch]:
    """Yield the slots of all days: one after the other with a pause between, none across the long break."""
    length, pause = dt.timedelta(minutes=event.slot_minutes), dt.timedelta(minutes=event.pause_minutes)
    number, block = 0, -1
    for offset in range((event.last_day - event.first_day).days + 1):
        day = event.first_day + dt.timedelta(days=offset)
        lunch = (
            (at(day, event.lunch_from), at(day, event.lunch_until)) if event.lunch_from and event.lunch_until else None
        )
        start, end, is_new = at(day, event.starts), at(day, event.ends), True
        while start + length <= end:
            if lunch and start < lunch[1] and start + length > lunch[0]:
                start, is_new = lunch[1], True
                continue
            block, is_new = block + is_new, False
            yield Stretch(number, block, start, start + length)
            number, start = number + 1, start + length + pause


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the instant at which Beijing's clocks show this day and time."""
    return dt.datetime.combine(day, time, tzinfo=SHANGHAI).astimezone(dt.UTC)


def table_names(rooms: Sequence[Mapping[str, object]]) -> list[str]:
    """Return the names of all tables, numbered within their rooms: ``A厅 3``."""
    return [f"{room['name']} {number}" for room in rooms for number in range(1, int(str(room["n_tables"])) + 1)]


def weight(one: Wish | None, other: Wish | None, score: float) -> float:
    """Return how much a meeting counts: requests of both sides, more when they agree; the model breaks ties.

    0 when nobody asked for it or one side refuses; ``score`` in [0, 1].
    """
    if Wish.NO in (one, other) or (one is None and other is None):
        return 0.0
    asked = sum(WORTH[wish] for wish in (one, other) if wish is not None)
    return asked + (MUTUAL if one and other else 0.0) + score


def is_web_address(url: str) -> bool:
    """Return whether a link leads to the web, and not into the reader's own machine."""
    return url.startswith(WEB)


def proposal_faults(proposal: ProposeMeeting, now: dt.datetime) -> list[Fault]:
    """Return what is wrong with proposed times."""
    found = []
    if not proposal.options:
        found.append(Fault("options", "Propose at least one time."))
    if len(set(proposal.options)) < len(proposal.options):
        found.append(Fault("options", "Propose each time once."))
    if any(option <= now for option in proposal.options):
        found.append(Fault("options", "Propose times that are still to come."))
    if any(option > now + FURTHEST for option in proposal.options):
        found.append(Fault("options", "Propose times within the next 180 days."))
    if not proposal.place and not proposal.video_url:
        found.append(Fault("place", "State a place, a video link, or both."))
    if proposal.video_url and not is_web_address(proposal.video_url):
        found.append(Fault("video_url", "The link must begin with https:// or http://."))
    return found


def in_zone(instant: dt.datetime, zone: str) -> dt.datetime:
    """Return an instant as clocks in ``zone`` show it."""
    return instant.astimezone(ZoneInfo(zone))
