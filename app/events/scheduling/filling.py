"""Slots filled one after the other, each by the matching that serves first whoever has no slot to spare."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.events.scheduling.state import State

NO_SLOT_TO_SPARE = 1000.0
"""Outweighs every other reason: whoever needs all remaining slots is served now."""


def fill(state: State, chosen: NDArray[np.int64]) -> None:
    """Give as many of the chosen pairs a slot as can be; the others stay without."""
    left = chosen
    for slot in range(state.problem.n_slots):
        here = left[state.common[left, slot] & _rested(state, left, slot)]
        taken = _matching(state, here, _urgency(state, here, left, slot), int(state.n_tables[slot]))
        state.slot_of[taken] = slot
        left = left[state.slot_of[left] < 0]


def _rested(state: State, pairs: NDArray[np.int64], slot: int) -> NDArray[np.bool_]:
    """Return which pairs would keep their pauses with a meeting in this slot."""
    import numpy as np

    limit = state.problem.most_in_row
    if not limit:
        return np.ones(len(pairs), dtype=bool)
    busy = _busy(state)
    run = next(list(run) for run in state.problem.runs if slot in run)
    place = run.index(slot)
    tired = np.zeros(len(busy), dtype=bool)
    for start in range(max(0, place - limit), min(place, len(run) - limit - 1) + 1):
        others = [one for one in run[start : start + limit + 1] if one != slot]
        tired |= busy[:, others].sum(axis=1) >= limit
    return np.asarray(~tired[state.ends[pairs]].any(axis=1))


def _busy(state: State) -> NDArray[np.bool_]:
    busy = state.pinned.copy()
    placed = (state.slot_of >= 0).nonzero()[0]
    for side in (0, 1):
        busy[state.ends[placed, side], state.slot_of[placed]] = True
    return busy


def _urgency(state: State, here: NDArray[np.int64], left: NDArray[np.int64], slot: int) -> NDArray[np.float64]:
    """Return how pressing each pair is: few slots to spare for its companies, few common ones for itself."""
    import numpy as np

    later = range(slot, state.problem.n_slots)
    n = len(state.most)
    wanted = np.bincount(state.ends[left].ravel(), minlength=n)
    room = np.array([state.capacity(one, later) if wanted[one] else 0 for one in range(n)])
    spare = room - wanted
    press = np.where(spare <= 0, NO_SLOT_TO_SPARE, 10.0 / (1 + np.maximum(spare, 0)))
    common = state.common[here][:, slot:].sum(axis=1)
    return press[state.ends[here]].sum(axis=1) + 20.0 / common + 1e-3 * state.weights[here]


def _matching(state: State, pairs: NDArray[np.int64], urgency: NDArray[np.float64], n_tables: int) -> NDArray[np.int64]:
    """Return pairs without a company in common, at most ``n_tables``, of the greatest urgency in total."""
    import numpy as np
    from scipy import sparse
    from scipy.optimize import linprog

    if not len(pairs) or n_tables <= 0:
        return pairs[:0]
    column = np.arange(len(pairs))
    once = sparse.csr_matrix(
        (np.ones(2 * len(pairs)), (state.ends[pairs].T.ravel(), np.tile(column, 2))),
        shape=(len(state.most), len(pairs)),
    )
    once = once[once.getnnz(axis=1) > 0]
    matrix = sparse.vstack([once, np.ones((1, len(pairs)))], format="csr")
    upper = np.append(np.ones(once.shape[0]), n_tables)
    result = linprog(-urgency, A_ub=matrix, b_ub=upper, bounds=(0, 1), method="highs-ds")
    return pairs[result.x > 0.5]
