"""Who is shown to whom: the exact optimum of total affinity under caps, floors, exclusions and guaranteed places.

Every rule bounds how many pairs of a group are shown: the pairs of a need, those of a need with small firms, those of
a supplier, those of all small firms. The groups on the side of the needs lie inside one another or apart, and so do
those on the side of the suppliers. The incidence matrix of two such laminar families is totally unimodular (Edmonds,
Submodular functions, matroids and certain polyhedra, 1970; Schrijver, Combinatorial Optimization, 2003, theorem
41.11), so that a basic optimum of the linear program is a 0/1 choice and no search is needed. HiGHS solves it on the
best pairs only; pairs left out enter while their reduced cost says that they could improve the optimum (column
generation: Dantzig and Wolfe, Decomposition principle for linear programs, 1960), so the result is exact for all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

Affinity = NDArray[np.float64]
Mask = NDArray[np.bool_]
Pair = tuple[int, int]

#: The best pairs of each need and of each supplier the first round looks at.
FIRST_LOOK = 20
#: Reduced costs above this (in units of the largest affinity) are improvements, not rounding.
_TOLERANCE = 1e-9
_INFEASIBLE = 2
#: Rules with an upper bound; to give one unit of the others, which promise places, costs this many units of these.
_UPPER = frozenset({"need_max", "cap"})
_PROMISE = 10.0
#: Caps of the price of fairness, in mean loads; None is no cap.
CAPS: tuple[float | None, ...] = (1.0, 1.25, 1.5, 2.0, 3.0, None)


@dataclass(frozen=True, slots=True)
class Rules:
    """What has to hold. Needs and suppliers are counted from 0 as rows and columns of the affinity.

    need_min, need_max : how many suppliers each need is shown; the least may be given need by need. floor, cap : how
    often each supplier is shown; None is no cap. barred : pairs never shown; pinned : pairs always shown. newcomers :
    suppliers nobody was ever shown; they have ``newcomer_floor`` for their floor. small : small and medium firms; each
    need is shown ``small_per_need`` of them at least, all needs together ``small_total``.
    """

    need_min: int | Sequence[int] = 0
    need_max: int = 6
    floor: int = 0
    cap: int | None = None
    barred: Collection[Pair] = ()
    pinned: Collection[Pair] = ()
    newcomers: Collection[int] = ()
    newcomer_floor: int = 1
    small: Collection[int] = ()
    small_per_need: int = 0
    small_total: int = 0


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A bound to relax: ``kind`` is the field of the rules, ``needed`` what would do.

    place : the one need or supplier the bound is impossible for whatever the others do, -1 where it is the rule itself.
    """

    kind: str
    place: int
    bound: int
    needed: int

    @property
    def sentence(self) -> str:
        """Return the advice in words; needs and suppliers are counted from 0."""
        whom = _GROUPS[self.kind].format("every" if self.place < 0 else "", "" if self.place < 0 else self.place)
        verb = "Lower" if self.needed < self.bound else "Raise"
        return f"{verb} {self.kind} from {self.bound} to {self.needed} for {' '.join(whom.split())}."


_GROUPS = {
    "need_min": "{0} need {1}",
    "need_max": "{0} need {1}",
    "small_per_need": "{0} need {1}",
    "floor": "{0} supplier {1}",
    "newcomer_floor": "{0} newcomer {1}",
    "cap": "{0} supplier {1}",
    "small_total": "all small firms together",
}


class Infeasible(ValueError):
    """No choice keeps all rules. Relaxing all of ``relaxations`` makes one possible; no rule is named in vain.

    First come the bounds that no choice could keep for one need or supplier alone, then the least uniform changes.
    """

    def __init__(self, relaxations: Sequence[Relaxation]) -> None:
        self.relaxations = tuple(relaxations)
        super().__init__(" ".join(["The rules contradict one another.", *(r.sentence for r in self.relaxations)]))


@dataclass(frozen=True, slots=True)
class Assignment:
    """An optimal choice. shown : (needs, suppliers); total : affinity of what is shown; exposure : per supplier."""

    shown: Mask
    total: float

    @property
    def exposure(self) -> NDArray[np.int64]:
        """Return how many needs each supplier is shown."""
        counts: NDArray[np.int64] = self.shown.sum(axis=0, dtype=np.int64)
        return counts

    @property
    def gini(self) -> float:
        """Return how unequal the exposure is."""
        return gini(self.exposure)


@dataclass(frozen=True, slots=True)
class Price:
    """One point of the price of fairness.

    ratio : the cap in mean loads, None for no cap; cap : the same in needs. total : affinity; share : of the affinity
    without a cap; gini : of the exposure. The last three are None where no choice keeps the rules.
    """

    ratio: float | None
    cap: int | None
    total: float | None
    share: float | None
    gini: float | None


def gini(exposure: Sequence[float] | NDArray[Any]) -> float:
    """Return the Gini coefficient of non-negative counts: 0 all equal, towards 1 all with one; 0 for no exposure.

    Σ (2i - n - 1) x_i / (n Σ x) over sorted x (Gini, 1912; form of Sen, On Economic Inequality, 1973).
    """
    values = np.sort(np.asarray(exposure, np.float64))
    n, total = len(values), float(values.sum())
    if not total:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ values / (n * total))


def assign(affinity: Affinity, rules: Rules) -> Assignment:
    """Return the choice of largest total affinity that keeps the rules; one of them when several are as good.

    affinity : (needs, suppliers), finite; pairs without one belong to ``rules.barred``. Raises Infeasible, and
    ValueError for an affinity that is not finite, a negative bound or a pair both pinned and barred.
    """
    problem = _Problem(np.asarray(affinity, np.float64), rules)
    alone = problem.relax_impossible()
    cells = problem.first_cells()
    solved = None if alone else problem.optimum(cells, problem.affinity)
    if solved is None:  # no choice among the best pairs keeps the rules: look for others, or for what to relax
        cells, relaxations = problem.feasible(cells)
        if alone or relaxations:
            raise Infeasible(_together(alone, relaxations))
        solved = problem.optimum(cells, problem.affinity)
    if solved is None:
        raise RuntimeError("the linear program contradicts its own first phase")
    return Assignment(solved.shown, float(problem.affinity[solved.shown].sum()))


def price_of_fairness(affinity: Affinity, rules: Rules, ratios: Sequence[float | None] = CAPS) -> tuple[Price, ...]:
    """Return what a cap on every supplier costs in affinity and brings in equal exposure, for each ratio.

    The mean load is that of the choice without a cap; a cap is rounded up to whole needs, at least 1. Raises
    Infeasible when the rules cannot be kept even without a cap.
    """
    free = assign(affinity, replace(rules, cap=None))
    mean = free.shown.sum() / max(1, free.shown.shape[1])
    return tuple(_price(affinity, rules, ratio, mean, free) for ratio in ratios)


def _price(affinity: Affinity, rules: Rules, ratio: float | None, mean: float, free: Assignment) -> Price:
    if ratio is None:
        return Price(None, None, free.total, 1.0, free.gini)
    cap = max(1, int(np.ceil(ratio * mean - 1e-9)))
    try:
        capped = assign(affinity, replace(rules, cap=cap))
    except Infeasible:
        return Price(ratio, cap, None, None, None)
    return Price(ratio, cap, capped.total, capped.total / free.total if free.total else 1.0, capped.gini)


@dataclass(frozen=True, slots=True)
class _Solved:
    """A basic optimum: the choice, the rules that had to give way, and the shadow prices of the rows."""

    shown: Mask
    relaxations: list[Relaxation]
    prices: NDArray[np.float64]


class _Problem:
    """The linear program: a row for each bounded group, in the order needs, small firms of needs, suppliers, small."""

    def __init__(self, affinity: Affinity, rules: Rules) -> None:
        if affinity.ndim != 2 or not np.isfinite(affinity).all():
            raise ValueError("the affinity must be a matrix of finite numbers")
        bounds = (np.min(rules.need_min, initial=0), rules.need_max, rules.floor, rules.newcomer_floor, rules.cap or 0)
        if min(bounds) < 0:
            raise ValueError("bounds must not be negative")
        self.affinity, self.rules = affinity, rules
        self.allowed = ~_mask(rules.barred, affinity.shape)
        self.pinned = _mask(rules.pinned, affinity.shape)
        if (self.pinned & ~self.allowed).any():
            raise ValueError("a pair cannot be pinned and barred")
        self.small = np.zeros(affinity.shape[1], np.bool_)
        self.small[list(rules.small)] = True
        self._set_bounds()

    def _set_bounds(self) -> None:
        """Set what the rows are called at either end (rule, place), and the ends."""
        rules, (n, m) = self.rules, self.affinity.shape
        is_new = np.zeros(m, np.bool_)
        is_new[list(rules.newcomers)] = True
        floors = np.where(is_new, rules.newcomer_floor, rules.floor)
        needs, small = [("need_min", i) for i in range(n)], [("small_per_need", i) for i in range(n)]
        suppliers = [("newcomer_floor" if is_new[j] else "floor", j) for j in range(m)]
        low = np.concatenate(
            [np.broadcast_to(rules.need_min, n), np.full(n, rules.small_per_need), floors, [rules.small_total]]
        )
        cap = np.inf if rules.cap is None else rules.cap
        high = np.concatenate([np.full(n, rules.need_max), np.full(n, np.inf), np.full(m, cap), [np.inf]])
        self.low_rows, self.high_rows = np.flatnonzero(low > 0), np.flatnonzero(np.isfinite(high))
        low_names = [*needs, *small, *suppliers, ("small_total", -1)]
        high_names = [("need_max", i) for i in range(n)] * 2 + [("cap", j) for j in range(m)]
        self.names = [low_names[row] for row in self.low_rows] + [high_names[row] for row in self.high_rows]
        self.ends = np.concatenate([low[self.low_rows], high[self.high_rows]]).astype(np.float64)

    def relax_impossible(self) -> list[Relaxation]:
        """Relax, and return, what no choice can keep: more places than allowed pairs, fewer than pinned ones."""
        most, least = (self._matrix(*np.nonzero(mask)).sum(axis=1) for mask in (self.allowed, self.pinned))
        n_low = len(self.low_rows)
        possible = np.concatenate([np.minimum(self.ends[:n_low], -most[:n_low]),
                                   np.maximum(self.ends[n_low:], least[n_low:])])  # fmt: skip
        changed = np.flatnonzero(possible != self.ends)
        found = [Relaxation(*self.names[row], int(self.ends[row]), int(possible[row])) for row in changed]
        self.ends = possible
        return found

    def first_cells(self) -> Mask:
        """Return the pinned pairs and the best allowed ones of each need and of each supplier."""
        worth = np.where(self.allowed, self.affinity, -np.inf)
        return (self.pinned | _best(worth, 0) | _best(worth, 1)) & self.allowed

    def feasible(self, cells: Mask) -> tuple[Mask, list[Relaxation]]:
        """Return pairs among which the rules can be kept once the returned relaxations, the least ones, are made."""
        nothing = np.zeros_like(self.affinity)
        while True:
            solved = cast("_Solved", self._solve(cells, nothing, is_elastic=True))
            missed = self._missed(cells, nothing, solved)
            if not missed.any():
                return cells, solved.relaxations
            cells = cells | missed

    def optimum(self, cells: Mask, worth: Affinity) -> _Solved | None:
        """Return the optimum over all allowed pairs, or None when no choice among the first ones keeps the rules."""
        while True:
            solved = self._solve(cells, worth, is_elastic=False)
            if solved is None:
                return None
            missed = self._missed(cells, worth, solved)
            if not missed.any():
                return solved
            cells = cells | missed

    def _missed(self, cells: Mask, worth: Affinity, solved: _Solved) -> Mask:
        """Return the best of the pairs left out that could improve an optimum; none if it holds for all pairs."""
        gains = self._gains(worth, solved.prices)
        smallest = _TOLERANCE * max(1.0, float(np.abs(worth).max(initial=0.0)))
        missed = (gains > smallest) & self.allowed & ~cells
        return missed & _best(np.where(missed, gains, -np.inf), 1)

    def _solve(self, cells: Mask, worth: Affinity, *, is_elastic: bool) -> _Solved | None:
        """Solve the program over the given pairs; None when the rules cannot be kept."""
        needs, suppliers = np.nonzero(cells)
        matrix, signs = self._matrix(needs, suppliers), np.where(np.arange(len(self.ends)) < len(self.low_rows), -1, 1)
        costs = -worth[cells]
        bounds = np.column_stack([self.pinned[cells], np.ones(len(needs))]).astype(np.float64)
        kinds = list(dict.fromkeys(kind for kind, _ in self.names)) if is_elastic else []
        if kinds:
            of_kind = csr_array([[-1.0 * (kind == name) for name in kinds] for kind, _ in self.names])
            matrix = csr_array(hstack([matrix, of_kind]))
            costs = np.concatenate([costs, [1.0 if kind in _UPPER else _PROMISE for kind in kinds]])
            bounds = np.vstack([bounds, np.tile([0.0, np.inf], (len(kinds), 1))])
        if not len(costs):
            return _Solved(np.zeros_like(cells), [], np.zeros(len(self.ends)))
        # The simplex ends in a corner, which is whole; the shared slack is dense, which only interior points take well.
        method = "highs-ipm" if kinds else "highs-ds"
        found = linprog(costs, A_ub=matrix, b_ub=signs * self.ends, bounds=bounds, method=method)
        if found.status == _INFEASIBLE:
            return None
        if found.status != 0:
            raise RuntimeError(f"the linear program was not solved: {found.message}")
        shown = np.zeros_like(cells)
        shown[cells] = found.x[: len(needs)] > 0.5
        return _Solved(shown, self._relaxations(kinds, found.x[len(needs) :]), found.ineqlin.marginals)

    def _relaxations(self, kinds: Sequence[str], slack: NDArray[np.float64]) -> list[Relaxation]:
        """Return the uniform changes, in whole places, that an elastic optimum asks for."""
        found = []
        for kind, units in zip(kinds, np.ceil(slack - 1e-7).astype(int).tolist(), strict=True):
            if units > 0:
                bound = int(np.max(getattr(self.rules, kind)))
                sign = 1 if kind in _UPPER else -1
                found.append(Relaxation(kind, -1, bound, bound + sign * units))
        return found

    def _matrix(self, needs: NDArray[np.int64], suppliers: NDArray[np.int64]) -> csr_array:
        """Return which pairs are in which group: negative rows for low ends, then rows for high ends."""
        n, m = self.affinity.shape
        places = np.arange(len(needs))
        small = self.small[suppliers]
        rows = np.concatenate([needs, n + needs[small], 2 * n + suppliers, np.full(small.sum(), 2 * n + m)])
        columns = np.concatenate([places, places[small], places, places[small]])
        groups = csr_array((np.ones(len(rows)), (rows, columns)), shape=(2 * n + m + 1, len(needs)))
        return csr_array(vstack([-groups[self.low_rows], groups[self.high_rows]]))

    def _gains(self, worth: Affinity, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what showing one more pair would add to the optimum, at most, for every pair."""
        n, m = self.affinity.shape
        rows = np.zeros(2 * n + m + 1)
        n_low = len(self.low_rows)
        rows[self.low_rows] -= prices[:n_low]
        rows[self.high_rows] += prices[n_low:]
        by_need = rows[:n, None] + np.outer(rows[n : 2 * n] + rows[-1], self.small)
        return worth + by_need + rows[None, 2 * n : 2 * n + m]


def _together(alone: Sequence[Relaxation], uniform: Sequence[Relaxation]) -> list[Relaxation]:
    """Return all relaxations; a bound relaxed for one place gives way to the uniform change of its rule as well."""
    change = {r.kind: r.needed - r.bound for r in uniform}
    moved = [replace(r, needed=max(0, r.needed + change.get(r.kind, 0))) for r in alone]
    return [*moved, *uniform]


def _best(worth: Affinity, axis: int) -> Mask:
    """Return where the FIRST_LOOK largest of each row (axis 1) or column (axis 0) are."""
    best = np.zeros(worth.shape, np.bool_)
    k = min(FIRST_LOOK, worth.shape[axis])
    if k:
        places = np.argpartition(-worth, k - 1, axis=axis).take(range(k), axis=axis)
        np.put_along_axis(best, places, values=True, axis=axis)
    return best


def _mask(pairs: Collection[Pair], shape: tuple[int, ...]) -> Mask:
    """Return pairs as a matrix of truth."""
    mask = np.zeros(shape, np.bool_)
    if pairs:
        needs, suppliers = np.array(sorted(pairs), np.int64).T
        mask[needs, suppliers] = True
    return mask
