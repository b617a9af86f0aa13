"""Where a meeting may stand by hand."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.events.commands import PlaceMeeting
from app.events.placing import Board, Guest, Standing, free_places, refusal
from app.events.workflow import Role, Wish

HOST, OTHER_HOST, GUEST, OTHER_GUEST = (uuid.UUID(int=number) for number in range(1, 5))
BOARD = Board(
    participants={
        HOST: Guest("host", Role.EXHIBITOR, 2, frozenset({3})),
        OTHER_HOST: Guest("other host", Role.EXHIBITOR, 9, frozenset()),
        GUEST: Guest("guest", Role.VISITOR, 9, frozenset()),
        OTHER_GUEST: Guest("other guest", Role.VISITOR, 9, frozenset()),
    },
    wishes={(OTHER_GUEST, OTHER_HOST): Wish.NO},
    standing=[Standing(uuid.UUID(int=9), HOST, OTHER_GUEST, slot=0, table=0)],
    runs=[[0, 1, 2, 3]],
    n_tables=2,
)


def test_a_free_place_is_given() -> None:
    assert refusal(BOARD, PlaceMeeting(HOST, GUEST, 1, 0)) == ""


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (PlaceMeeting(GUEST, HOST, 1, 0), "between a registered exhibitor and a registered visitor"),
        (PlaceMeeting(HOST, uuid.UUID(int=99), 1, 0), "between a registered exhibitor and a registered visitor"),
        (PlaceMeeting(HOST, GUEST, 4, 0), "no such slot or table"),
        (PlaceMeeting(HOST, GUEST, 1, 2), "no such slot or table"),
        (PlaceMeeting(OTHER_HOST, OTHER_GUEST, 1, 0), "does not want to meet"),
        (PlaceMeeting(HOST, GUEST, 3, 0), "no time in this slot"),
        (PlaceMeeting(HOST, GUEST, 0, 1), "another meeting in this slot"),
        (PlaceMeeting(OTHER_HOST, GUEST, 0, 0), "table is taken"),
    ],
)
def test_a_conflict_is_refused_with_its_reason(command: PlaceMeeting, reason: str) -> None:
    assert reason in refusal(BOARD, command)


def test_a_meeting_that_moves_is_not_in_its_own_way() -> None:
    assert refusal(BOARD, PlaceMeeting(HOST, OTHER_GUEST, 0, 1)) == ""


def test_nobody_gets_more_meetings_than_it_wants() -> None:
    third = Standing(uuid.UUID(int=10), HOST, uuid.UUID(int=50), slot=2, table=0)
    board = replace(BOARD, standing=[*BOARD.standing, third])

    assert "more meetings than it wants" in refusal(board, PlaceMeeting(HOST, GUEST, 1, 0))


def test_everybody_keeps_its_pauses() -> None:
    board = replace(BOARD, most_in_row=1)

    assert "no pause" in refusal(board, PlaceMeeting(HOST, GUEST, 1, 0))
    assert refusal(board, PlaceMeeting(HOST, GUEST, 2, 0)) == ""


def test_free_places_name_the_first_free_table_of_every_slot() -> None:
    assert free_places(BOARD, OTHER_HOST, GUEST) == [(0, 1), (1, 0), (2, 0), (3, 0)]
