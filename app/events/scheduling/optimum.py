"""The best schedule with SciPy's HiGHS: choose the meetings, give them slots, repair, and prove how good it is.

Which meetings take place, slots aside, is a b-matching of hosts with guests under one limit for the whole: its
constraint matrix is totally unimodular, so that the linear optimum is whole and bounds every schedule from above.
Slots are then filled one after the other, each by a matching (totally unimodular again) that serves first whoever
has no slot to spare; where everybody is free always, this loses nothing (König 1916; de Werra 1971, for the size
of the classes). What refusals of slots and pauses cost is won back by solving a few slots at a time exactly.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events.scheduling import exact, tables
from app.events.scheduling.filling import fill
from app.events.scheduling.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.events.scheduling.problem import Problem

STEPS = 100
GOOD_ENOUGH = 1e-4
"""A gap below this is not worth another second."""
PROVEN_GAP = 0.01


@dataclass(frozen=True, slots=True)
class Placed:
    """One meeting of a schedule."""

    host: int
    guest: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Solution:
    """A schedule without conflicts, what it is worth, and what no schedule can exceed."""

    meetings: tuple[Placed, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the schedule may be from the best at most, as a share of the bound."""
        return max(0.0, (self.bound - self.value) / self.bound) if self.bound > 0 else 0.0


def solve(
    problem: Problem,
    progress: Callable[[int, int], None] = lambda *_: None,
    *,
    seconds: float = 8.0,
    seed: int = 1,
) -> Solution:
    """Return the best schedule found within about ``seconds``. ``problem`` has no flaws.

    The fixed meetings are part of it and count in ``value`` and ``bound`` alike. The same problem and seed give
    the same schedule unless time runs out.
    """
    until = time.monotonic() + seconds
    state = State(problem)
    chosen, bound = exact.choose(state)
    progress(10, STEPS)
    fill(state, chosen)
    progress(30, STEPS)
    bound += state.pinned_value
    _repair(state, bound, until, seed, progress)
    if state.value < bound * (1 - PROVEN_GAP):
        bound = min(bound, exact.relaxed_bound(state, seconds) + state.pinned_value)
    progress(95, STEPS)
    placed = tables.assign(problem, state.meetings())
    progress(STEPS, STEPS)
    return Solution(tuple(Placed(*one) for one in placed), state.value, max(bound, state.value))


def _repair(state: State, bound: float, until: float, seed: int, progress: Callable[[int, int], None]) -> None:
    """Solve a few slots at a time exactly until the bound is reached, nothing helps any more, or time is up."""
    windows = exact.windows(state, seed)
    idle, n_rounds = 0, 0
    while state.value < bound * (1 - GOOD_ENOUGH) and idle < exact.PATIENCE and time.monotonic() < until:
        before = state.value
        exact.improve(state, next(windows), until - time.monotonic())
        idle = 0 if state.value > before + 1e-9 else idle + 1
        n_rounds += 1
        if n_rounds % 5 == 0:
            progress(min(90, 30 + n_rounds), STEPS)
