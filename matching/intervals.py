"""Numbers of the texts as intervals, to see whether a sheet speaks of the quantities a need speaks of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Interval

#: Worth of a stated number that lies inside the sheet's range, and of one that is near it.
INSIDE, NEAR = 0.6, 0.3


@dataclass(slots=True)
class Intervals:
    """Per row its intervals: starts[r]:starts[r+1] of parallel arrays."""

    dimensions: dict[str, int] = field(default_factory=dict)
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    kinds: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    ends: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))

    def add(self, rows: Sequence[Sequence[Interval]]) -> Intervals:
        """Append rows; return self."""
        kinds = [self.dimensions.setdefault(kind, len(self.dimensions)) for row in rows for kind, _, _ in row]
        ends = np.array([(low, high) for row in rows for _, low, high in row], np.float64).reshape(-1, 2)
        lengths = np.cumsum([len(row) for row in rows], dtype=np.int64)
        self.starts = np.concatenate([self.starts, self.starts[-1] + lengths])
        self.kinds = np.concatenate([self.kinds, np.array(kinds, np.int16)])
        self.ends = np.concatenate([self.ends, ends])
        return self

    def fit_of(self, need: Sequence[Interval], row: int) -> float:
        """Return the mean worth of a need's quantities in a row: 1 stated alike, 0 nothing comparable stated."""
        if not need:
            return 0.0
        start, stop = self.starts[row], self.starts[row + 1]
        kinds, ends = self.kinds[start:stop], self.ends[start:stop]
        worth = 0.0
        for kind, low, high in need:
            same = ends[kinds == self.dimensions.get(kind, -1)]
            worth += max((_worth(low, high, float(a), float(b)) for a, b in same), default=0.0)
        return worth / len(need)


def _worth(low: float, high: float, bottom: float, top: float) -> float:
    """Return how well an offered interval answers a stated one."""
    if math.isclose(low, bottom, rel_tol=1e-6) and math.isclose(high, top, rel_tol=1e-6):
        return 1.0
    if low == high and (math.isclose(low, bottom, rel_tol=1e-6) or math.isclose(low, top, rel_tol=1e-6)):
        return 0.9
    if bottom <= low and high <= top:
        return INSIDE
    if low <= 0 or top <= 0:
        return 0.0
    return NEAR * math.exp(-abs(math.log(high / top)) * 2)
