"""Events, participants, requests and meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory

from app.events.commands import Room, SaveEvent
from app.events.models import Event, EventWish, Meeting, Participant, Slot
from app.events.rules import slots
from app.events.workflow import EventState, MeetingKind, MeetingState, Role, Wish
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

DAY = dt.date(2026, 12, 10)


def save_event(**changes: Any) -> SaveEvent:
    """Return what an officer states of a sound event: one day, 9 to 12, slots of 20 minutes, two rooms."""
    values: dict[str, Any] = {
        "title_zh": "芯片与终端对接会",
        "title_en": "Chips meet devices",
        "description_zh": "一对一洽谈。",
        "description_en": "",
        "place": "深圳会展中心",
        "video_url": "",
        "first_day": DAY,
        "last_day": max(DAY, changes.get("first_day", DAY)),
        "starts": dt.time(9),
        "ends": dt.time(12),
        "slot_minutes": 20,
        "pause_minutes": 10,
        "lunch_from": None,
        "lunch_until": None,
        "rooms": (Room("A厅", 2), Room("B厅", 1)),
        "most_in_row": 0,
        "registers_from": NOON - dt.timedelta(days=5),
        "registers_until": NOON + dt.timedelta(days=5),
    }
    return SaveEvent(**{**values, **changes})


class EventFactory(Factory):
    """An announced event that takes registrations: six slots, three tables."""

    class Meta:
        model = Event
        exclude = ("stated",)

    class Params:
        draft = factory.Trait(state=EventState.DRAFT, opened_at=None)
        over = factory.Trait(registers_until=NOON - dt.timedelta(hours=1))
        scheduled = factory.Trait(
            state=EventState.SCHEDULED, published_at=NOON, registers_until=NOON - dt.timedelta(hours=1)
        )

    stated = factory.LazyFunction(save_event)
    state, opened_at = EventState.OPEN, NOON - dt.timedelta(days=6)
    title_zh, title_en, description_zh, place = "芯片与终端对接会", "Chips meet devices", "一对一洽谈。", "深圳会展中心"
    first_day, last_day, starts, ends = DAY, DAY, dt.time(9), dt.time(12)
    slot_minutes, pause_minutes = 20, 10
    rooms = factory.LazyFunction(lambda: [{"name": "A厅", "n_tables": 2}, {"name": "B厅", "n_tables": 1}])
    registers_from, registers_until = NOON - dt.timedelta(days=5), NOON + dt.timedelta(days=5)
    slots = factory.LazyAttribute(
        lambda event: [
            Slot(number=one.number, block=one.block, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in slots(event.stated)
        ]
    )


class ParticipantFactory(Factory):
    """A company at an event: an exhibitor; ``visitor`` for the other side."""

    class Meta:
        model = Participant
        exclude = ("event",)

    class Params:
        visitor = factory.Trait(role=Role.VISITOR)

    event: Any = factory.SubFactory(EventFactory)
    event_id = factory.SelfAttribute("event.id")
    organization = factory.SubFactory(OrganizationFactory)
    role, most_meetings = Role.EXHIBITOR, 6
    busy_slots: Any = factory.LazyFunction(list)


class WishFactory(Factory):
    """A request of one participant about another."""

    class Meta:
        model = EventWish
        exclude = ("by", "of")

    by: Any = None
    of: Any = None
    event_id = factory.SelfAttribute("by.event_id")
    from_id = factory.SelfAttribute("by.organization_id")
    to_id = factory.SelfAttribute("of.organization_id")
    wish = Wish.LIKE


class PersonalMeetingFactory(Factory):
    """A meeting of two introduced companies, fixed for tomorrow."""

    class Meta:
        model = Meeting

    kind, state, topic, place = MeetingKind.PERSONAL, MeetingState.SET, "样品评测", "深圳"
    pairing = factory.SubFactory(PairingFactory, introduced=True)
    host = factory.SelfAttribute("pairing.demand")
    guest = factory.SelfAttribute("pairing.supplier")
    starts_at, ends_at = NOON + dt.timedelta(days=1), NOON + dt.timedelta(days=1, minutes=30)
    announced = 0
