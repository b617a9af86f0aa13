"""Whether a meeting may stand where somebody wants to put it by hand; pure, so that the page can ask, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.events.scheduling.problem import longest_row
from app.events.workflow import Role, Wish

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from app.events.commands import PlaceMeeting


@dataclass(frozen=True, slots=True)
class Guest:
    """A participant as the schedule sees it."""

    name: str
    role: Role
    most: int
    busy: frozenset[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting that has a place."""

    meeting_id: uuid.UUID
    host_id: uuid.UUID
    guest_id: uuid.UUID
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that stands, and the rules it stands by."""

    participants: Mapping[uuid.UUID, Guest]
    wishes: Mapping[tuple[uuid.UUID, uuid.UUID], Wish]
    standing: Sequence[Standing]
    runs: Sequence[Sequence[int]]
    n_tables: int
    most_in_row: int = 0
    slot_ids: Sequence[uuid.UUID] = field(default=())
    embargoed: frozenset[uuid.UUID] = frozenset()
    """Makers whose challenges still take bids when the event begins; they meet nobody."""

    def without(self, host_id: uuid.UUID, guest_id: uuid.UUID) -> list[Standing]:
        """Return what stands beside the meeting of these two."""
        return [one for one in self.standing if (one.host_id, one.guest_id) != (host_id, guest_id)]


def refusal(board: Board, command: PlaceMeeting) -> str:
    """Return why the meeting may not stand there: a constant sentence, or nothing when it may."""
    host, guest = board.participants.get(command.host_id), board.participants.get(command.guest_id)
    if host is None or guest is None or (host.role, guest.role) != (Role.EXHIBITOR, Role.VISITOR):
        return "A meeting is between a registered exhibitor and a registered visitor."
    if not any(command.slot in run for run in board.runs) or not 0 <= command.table < board.n_tables:
        return "There is no such slot or table."
    if _refuses(board, command):
        return "One of the two has said that it does not want to meet the other."
    if board.embargoed & {command.host_id, command.guest_id}:
        return "The challenge of one of the two still takes bids on that day; until then it meets nobody in private."
    if command.slot in host.busy or command.slot in guest.busy:
        return "One of the two has no time in this slot."
    others = board.without(command.host_id, command.guest_id)
    here = [one for one in others if one.slot == command.slot]
    if any({one.host_id, one.guest_id} & {command.host_id, command.guest_id} for one in here):
        return "One of the two has another meeting in this slot."
    if any(one.table == command.table for one in here):
        return "The table is taken in this slot."
    return _limits(board, command, others)


def _refuses(board: Board, command: PlaceMeeting) -> bool:
    pair = (command.host_id, command.guest_id)
    return Wish.NO in (board.wishes.get(pair), board.wishes.get(pair[::-1]))


def _limits(board: Board, command: PlaceMeeting, others: Sequence[Standing]) -> str:
    for one in (command.host_id, command.guest_id):
        slots = {meeting.slot for meeting in others if one in (meeting.host_id, meeting.guest_id)} | {command.slot}
        if len(slots) > board.participants[one].most:
            return "One of the two would have more meetings than it wants."
        if board.most_in_row and longest_row(slots, board.runs) > board.most_in_row:
            return "One of the two would have no pause: too many meetings one after the other."
    return ""


def free_places(board: Board, host_id: uuid.UUID, guest_id: uuid.UUID) -> list[tuple[int, int]]:
    """Return (slot, first free table) of every slot in which the two could meet."""
    from app.events.commands import PlaceMeeting

    found = []
    for run in board.runs:
        for slot in run:
            taken = {one.table for one in board.without(host_id, guest_id) if one.slot == slot}
            table = next((number for number in range(board.n_tables) if number not in taken), None)
            if table is not None and not refusal(board, PlaceMeeting(host_id, guest_id, slot, table)):
                found.append((slot, table))
    return found
