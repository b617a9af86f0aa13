"""The inner loops of retrieval, compiled by numba where it is installed; retrieve.py does without otherwise.

Plain Python under the decorators, so that the answers can be compared; without numba nothing here is called.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np

#: Rows whose bounds are looked at together; bounds may be rounded by this much.
CHUNK = 64
SLACK = 1.00001


@cache
def compiled() -> Any | None:
    """Return the compiled search of a block, or None without numba."""
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    plain = numba.njit(cache=True, nogil=True)
    for name in ("_worse", "_replace_worst", "_finish", "_accumulate"):
        globals()[name] = plain(globals()[name])
    # No bound is ever NaN, so the order of a maximum does not matter and it can be taken eight by eight.
    globals()["_peak"] = numba.njit(cache=True, nogil=True, fastmath=True)(_peak)
    globals()["_offer"], globals()["_seed"] = plain(_offer), plain(_seed)
    return plain(search_block)


def _worse(score: Any, row: Any, other_score: Any, other_row: Any) -> bool:
    """Tell whether a pair stands behind another: a lower score, or the same one and a later row."""
    return score < other_score or (score == other_score and row > other_row)


def _replace_worst(scores: Any, rows: Any, score: Any, row: Any) -> None:
    """Put a pair in place of the worst one of a heap that has the worst on top."""
    size, place = len(scores), 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and _worse(scores[child + 1], rows[child + 1], scores[child], rows[child]):
            child += 1
        if not _worse(scores[child], rows[child], score, row):
            break
        scores[place], rows[place] = scores[child], rows[child]
        place = child
    scores[place], rows[place] = score, row


def _finish(row: int, indptr: Any, indices: Any, data: Any, dense: Any) -> Any:
    """Return the exact dot product of a row with a dense query."""
    total = 0.0
    for place in range(indptr[row], indptr[row + 1]):
        total += np.float64(dense[indices[place]]) * np.float64(data[place])
    return np.float32(total)


def _accumulate(sums: Any, rows: Any, impacts: Any, start: int, stop: int, weight: Any) -> None:
    """Add a term's postings to the sums of their rows."""
    for place in range(start, stop):
        sums[rows[place]] += weight * np.float32(impacts[place])


def _peak(sums: Any, norms: Any, start: int, stop: int, reach: Any) -> Any:
    """Return the highest bound of some rows."""
    top = np.float32(0.0)
    for row in range(start, stop):
        top = max(top, sums[row] + reach * np.float32(norms[row]))
    return top


def _offer(row: int, first: int, forward: Any, dense: Any, scores: Any, rows: Any) -> None:
    """Score a row exactly and keep it if it is among the best."""
    indptr, indices, data = forward
    score = _finish(row, indptr, indices, data, dense)
    if score > 0.0 and _worse(scores[0], rows[0], score, first + row):
        _replace_worst(scores, rows, score, first + row)


def _seed(sums: Any, alive: Any, first: int, forward: Any, dense: Any, scores: Any, rows: Any) -> None:
    """Begin with the rows of the highest sums: they give a floor that spares most others. They are marked as done."""
    k = len(scores)
    best = np.zeros(k, np.float32)
    who = np.full(k, -1, np.int64)
    for row in range(len(alive)):
        if sums[row] > best[0] and alive[row]:
            _replace_worst(best, who, sums[row], row)
    for chosen in who:
        if chosen >= 0:
            _offer(int(chosen), first, forward, dense, scores, rows)
            sums[chosen] = np.float32(-1e30)


def search_block(
    block: Any, alive: Any, first: int, scales: Any, queries: Any, best_scores: Any, best_rows: Any, work: Any
) -> None:
    """Let a block's rows compete for the best of every query (heaps with the worst on top), in place.

    ``work`` = zeroed sums per row and a zeroed dense query; both are left zeroed.
    """
    forward, (starts, rows, impacts), (head, norms) = block
    (spans, terms, weights), (sums, dense) = queries, work
    n_rows, known = len(alive), len(head)
    for number in range(len(spans) - 1):
        scores, found = best_scores[number], best_rows[number]
        squares = 0.0
        for place in range(spans[number], spans[number + 1]):
            term, weight = terms[place], weights[place]
            dense[term] = weight
            if term < known:
                if head[term]:
                    squares += np.float64(weight) * np.float64(weight)
                else:
                    _accumulate(sums, rows, impacts, starts[term], starts[term + 1], weight * scales[0])
        reach = np.float32(np.sqrt(squares) * scales[1])
        if scores[0] == 0.0:
            _seed(sums, alive, first, forward, dense, scores, found)
        for start in range(0, n_rows, CHUNK):
            stop = min(start + CHUNK, n_rows)
            peak = _peak(sums, norms, start, stop, reach) * np.float32(SLACK)
            if peak > 0.0 and peak >= scores[0]:
                for row in range(start, stop):
                    bound = (sums[row] + reach * np.float32(norms[row])) * np.float32(SLACK)
                    if bound > 0.0 and bound >= scores[0] and alive[row]:
                        _offer(row, first, forward, dense, scores, found)
        sums[:n_rows] = 0.0
        for place in range(spans[number], spans[number + 1]):
            dense[terms[place]] = 0.0
