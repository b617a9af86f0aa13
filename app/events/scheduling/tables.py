"""Which table each meeting gets: hosts keep theirs where they can."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.events.scheduling.problem import Problem


def assign(problem: Problem, meetings: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Return (host, guest, slot, table) of all meetings, the fixed ones among them, by slot and table.

    Slots never hold more meetings than tables, so that everybody finds one. A host stays at its last table when
    that is free, else takes the free one that hosts have used least.
    """
    by_slot: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for host, guest, slot in meetings:
        by_slot[slot].append((host, guest))
    placed: list[tuple[int, int, int, int]] = []
    last: dict[int, int] = {}
    uses = [0] * problem.n_tables
    for slot in range(problem.n_slots):
        fixed = [pin for pin in problem.pins if pin.slot == slot]
        free = set(range(problem.n_tables)) - {pin.table for pin in fixed}
        here = [(pin.host, pin.guest, slot, pin.table) for pin in fixed]
        waiting = []
        for host, guest in sorted(by_slot[slot]):
            if last.get(host) in free:
                free.remove(last[host])
                here.append((host, guest, slot, last[host]))
            else:
                waiting.append((host, guest))
        for host, guest in waiting:
            table = min(free, key=lambda one: (uses[one], one))
            free.remove(table)
            here.append((host, guest, slot, table))
        for host, _guest, _slot, table in here:
            last[host] = table
            uses[table] += 1
        placed += sorted(here, key=lambda one: one[3])
    return placed
