"""The first stage: exact levels and candidates of a need, from what every sheet can reach and the scores of few.

In each view every row gets a bound that its score cannot exceed. The best rows by bound are scored exactly; the worst
of them is a floor, and only rows whose bound reaches it have to be scored too. So the result is that of scoring all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.kernels import CHUNK, MIXED, SLACK, compiled
from matching.view import Rows, View, scratch

Scores = NDArray[np.float64]
Floats = NDArray[np.float32]
#: The best scores of a language's sheets say what is a good score there: this many, but at most this share.
TOP, TOP_SHARE = 50, 0.1
#: How many of the best rows of either language are known by row.
KNOWN = 15
#: Less than any score that is not zero.
_ANY = float(np.finfo(np.float32).tiny)
#: A row of the need's language, of another one, and one that is not looked at.
OWN, OTHER, DEAD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Query:
    """A need as weighted terms: ``own`` for sheets of its language, ``other`` for the rest (through the lexicon)."""

    own: Mapping[str, float]
    other: Mapping[str, float]

    def for_row(self, same_language: bool) -> Mapping[str, float]:
        """Return the weights that apply to a row."""
        return self.own if same_language else self.other


class Ground:
    """The rows to search: which side each is on, and the stretches of CHUNK rows in every block."""

    def __init__(self, own: NDArray[np.bool_], alive: NDArray[np.bool_], view: View) -> None:
        self.sides: NDArray[np.uint8] = np.where(alive, np.where(own, OWN, OTHER), DEAD).astype(np.uint8)
        self.counts = np.bincount(self.sides, minlength=3)[:2].tolist()
        parts = [(first, first + block.n_rows) for first, block in view.parts()]
        spans = [np.arange(first, end, CHUNK) for first, end in parts]
        self.starts: Rows = np.concatenate([np.zeros(0, np.int64), *spans])
        self.ends = self.starts + CHUNK
        last = np.cumsum([len(span) for span in spans], dtype=np.int64) - 1
        self.ends[last] = [end for _, end in parts]

    def rows(self, stretches: Rows) -> Rows:
        """Return the rows of some stretches, given in rising order."""
        starts, lengths = self.starts[stretches], self.ends[stretches] - self.starts[stretches]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return np.arange(total) + np.repeat(starts - ends + lengths, lengths)

    def best(
        self,
        n: int,
        bounds: Floats,
        peaks: Floats,
        sides: Sequence[int],
        exact: Callable[[Rows], Scores],
        least: float = -np.inf,
    ) -> tuple[Rows, Scores]:
        """Return the n rows of these sides with the highest exact scores, in rising order, and the scores.

        Of equal scores the first rows are taken. ``exact`` never exceeds ``bounds``, nor these ``peaks``. Rows that
        cannot reach ``least`` are left out.
        """

        def among(stretches: Rows) -> Rows:
            rows = self.rows(stretches)
            on_side = self.sides[rows]
            return rows[(on_side == sides[0]) | (on_side == sides[-1])]

        everything = np.arange(len(peaks))
        floor = least
        promising, first = np.zeros(0, np.int64), np.zeros(0)
        if sum(self.counts[side] for side in sides) > n:
            high = np.sort(np.argpartition(peaks, -n)[-n:]) if len(peaks) > 2 * n else everything
            rows = among(high)
            if len(rows) >= n:
                promising = np.sort(rows[np.argpartition(bounds[rows], len(rows) - n)[len(rows) - n :]])
                first = exact(promising)
                floor = max(least, float(first.min()))
        rows = among(np.flatnonzero(peaks >= floor))
        rows = rows[bounds[rows] >= floor]
        scores = _completed(rows, promising, first, exact)
        chosen = best_places(scores, n)
        return rows[chosen], scores[chosen]


def _completed(rows: Rows, known: Rows, scores: Scores, exact: Callable[[Rows], Scores]) -> Scores:
    """Return the exact scores of rows, those of known ones as they were; both in rising order."""
    if not len(known):
        return exact(rows)
    places = np.searchsorted(known, rows).clip(max=len(known) - 1)
    fresh = known[places] != rows
    found: Scores = scores[places]
    if fresh.any():
        found[fresh] = exact(rows[fresh])
    return found


class Reach:
    """One query against one view: bounds of all rows, the level of either language, exact scores of some rows."""

    def __init__(self, view: View, query: Query, ground: Ground, name: str) -> None:
        self.view, self.query, self.ground = view, query, ground
        own, other = (1.0 if view.cosine else max(sum(weights.values()), 1e-9) for weights in (query.own, query.other))
        self.totals = (own, max(other, 0.5 * own))
        factors = np.array([SLACK / total for total in self.totals], np.float32)
        self.bounds = scratch(f"bounds of {name}", view.n_rows)[: view.n_rows]
        self.asked = view.asked(query.own), view.asked(query.other)
        self.peaks = view.reach(self.asked, factors, ground.sides, self.bounds)
        self._covered: tuple[Rows, Scores] = np.zeros(0, np.int64), np.zeros(0)

    def cover(self, rows: Rows) -> Scores:
        """Return the share of the need's weight found in some rows, given in rising order."""
        found = _completed(rows, *self._covered, self._cover)
        if len(rows) > len(self._covered[0]):
            self._covered = rows, found
        return found

    def _cover(self, rows: Rows) -> Scores:
        found = np.zeros(len(rows))
        sides = self.ground.sides[rows]
        for side in (OWN, OTHER):
            places = np.flatnonzero((sides == side) & (self.bounds[rows] > 0))
            if len(places):
                scores = self.view.finished(rows[places], self.asked[side])
                found[places] = scores / np.float64(self.totals[side])
        return found

    @cached_property
    def best(self) -> tuple[tuple[Rows, Scores], ...]:
        """Return the best rows of either language with their cover; each language's level is read from them."""
        return tuple(self._best(side) for side in (OWN, OTHER))

    def _best(self, side: int) -> tuple[Rows, Scores]:
        n = max(KNOWN, min(TOP, round(self.ground.counts[side] * TOP_SHARE)))
        return self.ground.best(n, self.bounds, self.peaks[:, side], (side,), self.cover, _ANY)

    @cached_property
    def levels(self) -> Scores:
        """Return what is a good cover in either language; never less than half of the other's."""
        found = np.zeros(2)
        for side, (_, scores) in enumerate(self.best):
            n = max(1, min(TOP, round(self.ground.counts[side] * TOP_SHARE)))
            found[side] = np.sort(scores)[-n:].sum() / n
        return np.maximum(np.maximum(found, 0.5 * found.max()), 1e-9)

    def standing(self, rows: Rows, cover: Scores) -> Scores:
        """Return covers of some rows against the level of their language."""
        stood: Scores = cover / self.levels[np.minimum(self.ground.sides[rows], OTHER)]
        return stood


@dataclass(frozen=True, slots=True)
class Mixture:
    """A sum of standings in several views, each at most ``cap`` and weighted, and a worth by each row's label."""

    reaches: Sequence[Reach]
    weights: Sequence[float]
    cap: float
    codes: NDArray[np.int32]
    worths: Scores

    def best(self, n: int, ground: Ground) -> Rows:
        """Return the n living rows with the highest sums, in rising order; of equal ones the first."""
        bounds, peaks = self._bounds(ground)
        return ground.best(n, bounds, peaks, (OWN, OTHER), self.exact)[0]

    def exact(self, rows: Rows) -> Scores:
        """Return the sums of some rows, given in rising order."""
        total: Scores = self.worths[self.codes[rows]].astype(np.float64)
        for reach, weight in zip(self.reaches, self.weights, strict=True):
            total += weight * np.minimum(reach.standing(rows, reach.cover(rows)), self.cap)
        return total

    def _bounds(self, ground: Ground) -> tuple[Floats, Floats]:
        n_rows = len(ground.sides)
        scales = np.zeros((len(self.reaches), 3), np.float32)
        for scale, reach, weight in zip(scales, self.reaches, self.weights, strict=True):
            scale[:2] = SLACK * weight / reach.levels
        worths = (self.worths * SLACK).astype(np.float32)
        bounds, peaks = scratch("bounds of mixture", n_rows)[:n_rows], np.zeros(len(ground.starts), np.float32)
        kernels = compiled() if all(reach.view.use_numba for reach in self.reaches) else None
        if kernels is not None and 1 <= len(self.reaches) <= MIXED:
            blank = MIXED - len(self.reaches)
            parts = (*(reach.bounds for reach in self.reaches), *[self.reaches[0].bounds] * blank)
            padded = np.concatenate([scales, np.zeros((blank, 3), np.float32)])
            kernels.mix(parts, padded, ground.sides, self.codes, worths, bounds, (ground.starts, ground.ends, peaks))
            return bounds, peaks
        bounds[:] = worths[self.codes]
        for scale, reach in zip(scales, self.reaches, strict=True):
            bounds += scale[ground.sides] * reach.bounds
        bounds[ground.sides == DEAD] = -1.0
        if n_rows:
            peaks[:] = np.maximum.reduceat(bounds, ground.starts)
        return bounds, peaks


def best_places(scores: Scores, n: int) -> NDArray[np.int64]:
    """Return the places of the n highest scores in rising order, the first ones of equal scores."""
    if n >= len(scores):
        return np.arange(len(scores))
    floor = np.partition(scores, len(scores) - n)[len(scores) - n]
    above = np.flatnonzero(scores > floor)
    equal = np.flatnonzero(scores == floor)[: n - len(above)]
    return np.sort(np.concatenate([above, equal]))
