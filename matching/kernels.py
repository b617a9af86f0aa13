"""The inner loop of retrieval, compiled by numba where it is installed; retrieve.py does without otherwise."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np


@cache
def compiled() -> Any | None:
    """Return the compiled search, or None without numba."""
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    push = numba.njit(cache=True, nogil=True, inline="always")(_replace_least)
    finish = numba.njit(cache=True, nogil=True, fastmath=False)(_finish)
    globals().update({"_replace_least": push, "_finish": finish})
    return numba.njit(cache=True, nogil=True)(_search)


def _replace_least(heap: Any, value: float) -> None:
    """Put a value in place of the least one of a heap that has the least on top."""
    size, place = len(heap), 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = value


def _finish(row: int, indptr: Any, indices: Any, data: Any, query: Any) -> Any:
    """Return the dot product of a row with a dense query."""
    total = np.float32(0.0)
    for place in range(indptr[row], indptr[row + 1]):
        total += query[indices[place]] * data[place]
    return total


def _search(block: Any, alive: Any, terms: Any, weights: Any, query: Any, reach: Any, k: int, work: Any) -> Any:
    """Return (rows, scores) that hold the k best, unsorted. ``work`` = zeroed sums per row, room for touched rows."""
    indptr, indices, data, col_indptr, col_indices, col_data, head_norms, by_head = block
    partial, touched = work
    n_touched = 0
    for number in range(len(terms)):
        term, weight = terms[number], weights[number]
        for place in range(col_indptr[term], col_indptr[term + 1]):
            row = col_indices[place]
            if partial[row] == 0.0:
                touched[n_touched] = row
                n_touched += 1
            partial[row] += weight * col_data[place]
    # A partial sum is a lower bound of the score, so the k-th best of them is a floor from the start.
    heap = np.zeros(k, np.float32)
    for number in range(n_touched):
        row = touched[number]
        if alive[row] and partial[row] > heap[0]:
            _replace_least(heap, partial[row])
    floor = heap[0] * np.float32(0.99999)
    rows = np.empty(n_touched + 1024, np.int32)
    scores = np.empty(n_touched + 1024, np.float32)
    n_found = 0
    best = np.zeros(k, np.float32)
    for number in range(n_touched):
        row = touched[number]
        if alive[row] and partial[row] + reach * head_norms[row] >= floor:
            score = _finish(row, indptr, indices, data, query)
            if score >= floor:
                rows[n_found], scores[n_found] = row, score
                n_found += 1
                if score > best[0]:
                    _replace_least(best, score)
                    floor = max(floor, best[0] * np.float32(0.99999))
    for number in range(len(by_head)):
        row = by_head[number]
        if reach * head_norms[row] < floor or reach == 0.0:
            break
        if alive[row] and partial[row] == 0.0:
            score = _finish(row, indptr, indices, data, query)
            if score >= floor and score > 0.0:
                if n_found == len(rows):
                    rows, scores = (
                        np.append(rows, np.empty_like(rows)),
                        np.append(scores, np.empty_like(scores)),
                    )
                rows[n_found], scores[n_found] = row, score
                n_found += 1
                if score > best[0]:
                    _replace_least(best, score)
                    floor = max(floor, best[0] * np.float32(0.99999))
    for number in range(n_touched):
        partial[touched[number]] = 0.0
    return rows[:n_found], scores[:n_found]
