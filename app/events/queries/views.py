"""Events as pages show them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events.rules import table_names
from app.events.workflow import EventState, Role, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.events.models import Event


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot; ``starts_block`` where a day or a break lies before it."""

    id: uuid.UUID
    number: int
    block: int
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class EventView:
    """One event."""

    id: uuid.UUID
    state: EventState
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
    most_in_row: int
    tables: tuple[str, ...]
    registers_from: dt.datetime
    registers_until: dt.datetime
    opened_at: dt.datetime | None
    published_at: dt.datetime | None
    cancel_reason: str
    version: int
    slots: Sequence[SlotView] = ()
    n_exhibitors: int = 0
    n_visitors: int = 0

    @property
    def n_tables(self) -> int:
        """How many tables all rooms have."""
        return len(self.tables)

    def title(self, locale: object) -> str:
        """Return the title in the language of the page, as far as there is one."""
        return self.title_en if str(locale) == "en" and self.title_en else self.title_zh

    def description(self, locale: object) -> str:
        """Return the description in the language of the page, as far as there is one."""
        return self.description_en if str(locale) == "en" and self.description_en else self.description_zh

    def days(self) -> list[tuple[dt.date, list[SlotView]]]:
        """Return the slots of each day in Shanghai."""
        from app.core.clock import SHANGHAI

        found: dict[dt.date, list[SlotView]] = {}
        for slot in self.slots:
            found.setdefault(slot.starts_at.astimezone(SHANGHAI).date(), []).append(slot)
        return list(found.items())


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """A participant as another one, or the desk, sees it."""

    organization_id: uuid.UUID
    name: str
    city_code: str
    role: Role
    offer: str
    most_meetings: int
    n_busy: int
    wish: Wish | None = None
    """What the reader's company says of it."""
    asks: bool = False
    """Whether it asks for a meeting with the reader's company."""
    is_paired: bool = False
    """Whether the authority has approved a pairing of the two."""
    score: float = 0.0
    """The model's best score of the two, as far as the reader may know."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How the reader's company takes part."""

    role: Role
    most_meetings: int
    busy_slots: frozenset[int]
    offer: str
    is_withdrawn: bool


def event_view(event: Event, slots: Sequence[SlotView] = (), counts: dict[Role, int] | None = None) -> EventView:
    """Return an event as its pages show it."""
    counts = counts or {}
    return EventView(
        id=event.id,
        state=event.state,
        title_zh=event.title_zh,
        title_en=event.title_en,
        description_zh=event.description_zh,
        description_en=event.description_en,
        place=event.place,
        video_url=event.video_url,
        first_day=event.first_day,
        last_day=event.last_day,
        starts=event.starts,
        ends=event.ends,
        slot_minutes=event.slot_minutes,
        most_in_row=event.most_in_row,
        tables=tuple(table_names(event.rooms)),
        registers_from=event.registers_from,
        registers_until=event.registers_until,
        opened_at=event.opened_at,
        published_at=event.published_at,
        cancel_reason=event.cancel_reason,
        version=event.version,
        slots=slots,
        n_exhibitors=counts.get(Role.EXHIBITOR, 0),
        n_visitors=counts.get(Role.VISITOR, 0),
    )
