"""What people ask of this slice."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.events.workflow import Role, Wish


@dataclass(frozen=True, slots=True)
class Room:
    """A room with so many tables."""

    name: str
    n_tables: int


@dataclass(frozen=True, slots=True)
class SaveEvent:
    """Everything an officer states of an event; times of day are Shanghai's."""

    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    place: str
    video_url: str
    first_day: dt.date
    last_day: dt.date
    starts: dt.time
    ends: dt.time
    slot_minutes: int
    pause_minutes: int
    lunch_from: dt.time | None
    lunch_until: dt.time | None
    rooms: tuple[Room, ...]
    most_in_row: int
    registers_from: dt.datetime
    registers_until: dt.datetime
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """How a company takes part."""

    role: Role
    most_meetings: int
    busy_slots: frozenset[int]
    offer: str = ""


@dataclass(frozen=True, slots=True)
class SaveWishes:
    """What a participant says of others; None takes back what it said."""

    wishes: Mapping[uuid.UUID, Wish | None]


@dataclass(frozen=True, slots=True)
class PlaceMeeting:
    """Where an officer puts a meeting by hand: slot by number, table from 0 through all rooms."""

    host_id: uuid.UUID
    guest_id: uuid.UUID
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class ProposeMeeting:
    """Times that a company offers; the instants carry their zone."""

    topic: str
    options: tuple[dt.datetime, ...]
    minutes: int
    time_zone: str
    place: str = ""
    video_url: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What came of a meeting, as one of its companies sees it."""

    result: str
    rating: int | None
    next_step: str
    reasons: tuple[str, ...]
    note: str = ""
