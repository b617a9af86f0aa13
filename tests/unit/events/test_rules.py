"""What follows from an event as an officer describes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from app.core.clock import SHANGHAI
from app.events.commands import ProposeMeeting, Room
from app.events.rules import faults, proposal_faults, slots, table_names, weight
from app.events.workflow import Wish
from tests.factories.events import save_event
from tests.support.clock import NOON

PROPOSAL = ProposeMeeting("Samples", (NOON + dt.timedelta(days=1),), 30, "Asia/Shanghai", place="Shenzhen")


def clocks(**changes: object) -> list[str]:
    """Return when the slots of an event begin, as clocks in Beijing show it."""
    return [f"{slot.starts_at.astimezone(SHANGHAI):%d %H:%M}" for slot in slots(save_event(**changes))]


def test_slots_follow_each_other_with_a_pause() -> None:
    assert clocks(starts=dt.time(9), ends=dt.time(10), slot_minutes=20, pause_minutes=0) == [
        "10 09:00",
        "10 09:20",
        "10 09:40",
    ]


def test_no_slot_reaches_into_the_long_break() -> None:
    found = clocks(
        starts=dt.time(11), ends=dt.time(14), slot_minutes=40, pause_minutes=0,
        lunch_from=dt.time(12), lunch_until=dt.time(13),
    )  # fmt: skip

    assert found == ["10 11:00", "10 13:00"]


def test_the_long_break_and_the_night_divide_blocks() -> None:
    event = save_event(
        first_day=dt.date(2026, 12, 10), last_day=dt.date(2026, 12, 11), starts=dt.time(11), ends=dt.time(14),
        slot_minutes=60, pause_minutes=0, lunch_from=dt.time(12), lunch_until=dt.time(13),
    )  # fmt: skip

    assert [slot.block for slot in slots(event)] == [0, 1, 2, 3]


def test_slots_are_numbered_over_all_days() -> None:
    event = save_event(last_day=dt.date(2026, 12, 11))

    numbers = [slot.number for slot in slots(event)]

    assert numbers == list(range(len(numbers)))


def test_a_sound_event_has_no_fault() -> None:
    assert faults(save_event()) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": dt.date(2026, 12, 9)}, "last_day"),
        ({"last_day": dt.date(2026, 12, 15)}, "last_day"),
        ({"ends": dt.time(9)}, "ends"),
        ({"lunch_from": dt.time(12), "lunch_until": None}, "lunch_until"),
        ({"lunch_from": dt.time(13), "lunch_until": dt.time(12)}, "lunch_until"),
        ({"registers_until": NOON - dt.timedelta(days=9)}, "registers_until"),
        ({"registers_until": NOON + dt.timedelta(days=40)}, "registers_until"),
        ({"place": "", "video_url": ""}, "place"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"rooms": ()}, "rooms"),
        ({"rooms": (Room("A", 150), Room("B", 100))}, "rooms"),
        ({"rooms": (Room("A", 1), Room("A", 2))}, "rooms"),
        ({"slot_minutes": 240, "lunch_from": dt.time(10), "lunch_until": dt.time(16)}, "slot_minutes"),
        ({"slot_minutes": 5, "pause_minutes": 0, "last_day": dt.date(2026, 12, 14)}, "slot_minutes"),
    ],
)
def test_a_contradiction_is_said_beside_its_field(changes: dict[str, object], field: str) -> None:
    assert [fault.field for fault in faults(save_event(**changes))] == [field]


def test_tables_are_numbered_within_their_rooms() -> None:
    assert table_names([{"name": "A厅", "n_tables": 2}, {"name": "B厅", "n_tables": 1}]) == ["A厅 1", "A厅 2", "B厅 1"]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ((Wish.MUST, None), (Wish.LIKE, None)),
        ((Wish.LIKE, Wish.LIKE), (Wish.LIKE, None)),
        ((Wish.LIKE, Wish.LIKE), (Wish.MUST, None)),
        ((Wish.MUST, Wish.LIKE), (Wish.LIKE, Wish.LIKE)),
        ((Wish.MUST, Wish.MUST), (Wish.MUST, Wish.LIKE)),
    ],
)
def test_musts_and_agreement_weigh_more(more: tuple[Wish, Wish | None], less: tuple[Wish, Wish | None]) -> None:
    assert weight(*more, 0.0) > weight(*less, 1.0)


@pytest.mark.parametrize("pair", [(Wish.NO, Wish.MUST), (Wish.MUST, Wish.NO), (None, None), (Wish.NO, None)])
def test_who_refuses_or_asks_for_nothing_is_not_made_to_meet(pair: tuple[Wish | None, Wish | None]) -> None:
    assert weight(*pair, 1.0) == 0.0


def test_a_sound_proposal_has_no_fault() -> None:
    assert proposal_faults(PROPOSAL, NOON) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"options": ()}, "options"),
        ({"options": (NOON,)}, "options"),
        ({"options": (NOON + dt.timedelta(days=400),)}, "options"),
        ({"options": (NOON + dt.timedelta(days=1),) * 2}, "options"),
        ({"place": ""}, "place"),
        ({"video_url": "file:///etc/passwd"}, "video_url"),
    ],
)
def test_a_faulty_proposal_is_told_where(changes: dict[str, object], field: str) -> None:
    assert [fault.field for fault in proposal_faults(replace(PROPOSAL, **changes), NOON)] == [field]
