"""The inner loops of retrieval, compiled by numba where it is installed; retrieve.py does without otherwise.

Plain Python under the decorators, so that the answers can be compared; without numba nothing here is called.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any, NamedTuple

import numpy as np

#: Rows whose bounds are looked at together; bounds may be rounded by this much.
CHUNK = 64
SLACK = 1.00001
#: Views whose bounds are added up.
MIXED = 3
#: Flags that tell which terms may be asked for, a power of two.
FILTER = 1 << 14


class Kernels(NamedTuple):
    """The compiled loops: a block's best rows, what its rows can reach, scores of some rows, sums over three views."""

    search_block: Any
    reach_block: Any
    finish_rows: Any
    mix: Any


@cache
def compiled() -> Kernels | None:
    """Return the compiled loops, or None without numba."""
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    plain = numba.njit(cache=True, nogil=True)
    for name in ("_worse", "_replace_worst", "_finish", "_accumulate"):
        globals()[name] = plain(globals()[name])
    # No bound is ever NaN, so the order of a maximum does not matter and it can be taken eight by eight.
    loose = numba.njit(cache=True, nogil=True, fastmath=True)
    for name in ("_peak", "_reach_stretch", "_mix_stretch"):
        globals()[name] = loose(globals()[name])
    globals()["_offer"], globals()["_seed"] = plain(_offer), plain(_seed)
    return Kernels(plain(search_block), plain(reach_block), plain(finish_rows), plain(mix))


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
    n_rows = len(alive)
    for number in range(len(spans) - 1):
        scores, found = best_scores[number], best_rows[number]
        squares = 0.0
        for place in range(spans[number], spans[number + 1]):
            term, weight = terms[place], weights[place]
            if term >= 0:
                dense[term] = weight
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
            if terms[place] >= 0:
                dense[terms[place]] = 0.0


def _reach_stretch(
    sums: Any, norms: Any, sides: Any, start: int, stop: int, reaches: Any, factors: Any, bounds: Any, peaks: Any
) -> None:
    """Write the bounds of some rows and their peak on each side; a row of neither side gets zero."""
    one, two = sums
    top_one = top_two = np.float32(0.0)
    for row in range(start, stop):
        norm = np.float32(norms[row])
        first = (one[row] + reaches[0] * norm) * factors[0]
        second = (two[row] + reaches[1] * norm) * factors[1]
        first = first if sides[row] == 0 else np.float32(0.0)
        second = second if sides[row] == 1 else np.float32(0.0)
        top_one, top_two = max(top_one, first), max(top_two, second)
        bounds[row] = first + second
    peaks[0], peaks[1] = top_one, top_two


def reach_block(
    block: Any, sides: Any, scales: Any, queries: Any, factors: Any, bounds: Any, peaks: Any, sums: Any
) -> None:
    """Write what a block's rows can score at most: rows of side 0 for the first query, of side 1 for the second.

    ``queries`` = (spans, places, weights) of both; ``peaks`` (stretches, 2) gets the highest bound of every CHUNK rows;
    ``sums`` = two rows of zeros, left zeroed.
    """
    _, (starts, rows, impacts), (head, norms) = block
    spans, terms, weights = queries
    reaches = np.zeros(2, np.float32)
    for side in range(2):
        squares = 0.0
        for place in range(spans[side], spans[side + 1]):
            term, weight = terms[place], weights[place]
            if term >= 0:
                if head[term]:
                    squares += np.float64(weight) * np.float64(weight)
                else:
                    _accumulate(sums[side], rows, impacts, starts[term], starts[term + 1], weight * scales[0])
        reaches[side] = np.float32(np.sqrt(squares) * scales[1])
    pair = (sums[0], sums[1])
    for number in range(len(peaks)):
        start, stop = number * CHUNK, min((number + 1) * CHUNK, len(sides))
        _reach_stretch(pair, norms, sides, start, stop, reaches, factors, bounds, peaks[number])
    sums[:, : len(sides)] = np.float32(0.0)


def finish_rows(forward: Any, rows: Any, query: Any, work: Any, scores: Any) -> None:
    """Write the exact dot products of some rows with a query, the places of its terms and their weights.

    ``work`` = a zeroed dense query and FILTER false flags, both left so. Nearly all terms of a row are not asked for;
    the flags, which stay in the nearest cache, tell most of them without a look at the dense query.
    """
    (indptr, indices, data), (terms, weights), (dense, flags) = forward, query, work
    for number in range(len(terms)):
        dense[terms[number]] = weights[number]
        flags[terms[number] & (FILTER - 1)] = True
    for place in range(len(rows)):
        total = 0.0
        for entry in range(indptr[rows[place]], indptr[rows[place] + 1]):
            term = indices[entry]
            if flags[term & (FILTER - 1)]:
                total += np.float64(dense[term]) * np.float64(data[entry])
        scores[place] = np.float32(total)
    for term in terms:
        dense[term] = np.float32(0.0)
        flags[term & (FILTER - 1)] = False


def _mix_stretch(
    parts: Any, scales: Any, sides: Any, codes: Any, worths: Any, start: int, stop: int, bounds: Any
) -> Any:
    """Write the bounds of some rows' sums; return the highest."""
    one, two, three = parts
    top = np.float32(-1.0)
    for row in range(start, stop):
        side = sides[row]
        bound = worths[codes[row]]
        bound += scales[0, side] * one[row] + scales[1, side] * two[row] + scales[2, side] * three[row]
        bound = bound if side < 2 else np.float32(-1.0)
        bounds[row] = bound
        top = max(top, bound)
    return top


def mix(parts: Any, scales: Any, sides: Any, codes: Any, worths: Any, bounds: Any, stretches: Any) -> None:
    """Write weighted sums of bounds in three views, by the row's side, and the worth of its label; -1 for the dead.

    ``stretches`` = (starts, ends, peaks); ``scales`` is (3, sides).
    """
    starts, ends, peaks = stretches
    for number in range(len(starts)):
        peaks[number] = _mix_stretch(parts, scales, sides, codes, worths, starts[number], ends[number], bounds)
