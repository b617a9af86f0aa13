"""Numbers of the texts as intervals, to see whether a sheet speaks of the quantities a need speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Interval

Floats = NDArray[np.float64]

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

    @classmethod
    def joined(cls, parts: Sequence[Intervals]) -> Intervals:
        """Return the rows of all parts, in order."""
        dimensions: dict[str, int] = {}
        for part in parts:
            for kind in part.dimensions:
                dimensions.setdefault(kind, len(dimensions))
        tables = [np.array([dimensions[kind] for kind in part.dimensions], np.int16) for part in parts]
        lengths = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.starts) for part in parts)])
        kinds = [part.kinds for part in parts[:1]]  # the first part names the kinds
        kinds += [table[part.kinds] for table, part in zip(tables[1:], parts[1:], strict=True) if len(table)]
        return cls(
            dimensions,
            np.cumsum(lengths),
            np.concatenate([np.zeros(0, np.int16), *kinds]),
            np.concatenate([np.zeros((0, 2)), *(part.ends for part in parts)]),
        )

    def fits(self, need: Sequence[Interval], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return per row the mean worth of a need's quantities in it: 1 stated alike, 0 nothing comparable stated."""
        total = np.zeros(len(rows))
        starts, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), lengths)
        places = np.arange(len(owner)) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        kinds, ends = self.kinds[places], self.ends[places]
        for kind, low, high in need:
            same = kinds == self.dimensions.get(kind, -1)
            best = np.zeros(len(rows))
            np.maximum.at(best, owner[same], _worth(low, high, *ends[same].T))
            total += best
        return total / max(len(need), 1)


def _worth(low: float, high: float, bottom: Floats, top: Floats) -> Floats:
    """Return how well offered intervals answer a stated one."""
    at_bottom, at_top = _close(low, bottom), _close(high, top)
    point = (low == high) & (at_bottom | _close(low, top))
    inside = (bottom <= low) & (high <= top)
    near = np.zeros(len(bottom))
    above = (top > 0) & (low > 0)
    near[above] = NEAR * np.exp(-2 * np.abs(np.log(high / top[above])))
    return np.select([at_bottom & at_top, point, inside], [1.0, 0.9, INSIDE], near)


def _close(one: float, others: Floats) -> NDArray[np.bool_]:
    """Tell which numbers are equal up to a millionth."""
    return np.abs(others - one) <= 1e-6 * np.maximum(np.abs(others), abs(one))
