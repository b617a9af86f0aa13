"""What is to be scheduled, and what makes it impossible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Company:
    """One participant: how many meetings at most, and the slots (from 0) in which it has time."""

    name: str
    most: int
    free: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two participants who may meet, by their places in ``Problem.companies``; ``weight``: how much it is wanted."""

    host: int
    guest: int
    weight: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting that an officer has fixed."""

    host: int
    guest: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Hosts and guests, slots and tables. No pair joins two hosts or two guests; that is why the optimum is cheap."""

    companies: Sequence[Company]
    pairs: Sequence[Pair]
    n_slots: int
    n_tables: int
    pins: Sequence[Pin] = ()
    blocks: Sequence[Sequence[int]] = ()
    """Slots that follow each other without a longer break; empty: all of them."""
    most_in_row: int = 0
    """How many meetings a company may have one after the other within a block; 0: any number."""

    @property
    def runs(self) -> Sequence[Sequence[int]]:
        """The blocks, or all slots as one block."""
        return self.blocks or (tuple(range(self.n_slots)),)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why fixed meetings contradict each other or the rules; ``code`` is a key of ``app.events.labels.FLAWS``."""

    code: str
    names: tuple[str, ...] = ()
    slot: int | None = None


@dataclass
class _Found:
    flaws: list[Flaw] = field(default_factory=list)

    def add(self, code: str, *names: str, slot: int | None = None) -> None:
        self.flaws.append(Flaw(code, names, slot))


def flaws(problem: Problem) -> list[Flaw]:
    """Return every contradiction among the fixed meetings; with none, a schedule always exists."""
    found = _Found()
    companies, places, seats = problem.companies, set[tuple[int, int]](), set[tuple[int, int]]()
    for pin in problem.pins:
        host, guest = companies[pin.host].name, companies[pin.guest].name
        for one in (pin.host, pin.guest):
            name = companies[one].name
            if pin.slot not in companies[one].free:
                found.add("not_free", name, host, guest, slot=pin.slot)
            if (one, pin.slot) in seats:
                found.add("twice_in_slot", name, slot=pin.slot)
            seats.add((one, pin.slot))
        if not 0 <= pin.table < problem.n_tables:
            found.add("no_such_table", host, guest, slot=pin.slot)
        elif (pin.table, pin.slot) in places:
            found.add("table_twice", host, guest, slot=pin.slot)
        places.add((pin.table, pin.slot))
    for one, company in enumerate(companies):
        _count(problem, one, company, found)
    return found.flaws


def _count(problem: Problem, one: int, company: Company, found: _Found) -> None:
    """Note a company whose fixed meetings are more than it wants, or too many in a row."""
    slots = {pin.slot for pin in problem.pins if one in (pin.host, pin.guest)}
    if len(slots) > company.most:
        found.add("over_limit", company.name)
    if problem.most_in_row and longest_row(slots, problem.runs) > problem.most_in_row:
        found.add("no_pause", company.name)


def longest_row(slots: set[int], runs: Sequence[Sequence[int]]) -> int:
    """Return how many of these slots follow each other at most within a block."""
    longest = 0
    for run in runs:
        length = 0
        for slot in run:
            length = length + 1 if slot in slots else 0
            longest = max(longest, length)
    return longest
