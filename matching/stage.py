"""The first stage: exact levels and candidates of a need, from what every sheet can reach and the scores of few.

In each view every row gets a bound that its score cannot exceed. The best rows by bound are scored exactly; the worst
of them is a floor, and only rows whose bound reaches it have to be scored too. So the result is that of scoring all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.loops import SLACK
from matching.view import Asked, Heap, Rows, View, scratch

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
#: From this many rows on two threads look at the views.
MANY = 200_000
#: A part of a need is looked for by way of the whole up to so many times its weight.
LARGE = 1.5
#: A row after all others.
NOBODY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Query:
    """A need as weighted terms: ``own`` for sheets of its language, ``other`` for the rest (through the lexicon)."""

    own: Mapping[str, float]
    other: Mapping[str, float]

    def for_row(self, same_language: bool) -> Mapping[str, float]:
        """Return the weights that apply to a row."""
        return self.own if same_language else self.other


class Ground:
    """The rows to search: which side each is on, and how many are on either."""

    def __init__(self, own: NDArray[np.bool_], alive: NDArray[np.bool_], view: View) -> None:
        self.sides: NDArray[np.uint8] = (~own).view(np.uint8)
        if not alive.all():
            self.sides[~alive] = DEAD
        self.counts = [int(np.count_nonzero(self.sides == side)) for side in (OWN, OTHER)]
        self.edges, self.kernels = (view.table.firsts, view.table.stretches), view.kernels

    @property
    def n_stretches(self) -> int:
        """Return the number of stretches of CHUNK rows in all blocks."""
        return int(self.edges[1][-1])

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

        Of equal scores the first rows are taken. ``exact`` never exceeds ``bounds``, nor these ``peaks`` of stretches,
        which only compiled loops look at. Rows that cannot reach ``least`` are left out.
        """
        floor = least
        if sum(self.counts[side] for side in sides) > n:
            promising = self._leading(n + n // 4, bounds, peaks, sides)  # more than are needed, so that few are left
            if len(promising) >= n:
                floor = max(floor, float(np.partition(exact(promising), len(promising) - n)[len(promising) - n]))
        rows = self._reaching(floor, bounds, peaks, sides)
        scores = exact(rows)
        chosen = best_places(scores, n)
        return rows[chosen], scores[chosen]

    def _leading(self, n: int, bounds: Floats, peaks: Floats, sides: Sequence[int]) -> Rows:
        """Return about n rows with the highest bounds, in rising order."""
        if self.kernels is not None:
            rows = self.kernels.lead_rows(self.edges, (sides[0], sides[-1]), self.sides, bounds, peaks, n)
        else:
            rows = self._reaching(-np.inf, bounds, peaks, sides)
            rows = rows[np.argsort(bounds[rows])[-n:]]
        return np.sort(rows[rows >= 0])

    def _reaching(self, floor: float, bounds: Floats, peaks: Floats, sides: Sequence[int]) -> Rows:
        """Return the rows whose bounds reach a floor, in rising order."""
        if self.kernels is not None:
            wanted = (sides[0], sides[-1])
            found: Rows = self.kernels.reaching_rows(self.edges, wanted, self.sides, bounds, peaks, np.float32(floor))
            return found
        return np.flatnonzero((bounds >= floor) & (self.sides >= sides[0]) & (self.sides <= sides[-1]))


class Reach:
    """One query against one view: bounds of all rows, the level of either language, exact scores of some rows.

    asked : the terms of the query with their places; totals : what the best of either side can score.
    is_kept : whether the bounds of all rows are asked for afterwards; else those of a block make room for the next.
    """

    def __init__(self, view: View, query: Query, ground: Ground, name: str, *, is_kept: bool = True) -> None:
        self.view, self.query, self.ground, self.totals = view, query, ground, _totals(view, query)
        self.asked: Asked = view.asked(query.own, query.other)
        if view.kernels is not ground.kernels or not np.array_equal(view.table.firsts, ground.edges[0]):
            raise ValueError("view and ground are not of the same rows in the same blocks")
        self._is_kept = is_kept or view.kernels is None
        n_rows = view.n_rows if self._is_kept else view.table.longest
        self._bounds: Floats = scratch(f"bounds of {name}", n_rows)[:n_rows]
        self._peaks: Floats = np.zeros((2, ground.n_stretches), np.float32)
        self._heaps: tuple[Heap, ...] = ()
        self._covered: tuple[Rows, Scores] = np.zeros(0, np.int64), np.zeros(0)

    @property
    def bounds(self) -> Floats:
        """Return what the cover of every living row cannot exceed; valid until the name is used again.

        Raises ValueError where they are not kept.
        """
        if not self._is_kept:
            raise ValueError("these bounds are not kept")
        return self.survey()._bounds

    def survey(self) -> Reach:
        """Look at all rows unless that is done; return self."""
        if not self._heaps:
            factors, reached = (SLACK / self.totals).astype(np.float32), (self._bounds, self._peaks)
            heaps = [(np.zeros(n, np.float32), np.full(n, NOBODY)) for n in self._sizes]
            best, kernels, sides = (heaps[0], heaps[1]), self.view.kernels, self.ground.sides
            if kernels is not None:
                self.view.survey(kernels, self.asked, factors, sides, reached, best)
            else:
                self.view.reach(self.asked, factors, sides, self._bounds)
            self._heaps = best
        return self

    @property
    def _sizes(self) -> list[int]:
        """Return how many of the best rows of either side are looked for."""
        return [max(KNOWN, min(TOP, round(count * TOP_SHARE))) for count in self.ground.counts]

    @cached_property
    def best(self) -> tuple[tuple[Rows, Scores], ...]:
        """Return the best rows of either language with their cover; each language's level is read from them."""
        self.survey()
        return tuple(self._best(side, n) for side, n in enumerate(self._sizes))

    def _best(self, side: int, n: int) -> tuple[Rows, Scores]:
        if self.view.kernels is None:
            return self.ground.best(n, self._bounds, self._peaks[side], (side,), self.cover, _ANY)
        scores, rows = self._heaps[side]
        order = np.argsort(rows)[: np.count_nonzero(rows != NOBODY)]
        return rows[order], scores[order] / self.totals[side]

    @cached_property
    def levels(self) -> Scores:
        """Return what is a good cover in either language; never less than half of the other's."""
        found = np.zeros(2)
        for side, (_, scores) in enumerate(self.best):
            n = max(1, min(TOP, round(self.ground.counts[side] * TOP_SHARE)))
            found[side] = np.sort(scores)[-n:].sum() / n
        return np.maximum(np.maximum(found, 0.5 * found.max()), 1e-9)

    def cover(self, rows: Rows) -> Scores:
        """Return the share of the need's weight found in some rows, given in rising order."""
        known, scores = self._covered
        places = known.searchsorted(rows).clip(max=max(len(known) - 1, 0))
        fresh = rows[known[places] != rows] if len(known) else rows
        if len(fresh):
            known, scores = np.append(known, fresh), np.append(scores, self._cover(fresh))
            order = np.argsort(known, kind="stable")
            known, scores = self._covered = known[order], scores[order]
        found: Scores = scores[known.searchsorted(rows)]
        return found

    def _cover(self, rows: Rows) -> Scores:
        found, sides = np.zeros(len(rows)), self.ground.sides[rows]
        places = np.flatnonzero(sides != DEAD)
        scores = self.view.finished(rows[places], sides[places], self.asked)
        found[places] = scores / self.totals[sides[places]]
        return found

    def standing(self, rows: Rows, cover: Scores) -> Scores:
        """Return covers of some rows against the level of their language."""
        stood: Scores = cover / self.levels[np.minimum(self.ground.sides[rows], OTHER)]
        return stood


class PartReach(Reach):
    """A query that asks no term for more than another one of the same view does.

    What the other's bounds rule out is out of its reach, too, so few rows need a look.
    """

    def __init__(self, whole: Reach, query: Query, name: str) -> None:
        super().__init__(whole.view, query, whole.ground, name, is_kept=False)
        self._whole, self._scales = whole, whole.totals / self.totals

    @classmethod
    def of(cls, whole: Reach, query: Query, name: str) -> Reach:
        """Return the reach of a query, as part of a larger one where that holds and spares something."""
        pairs = (query.own, whole.query.own), (query.other, whole.query.other)
        is_large = (whole.totals / _totals(whole.view, query)).max() <= LARGE
        if is_large and all(weight <= more.get(term, 0.0) for some, more in pairs for term, weight in some.items()):
            return cls(whole, query, name)
        return Reach(whole.view, query, whole.ground, name, is_kept=False)

    def survey(self) -> Reach:
        """Look at all rows by way of the larger query; return self."""
        self._whole.survey()
        return self

    def _best(self, side: int, n: int) -> tuple[Rows, Scores]:
        bounds, peaks, scale = self._whole.bounds, self._whole._peaks[side], float(self._scales[side])

        def exact(rows: Rows) -> Scores:
            return self.cover(rows) / scale

        rows, scores = self.ground.best(n, bounds, peaks, (side,), exact, _ANY)
        return rows, scores * scale


def _totals(view: View, query: Query) -> Scores:
    """Return the weight of a query's terms by side; sheets of another language are not held to less than half."""
    own, other = (1.0 if view.cosine else max(sum(weights.values()), 1e-9) for weights in (query.own, query.other))
    return np.array([own, max(other, 0.5 * own)])


@contextmanager
def surveyed(reaches: Sequence[Reach]) -> Iterator[None]:
    """Let a second thread begin to look at all rows, the first reaches first; afterwards all have been looked at."""
    alone = [reach for reach in reaches if not isinstance(reach, PartReach)]
    is_worth_it = all(reach.view.kernels and reach.view.n_rows >= MANY for reach in alone)
    with _shared(Reach.survey, alone, is_worth_it=is_worth_it):
        yield


@contextmanager
def _shared(work: Callable[[Any], Any], things: Iterable[Any], *, is_worth_it: bool) -> Iterator[None]:
    """Let a second thread begin with some work where that is worth it; what is left in the end is done here."""
    waiting = iter(things)

    def work_on_some() -> None:
        for thing in waiting:
            work(thing)

    helped = _helper().submit(work_on_some) if is_worth_it else None
    try:
        yield
        work_on_some()
    finally:
        if helped and not helped.cancel():
            helped.result()


@cache
def _helper() -> ThreadPoolExecutor:
    """Return the second thread of this process."""
    return ThreadPoolExecutor(1, "survey")


os.register_at_fork(after_in_child=_helper.cache_clear)


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
        bounds, peaks = self._bounded(ground)
        return ground.best(n, bounds, peaks, (OWN, OTHER), self.exact)[0]

    def exact(self, rows: Rows) -> Scores:
        """Return the sums of some rows, given in rising order."""
        total: Scores = self.worths[self.codes[rows]].astype(np.float64)
        for reach, weight in zip(self.reaches, self.weights, strict=True):
            total += weight * np.minimum(reach.standing(rows, reach.cover(rows)), self.cap)
        return total

    def _bounded(self, ground: Ground) -> tuple[Floats, Floats]:
        """Return what the sums of rows cannot exceed, -1 for the dead, and by compiled loops the peaks of stretches."""
        pairs, n_rows = zip(self.reaches, self.weights, strict=True), len(ground.sides)
        scales = np.array([SLACK * weight / reach.levels for reach, weight in pairs], np.float32).reshape(-1, 2)
        worths, reached = (self.worths * SLACK).astype(np.float32), [reach.bounds for reach in self.reaches]
        bounds, peaks = scratch("bounds of mixture", n_rows)[:n_rows], np.zeros(ground.n_stretches, np.float32)
        if ground.kernels is None:
            bounds[:] = worths[self.codes]
            for scale, part in zip(scales, reached, strict=True):
                bounds += np.append(scale, scale[:1])[ground.sides] * part
            bounds[ground.sides == DEAD] = -1.0
            return bounds, peaks
        codes = self.codes.view()
        codes.flags.writeable = False  # as those mapped from a file
        firsts, stretches = ground.edges
        mix = partial(ground.kernels.mix_rows, ground.sides, codes, worths, tuple(reached), scales, (bounds, peaks))
        halves = [slice(0, len(firsts) // 2 + 1), slice(len(firsts) // 2, None)]
        with _shared(mix, [(firsts[half], stretches[half]) for half in halves], is_worth_it=n_rows >= MANY):
            pass
        return bounds, peaks


def best_places(scores: Scores, n: int) -> NDArray[np.int64]:
    """Return the places of the n highest scores in rising order, the first ones of equal scores."""
    if n >= len(scores):
        return np.arange(len(scores))
    floor = np.partition(scores, len(scores) - n)[len(scores) - n]
    above = np.flatnonzero(scores > floor)
    equal = np.flatnonzero(scores == floor)[: n - len(above)]
    return np.sort(np.concatenate([above, equal]))
