"""The programmes that HiGHS solves: choosing the meetings, a few slots at a time, and the bound over all slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from app.events.scheduling.state import State

Sparse: TypeAlias = Any
"""A SciPy matrix; the library carries no types."""
PATIENCE = 60
"""After so many rounds without a gain the schedule stays as it is."""
WINDOW = 4
ROUND_SECONDS = 2.0


def choose(state: State) -> tuple[NDArray[np.int64], float]:
    """Return the pairs of the best selection, slots aside, and its worth: no schedule is worth more."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    n_pairs = len(state.weights)
    if not n_pairs:
        return np.zeros(0, dtype=np.int64), 0.0
    room = np.array([state.capacity(one) for one in range(len(state.most))])
    limits = np.minimum(np.maximum(state.most, 0), room)
    matrix = _stack([_incidence(state.ends.T, np.arange(n_pairs), len(limits)), np.ones((1, n_pairs))])
    upper = np.append(limits, np.maximum(state.n_tables, 0).sum())
    result = milp(
        -state.weights,
        constraints=LinearConstraint(matrix, ub=upper),
        bounds=Bounds(0, state.common.any(axis=1).astype(float)),
    )
    return (result.x > 0.5).nonzero()[0], float(-result.fun)


def windows(state: State, seed: int) -> Iterator[Sequence[int]]:
    """Yield groups of slots to solve together, without end: at random, slots with an empty table more often."""
    import numpy as np

    random, n_slots = np.random.default_rng(seed), state.problem.n_slots
    size = min(WINDOW, n_slots)
    while True:
        used = np.bincount(state.slot_of[state.slot_of >= 0], minlength=n_slots)
        odds = 1.0 + np.maximum(state.n_tables - used, 0)
        yield sorted(int(one) for one in random.choice(n_slots, size=size, replace=False, p=odds / odds.sum()))


def improve(state: State, slots: Sequence[int], seconds: float) -> None:
    """Solve these slots anew with everything else as it is; keep the result when it is worth more."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    inside = np.isin(state.slot_of, slots)
    open_pairs = (inside | (state.slot_of < 0)).nonzero()[0]
    pair, slot = _cells(state, open_pairs, slots)
    if not len(pair):
        return
    matrix, upper = _rows(state, pair, slot, kept=(state.slot_of >= 0) & ~inside)
    result = milp(
        -state.weights[pair],
        constraints=LinearConstraint(matrix, ub=upper),
        integrality=np.ones(len(pair)),
        bounds=Bounds(0, 1),
        options={"time_limit": max(0.1, min(ROUND_SECONDS, seconds)), "mip_rel_gap": 0.0},
    )
    if result.x is None or -result.fun <= state.weights[inside].sum() + 1e-6:
        return
    state.slot_of[inside] = -1
    taken = result.x > 0.5
    state.slot_of[pair[taken]] = slot[taken]


def relaxed_bound(state: State, seconds: float) -> float:
    """Return what the linear relaxation over all slots allows at most; infinity when time runs out."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    pair, slot = _cells(state, np.arange(len(state.weights)), range(state.problem.n_slots))
    if not len(pair):
        return 0.0
    matrix, upper = _rows(state, pair, slot, kept=np.zeros(len(state.weights), dtype=bool))
    result = milp(
        -state.weights[pair],
        constraints=LinearConstraint(matrix, ub=upper),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    return float(-result.fun) if result.status == 0 else float("inf")


def _cells(state: State, pairs: NDArray[np.int64], slots: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the (pair, slot) combinations in which both have time."""
    import numpy as np

    wanted = np.asarray(slots, dtype=np.int64)
    row, column = state.common[np.ix_(pairs, wanted)].nonzero()
    return pairs[row], wanted[column]


def _rows(
    state: State, pair: NDArray[np.int64], slot: NDArray[np.int64], *, kept: NDArray[np.bool_]
) -> tuple[Sparse, NDArray[np.float64]]:
    """Return the constraints over (pair, slot) cells, the meetings that are ``kept`` already counted."""
    import numpy as np

    n, n_slots, cell = len(state.most), state.problem.n_slots, np.arange(len(pair))
    ends = state.ends[pair].T
    busy = state.pinned.copy()
    for side in (0, 1):
        busy[state.ends[kept, side], state.slot_of[kept]] = True
    used = np.bincount(state.ends[kept].ravel(), minlength=n)
    held = np.bincount(state.slot_of[kept], minlength=n_slots)
    blocks = [
        (_incidence([pair], cell, len(state.weights)), np.ones(len(state.weights))),
        (_incidence(ends * n_slots + slot, cell, n * n_slots), (~busy).ravel().astype(float)),
        (_incidence(ends, cell, n), np.maximum(state.most - used, 0)),
        (_incidence([slot], cell, n_slots), np.maximum(state.n_tables - held, 0)),
        *_pauses(state, ends, slot, busy),
    ]
    kept_rows = [matrix.getnnz(axis=1) > 0 for matrix, _ in blocks]
    matrix = _stack([matrix[rows] for (matrix, _), rows in zip(blocks, kept_rows, strict=True)])
    return matrix, np.concatenate([upper[rows] for (_, upper), rows in zip(blocks, kept_rows, strict=True)])


def _pauses(
    state: State, ends: NDArray[np.int64], slot: NDArray[np.int64], busy: NDArray[np.bool_]
) -> Iterator[tuple[Sparse, NDArray[np.float64]]]:
    """Yield, for every stretch one longer than the limit, that a company rests once in it."""
    import numpy as np

    limit, n = state.problem.most_in_row, len(state.most)
    if not limit:
        return
    stretches = [run[at : at + limit + 1] for run in state.problem.runs for at in range(len(run) - limit)]
    for stretch in stretches:
        inside = np.isin(slot, stretch).nonzero()[0]
        already = busy[:, list(stretch)].sum(axis=1)
        yield _incidence(ends[:, inside], inside, n, n_columns=len(slot)), (limit - already).astype(float)


def _incidence(
    rows: NDArray[np.int64] | Sequence[NDArray[np.int64]],
    columns: NDArray[np.int64],
    n_rows: int,
    n_columns: int | None = None,
) -> Sparse:
    """Return a sparse matrix with a one in (row, column) for every line of ``rows``."""
    import numpy as np
    from scipy import sparse

    row = np.concatenate([np.asarray(line) for line in rows])
    column = np.tile(columns, len(rows))
    shape = (n_rows, len(columns) if n_columns is None else n_columns)
    return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=shape)


def _stack(blocks: Sequence[Sparse]) -> Sparse:
    from scipy import sparse

    return sparse.vstack(blocks, format="csr")
