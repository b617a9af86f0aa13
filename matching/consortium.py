"""If no firm meets every must alone: the cheapest team of a lead and a few partners that does.

Weighted set cover with a bound on the size of the team (Karp, Reducibility among combinatorial problems, 1972, for
the problem; Nemhauser and Wolsey, Integer and Combinatorial Optimization, 1988, II.6, for the program): NP-hard in
general and solved exactly here by branch and bound (HiGHS), since musts are few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from matching.compliance import judge, requirements_of
from matching.records import Need, Requirement, Sheet

Matrix = NDArray[np.float64]
#: Partners a team may have beside its lead.
MAX_PARTNERS = 4


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which firms meet which musts: ``met`` is (firms, musts); a firm meets a must with any of its products."""

    firms: tuple[str, ...]
    musts: tuple[Requirement, ...]
    met: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Member:
    """A firm of a team, and the musts (their places) it adds to those of the members before it; never none."""

    firm: str
    adds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """The lead, then its partners by what they add. uncovered : places of the musts that are left open."""

    members: tuple[Member, ...]
    uncovered: tuple[int, ...]
    cost: float

    @property
    def lead(self) -> str:
        """Return the firm that leads."""
        return self.members[0].firm

    @property
    def coverage(self) -> tuple[float, ...]:
        """Return the share of the musts covered by the lead alone, with the first partner, and so on."""
        counts = np.cumsum([len(member.adds) for member in self.members])
        n_musts = int(counts[-1]) + len(self.uncovered)
        return tuple(float(count / n_musts) for count in counts)


def coverage_of(need: Need, sheets: Iterable[Sheet]) -> Coverage:
    """Return which firms meet which musts of a need with a known value. Sheets without a firm are left out."""
    musts = tuple(requirement for requirement in requirements_of(need) if requirement.must)
    met: dict[str, NDArray[np.bool_]] = {}
    for sheet in sheets:
        if sheet.firm:
            found = np.array([judge(must, sheet).status == "met" for must in musts], np.bool_)
            met[sheet.firm] = met.get(sheet.firm, found) | found
    firms = tuple(sorted(met))
    return Coverage(firms, musts, np.array([met[firm] for firm in firms], np.bool_).reshape(len(firms), len(musts)))


def complete(
    coverage: Coverage,
    *,
    costs: Mapping[str, float] | None = None,
    lead: str | None = None,
    barred: Collection[str] = (),
    apart: Collection[tuple[str, str]] = (),
    max_partners: int = MAX_PARTNERS,
) -> Team | None:
    """Return the team that covers the most musts, at the least cost; None when no allowed firm meets any.

    costs : positive, 1 for a firm without one. lead : who has to lead; else whoever of the team meets the most. A firm
    that meets alone all that any team could is a team of one. barred : firms that may not take part; apart : pairs
    that may not work together. Raises ValueError for a cost that is not positive, a negative number of partners, and
    a lead that is unknown, barred or meets no must.
    """
    weights = _costs(coverage.firms, costs or {})
    if max_partners < 0:
        raise ValueError("the number of partners must not be negative")
    allowed = np.array([firm not in barred for firm in coverage.firms], np.bool_) & coverage.met.any(axis=1)
    if lead is not None and (lead not in coverage.firms or not allowed[coverage.firms.index(lead)]):
        raise ValueError("the lead must be allowed to take part and meet at least one must")
    if not allowed.any():
        return None
    program = _Program(coverage, allowed, lead, apart, max_partners + 1)
    reach = program.reach()
    single = _single(coverage, allowed, weights, lead, reach)
    chosen = [single] if single is not None else program.cheapest(weights, reach)
    return _team(coverage, chosen, weights, lead)


def _costs(firms: Sequence[str], costs: Mapping[str, float]) -> Matrix:
    weights = np.array([costs.get(firm, 1.0) for firm in firms], np.float64)
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise ValueError("every cost must be a positive number")
    return weights


def _single(
    coverage: Coverage, allowed: NDArray[np.bool_], weights: Matrix, lead: str | None, reach: int
) -> int | None:
    """Return the cheapest firm that needs no partner, ties by name, or None."""
    enough = np.flatnonzero(allowed & (coverage.met.sum(axis=1) >= reach))
    able = [int(firm) for firm in enough if lead in (None, coverage.firms[firm])]
    return min(able, key=lambda firm: (weights[firm], coverage.firms[firm]), default=None)


class _Program:
    """Variables: who takes part (firms), what is covered (musts); all 0 or 1."""

    def __init__(
        self,
        coverage: Coverage,
        allowed: NDArray[np.bool_],
        lead: str | None,
        apart: Collection[tuple[str, str]],
        size: int,
    ) -> None:
        self.n_firms, self.n_musts = coverage.met.shape
        n = self.n_firms + self.n_musts
        # A must counts as covered only if a member meets it: covered - Σ members that meet it ≤ 0.
        covered = block_array([[csr_array(-coverage.met.T.astype(np.float64)), eye_array(self.n_musts)]])
        rows = [LinearConstraint(covered, ub=0.0), LinearConstraint(self._sum_of(firms=1.0), ub=size)]
        known = {firm: place for place, firm in enumerate(coverage.firms)}
        for left, right in apart:
            if left in known and right in known and left != right:
                pair = np.zeros(n)
                pair[[known[left], known[right]]] = 1
                rows.append(LinearConstraint(pair, ub=1.0))
        self.constraints = rows
        lower = np.zeros(n)
        if lead is not None:
            lower[known[lead]] = 1
        self.bounds = Bounds(lower, np.concatenate([allowed.astype(np.float64), np.ones(self.n_musts)]))

    def _sum_of(self, *, firms: float = 0.0, musts: float = 0.0) -> Matrix:
        return np.concatenate([np.full(self.n_firms, firms), np.full(self.n_musts, musts)])

    def reach(self) -> int:
        """Return how many musts a team can cover at most."""
        return round(self._solve(self._sum_of(musts=-1.0), self.constraints)[self.n_firms :].sum())

    def cheapest(self, weights: Matrix, reach: int) -> list[int]:
        """Return the cheapest team that covers that many."""
        enough = LinearConstraint(self._sum_of(musts=1.0), lb=reach)
        costs = np.concatenate([weights, np.zeros(self.n_musts)])
        found = self._solve(costs, [*self.constraints, enough])
        return [int(firm) for firm in np.flatnonzero(found[: self.n_firms] > 0.5)]

    def _solve(self, costs: Matrix, constraints: Sequence[LinearConstraint]) -> Matrix:
        # No gap: the default would stop at one part in ten thousand.
        options = {"mip_rel_gap": 0.0}
        found = milp(
            costs, integrality=np.ones(len(costs)), bounds=self.bounds, constraints=constraints, options=options
        )
        if found.x is None:
            raise RuntimeError(f"the program was not solved: {found.message}")
        values: Matrix = np.rint(found.x)
        return values


def _team(coverage: Coverage, chosen: Sequence[int], weights: Matrix, lead: str | None) -> Team:
    """Return the chosen firms in order: the lead, then always whoever adds the most; ties by cost, then name."""
    open_musts = np.ones(len(coverage.musts), np.bool_)
    left, members = list(chosen), list[Member]()
    while left:
        best = min(left, key=lambda f: (-(coverage.met[f] & open_musts).sum(), weights[f], coverage.firms[f]))
        if lead is not None and not members:
            best = coverage.firms.index(lead)
        adds = coverage.met[best] & open_musts
        members.append(Member(coverage.firms[best], tuple(np.flatnonzero(adds).tolist())))
        open_musts &= ~adds
        left.remove(best)
    return Team(tuple(members), tuple(np.flatnonzero(open_musts).tolist()), float(weights[list(chosen)].sum()))
