"""A schedule in the making."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from app.events.scheduling.problem import Problem


class State:
    """Which pair meets in which slot; the fixed meetings are taken out and their slots taken away."""

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        self.problem = problem
        n, n_slots = len(problem.companies), problem.n_slots
        self.free: NDArray[np.bool_] = np.zeros((n, n_slots), dtype=bool)
        self.pinned: NDArray[np.bool_] = np.zeros((n, n_slots), dtype=bool)
        """Slots in which a company has a fixed meeting; they count where pauses are concerned."""
        self.most: NDArray[np.int64] = np.array([company.most for company in problem.companies], dtype=np.int64)
        self.n_tables: NDArray[np.int64] = np.full(n_slots, problem.n_tables, dtype=np.int64)
        for one, company in enumerate(problem.companies):
            self.free[one, sorted(company.free)] = True
        fixed = {(pin.host, pin.guest) for pin in problem.pins}
        for pin in problem.pins:
            for one in (pin.host, pin.guest):
                self.free[one, pin.slot], self.pinned[one, pin.slot] = False, True
                self.most[one] -= 1
            self.n_tables[pin.slot] -= 1
        pairs = [pair for pair in problem.pairs if (pair.host, pair.guest) not in fixed and pair.weight > 0]
        self.ends: NDArray[np.int64] = np.array([(p.host, p.guest) for p in pairs], dtype=np.int64).reshape(-1, 2)
        self.weights: NDArray[np.float64] = np.array([p.weight for p in pairs], dtype=np.float64)
        self.common: NDArray[np.bool_] = self.free[self.ends[:, 0]] & self.free[self.ends[:, 1]]
        """Per pair and slot, whether both have time."""
        worth = {(pair.host, pair.guest): pair.weight for pair in problem.pairs}
        self.pinned_value = float(sum(worth.get(one, 0.0) for one in fixed))
        self.slot_of: NDArray[np.int64] = np.full(len(pairs), -1, dtype=np.int64)

    @property
    def value(self) -> float:
        """What the meetings placed so far are worth, the fixed ones with them."""
        return float(self.weights[self.slot_of >= 0].sum()) + self.pinned_value

    def meetings(self) -> Iterable[tuple[int, int, int]]:
        """Return (host, guest, slot) of every meeting placed, the fixed ones left out."""
        for pair in (self.slot_of >= 0).nonzero()[0]:
            yield int(self.ends[pair, 0]), int(self.ends[pair, 1]), int(self.slot_of[pair])

    def capacity(self, one: int, slots: Iterable[int] | None = None) -> int:
        """Return how many meetings a company has time for, its pauses considered."""
        limit, wanted = self.problem.most_in_row, None if slots is None else set(slots)
        count = 0
        for run in self.problem.runs:
            row = 0
            for place, slot in enumerate(run):
                if self.pinned[one, slot]:
                    row += 1
                    continue
                if (
                    self.free[one, slot]
                    and (wanted is None or slot in wanted)
                    and self._fits(one, run, place, row, limit)
                ):
                    count, row = count + 1, row + 1
                else:
                    row = 0
        return count

    def _fits(self, one: int, run: Sequence[int], place: int, row: int, limit: int) -> bool:
        """Return whether one more meeting here leaves the fixed ones that follow their pause."""
        if not limit:
            return True
        following = 0
        for slot in run[place + 1 :]:
            if not self.pinned[one, slot]:
                break
            following += 1
        return row + 1 + following <= limit
