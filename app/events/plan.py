"""From an event to the problem that the solver takes, and back to what people read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events.rules import weight
from app.events.scheduling.problem import Company, Flaw, Pair, Pin, Problem, flaws
from app.events.workflow import Role, Wish

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from app.events.placing import Board
    from app.events.scheduling.optimum import Placed, Solution

SHOWN = 100
"""How many musts without a place are explained at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A problem with the ids behind its numbers, and the state of the event it was read from."""

    event_id: uuid.UUID
    inputs: int
    problem: Problem
    ids: Sequence[uuid.UUID]
    names: Sequence[str]
    wishes: Mapping[tuple[uuid.UUID, uuid.UUID], Wish]
    flaws: Sequence[Flaw]

    @property
    def musts(self) -> list[Pair]:
        """Return the wanted pairs that one side at least must meet."""
        return [pair for pair in self.problem.pairs if Wish.MUST in self._both(pair)]

    def _both(self, pair: Pair) -> tuple[Wish | None, Wish | None]:
        host, guest = self.ids[pair.host], self.ids[pair.guest]
        return self.wishes.get((host, guest)), self.wishes.get((guest, host))


def make_plan(
    board: Board,
    *,
    event_id: uuid.UUID,
    inputs: int,
    pinned: set[tuple[uuid.UUID, uuid.UUID]],
    affinities: Mapping[tuple[uuid.UUID, uuid.UUID], float],
) -> Plan:
    """Return the problem of an event: everybody registered, every wanted pair, every fixed meeting."""
    ids = list(board.participants)
    place = {one: number for number, one in enumerate(ids)}
    n_slots = sum(len(run) for run in board.runs)
    guests = [board.participants[one] for one in ids]
    problem = Problem(
        companies=[Company(one.name, one.most, frozenset(range(n_slots)) - one.busy) for one in guests],
        pairs=_pairs(board, ids, affinities),
        n_slots=n_slots,
        n_tables=board.n_tables,
        pins=[
            Pin(place[one.host_id], place[one.guest_id], one.slot, one.table)
            for one in board.standing
            if (one.host_id, one.guest_id) in pinned and {one.host_id, one.guest_id} <= place.keys()
        ],
        blocks=board.runs,
        most_in_row=board.most_in_row,
    )
    found = [*flaws(problem), *_impossible(board, problem, ids)]
    return Plan(event_id, inputs, problem, ids, [one.name for one in guests], board.wishes, found)


def _pairs(
    board: Board, ids: Sequence[uuid.UUID], affinities: Mapping[tuple[uuid.UUID, uuid.UUID], float]
) -> list[Pair]:
    hosts = [number for number, one in enumerate(ids) if board.participants[one].role is Role.EXHIBITOR]
    guests = [number for number, one in enumerate(ids) if board.participants[one].role is Role.VISITOR]
    found = []
    for host in hosts:
        for guest in guests:
            pair = (ids[host], ids[guest])
            if board.embargoed.intersection(pair):
                continue
            worth = weight(board.wishes.get(pair), board.wishes.get(pair[::-1]), affinities.get(pair, 0.0))
            if worth > 0:
                found.append(Pair(host, guest, worth))
    return found


def _impossible(board: Board, problem: Problem, ids: Sequence[uuid.UUID]) -> list[Flaw]:
    """Return the fixed meetings that one side has refused since, or with whom nobody may meet by now."""
    found = []
    for pin in problem.pins:
        pair = (ids[pin.host], ids[pin.guest])
        names = (problem.companies[pin.host].name, problem.companies[pin.guest].name)
        if Wish.NO in (board.wishes.get(pair), board.wishes.get(pair[::-1])):
            found.append(Flaw("refused", names, pin.slot))
        if board.embargoed.intersection(pair):
            found.append(Flaw("embargoed", names, pin.slot))
    return found


def unmet(plan: Plan, solution: Solution) -> list[dict[str, str]]:
    """Return the musts that found no place, each with a reason of ``app.events.labels.UNMET``."""
    met = {(one.host, one.guest) for one in solution.meetings}
    lost = [pair for pair in plan.musts if (pair.host, pair.guest) not in met]
    return [_explained(plan, solution.meetings, pair) for pair in lost[:SHOWN]]


def _explained(plan: Plan, meetings: Sequence[Placed], pair: Pair) -> dict[str, str]:
    problem = plan.problem
    slots = {one: {m.slot for m in meetings if one in (m.host, m.guest)} for one in (pair.host, pair.guest)}
    common = problem.companies[pair.host].free & problem.companies[pair.guest].free
    code, who = "slots_full", ""
    if not common:
        code = "no_common_slot"
    elif full := [one for one in slots if len(slots[one]) >= problem.companies[one].most]:
        code, who = "limit", problem.companies[full[0]].name
    elif both := common - slots[pair.host] - slots[pair.guest]:
        taken = [sum(m.slot == slot for m in meetings) for slot in both]
        code = "tables_full" if min(taken) >= problem.n_tables else code
    names = (problem.companies[pair.host].name, problem.companies[pair.guest].name)
    return {"code": code, "host": names[0], "guest": names[1], "who": who}
