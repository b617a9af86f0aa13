"""Who reviews what: the panels of largest total affinity under sizes, loads, conflicts and a required composition.

Seats, loads and groups that overlap make an integer program that is not totally unimodular (an expert may be of
several groups), so that it is solved by branch and bound (HiGHS; Land and Doig, Econometrica 28, 1960). Paper
assignment of conferences is the same problem without groups (Charlin and Zemel, The Toronto paper matching system,
2013). Where no choice keeps all rules, the least number of seats that stay empty says what is lacking.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

Affinity = NDArray[np.float64]
#: Ties are broken by the seed: random numbers up to this share of the largest affinity are added.
_NOISE = 1e-6
_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Group:
    """Experts (places) of whom every panel has at least ``least``."""

    name: str
    members: frozenset[int]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to hold. Panels and experts are counted from 0 as rows and columns of the affinity.

    sizes : seats of each panel. room : how many panels each expert may still join. barred : (panel, expert) never
    together; seated : (panel, expert) already chosen and kept. groups : whom every panel needs.
    """

    sizes: Sequence[int]
    room: Sequence[int]
    barred: Collection[tuple[int, int]] = ()
    seated: Collection[tuple[int, int]] = ()
    groups: Sequence[Group] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """What a panel misses whatever is chosen: ``missing`` experts of ``group``, of any kind where it is empty.

    free : how many could join the panel at all, without conflict and with room.
    """

    panel: int
    group: str
    missing: int
    free: int


class NoPanel(ValueError):
    """No choice keeps all rules; ``lacks`` says what is missing, at least."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        self.lacks = tuple(lacks)
        super().__init__("There are not enough experts for these panels.")


def choose(affinity: Affinity, wanted: Wanted, *, seed: int) -> list[list[int]]:
    """Return the experts of each panel, in order of their place; equal input and seed, equal answer.

    affinity : (panels, experts), finite. The total affinity is the largest possible. Raises NoPanel, and ValueError
    for an affinity that is not finite or a pair both barred and seated.
    """
    worth = np.asarray(affinity, np.float64)
    if worth.ndim != 2 or not np.isfinite(worth).all():
        raise ValueError("the affinity must be a matrix of finite numbers")
    if set(wanted.barred) & set(wanted.seated):
        raise ValueError("an expert cannot be barred and seated")
    program = _Program(worth, wanted)
    noise = np.random.default_rng(seed).random(worth.shape) * _NOISE * max(1.0, float(np.abs(worth).max(initial=0)))
    chosen = program.solve(worth + noise)
    if chosen is None:
        raise NoPanel(program.lacks())
    return [np.flatnonzero(row).tolist() for row in chosen]


class _Program:
    """The integer program over allowed pairs: rows of seats, of groups, of loads."""

    def __init__(self, worth: Affinity, wanted: Wanted) -> None:
        self.shape, self.wanted = worth.shape, wanted
        self.allowed = np.ones(worth.shape, np.bool_)
        self.allowed[:, np.asarray(wanted.room, np.int64) <= 0] = False
        self.allowed[tuple(np.array(sorted(wanted.barred), np.int64).reshape(-1, 2).T)] = False
        self.seated = np.zeros(worth.shape, np.bool_)
        self.seated[tuple(np.array(sorted(wanted.seated), np.int64).reshape(-1, 2).T)] = True
        self.allowed |= self.seated
        self.panels, self.experts = np.nonzero(self.allowed)
        n = worth.shape[0]
        self.names = [(panel, "") for panel in range(n)]
        self.names += [(panel, group.name) for group in wanted.groups for panel in range(n)]

    def solve(self, worth: Affinity) -> NDArray[np.bool_] | None:
        """Return the best choice, or None where the rules cannot all be kept."""
        if not len(self.panels):
            return np.zeros(self.shape, np.bool_) if not any(self.wanted.sizes) else None
        matrix, low, high = self._rows()
        found = milp(
            -worth[self.allowed],
            integrality=np.ones(len(self.panels)),
            bounds=Bounds(self.seated[self.allowed].astype(np.float64), 1),
            constraints=LinearConstraint(matrix, low, high),
        )
        if found.status == _INFEASIBLE:
            return None
        if found.status != 0:
            raise RuntimeError(f"the panels were not chosen: {found.message}")
        chosen = np.zeros(self.shape, np.bool_)
        chosen[self.allowed] = found.x > 0.5
        return chosen

    def lacks(self) -> list[Lack]:
        """Return the least empty seats with which a choice would be possible."""
        matrix, low, high = self._rows()
        n_pairs, n_wants = len(self.panels), len(self.names)
        slack = csr_array((np.ones(n_wants), (range(n_wants), range(n_wants))), shape=(matrix.shape[0], n_wants))
        found = milp(
            np.concatenate([np.zeros(n_pairs), np.ones(n_wants)]),
            integrality=np.ones(n_pairs + n_wants),
            bounds=Bounds(
                np.concatenate([self.seated[self.allowed].astype(np.float64), np.zeros(n_wants)]),
                np.concatenate([np.ones(n_pairs), np.full(n_wants, np.inf)]),
            ),
            constraints=LinearConstraint(csr_array(hstack([matrix, slack])), low, high),
        )
        missing = np.round(found.x[n_pairs:]).astype(int).tolist()
        free = self._rows()[0][:n_wants].sum(axis=1).astype(int).tolist()
        return [
            Lack(panel, group, n, free[place])
            for place, ((panel, group), n) in enumerate(zip(self.names, missing, strict=True))
            if n > 0
        ]

    def _rows(self) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        """Return which pairs count for which rule, and the least and the most of each."""
        n, m = self.shape
        groups, places = self.wanted.groups, np.arange(len(self.panels))
        rows, columns = [self.panels], [places]
        for index, group in enumerate(groups, 1):
            within = places[np.isin(self.experts, sorted(group.members))]
            rows.append(index * n + self.panels[within])
            columns.append(within)
        first_load = (len(groups) + 1) * n
        rows.append(first_load + self.experts)
        columns.append(places)
        entries = np.concatenate(rows), np.concatenate(columns)
        matrix = csr_array((np.ones(len(entries[0])), entries), shape=(first_load + m, len(places)))
        sizes = np.asarray(self.wanted.sizes, np.float64)
        least = [np.full(n, float(group.least)) for group in groups]
        most = [np.full(n, np.inf)] * len(groups)
        room = np.maximum(np.asarray(self.wanted.room, np.float64), self.seated.sum(axis=0))
        return matrix, np.concatenate([sizes, *least, np.zeros(m)]), np.concatenate([sizes, *most, room])
