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
#: Flags that tell which terms may be asked for, a power of two.
FILTER = 1 << 14


class Kernels(NamedTuple):
    """The compiled loops: a block's best rows, what its rows can reach, scores of some, bounds of sums over views."""

    search_block: Any
    survey_block: Any
    finish_rows: Any
    mix_rows: Any


@cache
def compiled() -> Kernels | None:
    """Return the compiled loops, or None without numba."""
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    plain = numba.njit(cache=True, nogil=True)
    for name in ("_worse", "_replace_worst", "_finish", "_accumulate", "_place_of", "_open", "_close", "_picked"):
        globals()[name] = plain(globals()[name])
    # No bound is ever NaN, so the order of a maximum does not matter and it can be taken eight by eight.
    loose = numba.njit(cache=True, nogil=True, fastmath=True)
    for name in ("_peak", "_bound"):
        globals()[name] = loose(globals()[name])
    for name in ("_offer", "_seed", "_compete"):
        globals()[name] = plain(globals()[name])
    return Kernels(plain(search_block), plain(survey_block), plain(finish_rows), loose(mix_rows))


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


def _accumulate(sums: Any, tail: Any, term: int, weight: Any) -> None:
    """Add a term's postings to the sums of their rows."""
    starts, rows, impacts, levels = tail
    for place in range(starts[term], starts[term + 1]):
        sums[rows[place]] += weight * levels[impacts[place]]


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


def search_block(block: Any, alive: Any, first: int, queries: Any, best_scores: Any, best_rows: Any, work: Any) -> None:
    """Let a block's rows compete for the best of every query (heaps with the worst on top), in place.

    ``work`` = zeroed sums per row and a zeroed dense query; both are left zeroed.
    """
    _, forward, tail, (head, norms, step) = block
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
                    _accumulate(sums, tail, term, weight)
        reach = np.float32(np.sqrt(squares) * step[0])
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


def _place_of(terms: Any, term: Any) -> int:
    """Return where a number stands among rising ones, -1 when it is not there."""
    low, high = 0, len(terms)
    while low < high:
        middle = (low + high) // 2
        if terms[middle] < term:
            low = middle + 1
        else:
            high = middle
    return low if low < len(terms) and terms[low] == term else -1


def _open(terms: Any, asked: Any, places: Any, dense: Any, flags: Any) -> None:
    """Write the queries of both sides densely, by the places their terms have in a block.

    Nearly all terms of a row are not asked for; the flags, which stay in the nearest cache, tell most of them without
    a look at the dense query.
    """
    spans, numbers, weights, _ = asked
    for side in range(2):
        for number in range(spans[side], spans[side + 1]):
            place = _place_of(terms, numbers[number])
            places[number] = place
            if place >= 0:
                dense[side, place] = weights[number]
                flags[side, place & (FILTER - 1)] = True


def _close(asked: Any, places: Any, dense: Any, flags: Any) -> None:
    """Undo ``_open``."""
    spans = asked[0]
    for side in range(2):
        for number in range(spans[side], spans[side + 1]):
            if places[number] >= 0:
                dense[side, places[number]] = np.float32(0.0)
                flags[side, places[number] & (FILTER - 1)] = False


def _picked(row: int, forward: Any, dense: Any, flags: Any) -> Any:
    """Return the exact dot product of a row with a dense query that has flags."""
    indptr, indices, data = forward
    total = 0.0
    for entry in range(indptr[row], indptr[row + 1]):
        if flags[indices[entry] & (FILTER - 1)]:
            total += np.float64(dense[indices[entry]]) * np.float64(data[entry])
    return np.float32(total)


def _bound(sums: Any, norms: Any, sides: Any, reaches: Any, factors: Any, bounds: Any, peaks: Any) -> None:
    """Write the bounds of all rows and the peaks of every stretch on each side; a row of neither side gets zero.

    Two plain loops, which the compiler turns into wide ones.
    """
    (one, two), (reach, other_reach), (factor, other_factor) = sums, reaches, factors
    n_rows, nothing = len(sides), np.float32(0.0)
    for row in range(n_rows):
        norm = np.float32(norms[row])
        first = (one[row] + reach * norm) * factor
        second = (two[row] + other_reach * norm) * other_factor
        bounds[row] = first if sides[row] == 0 else second if sides[row] == 1 else nothing
    for number in range(peaks.shape[1]):
        top = other_top = nothing
        for row in range(number * CHUNK, min((number + 1) * CHUNK, n_rows)):
            first = bounds[row] if sides[row] == 0 else nothing
            second = bounds[row] if sides[row] == 1 else nothing
            top = max(top, first)
            other_top = max(other_top, second)
        peaks[0, number], peaks[1, number] = top, other_top


def _compete(
    side: int, sides: Any, first: int, forward: Any, query: Any, factor: Any, bounds: Any, peaks: Any, best: Any
) -> None:
    """Let the rows of one side compete for the best scores above zero (a heap with the worst on top).

    Of scores that differ by no more than rounding the first rows are kept, so that thousands of equal ones are spared.
    """
    (dense, flags), (scores, rows) = query, best
    unit, above = factor / np.float32(SLACK), factor * np.float32(SLACK)
    floor = scores[0]
    if floor == 0.0:  # the best bounds give a floor that spares most others
        heights, who = np.zeros(len(scores), np.float32), np.full(len(scores), -1, np.int64)
        for number in range(len(peaks)):
            if peaks[number] > heights[0]:
                for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                    if bounds[row] > heights[0] and sides[row] == side:
                        _replace_worst(heights, who, bounds[row], row)
        if who[0] >= 0:
            floor = np.float32(np.inf)
            for chosen in who:
                floor = min(floor, _picked(int(chosen), forward, dense, flags))
    least = max(floor * unit, scores[0] * above)
    for number in range(len(peaks)):
        if peaks[number] > 0.0 and peaks[number] >= least:
            for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                if sides[row] == side and bounds[row] > 0.0 and bounds[row] >= least:
                    score = _picked(row, forward, dense, flags)
                    if score > 0.0 and _worse(scores[0], rows[0], score, first + row):
                        _replace_worst(scores, rows, score, first + row)
                        least = max(least, scores[0] * above)


def survey_block(
    block: Any, sides: Any, first: int, asked: Any, factors: Any, reached: Any, best: Any, work: Any
) -> None:
    """Write what a block's rows can score at most and the peaks of that, let them compete for the best of their side.

    Rows of side 0 answer the first query, of side 1 the second; ``asked`` = (spans, terms, weights, whether the first
    is meant for both sides). ``best`` = a heap of scores and rows for either side. ``work`` is left zeroed.
    """
    terms, forward, tail, (head, norms, step) = block
    (spans, _, weights, shared), (sums, dense, flags, places), (bounds, peaks) = asked, work, reached
    _open(terms, asked, places, dense, flags)
    reaches = np.zeros(2, np.float32)
    for side in range(2):
        squares = 0.0
        for number in range(spans[side], spans[side + 1]):
            place, weight = places[number], weights[number]
            if place >= 0:
                if head[place]:
                    squares += np.float64(weight) * np.float64(weight)
                else:
                    _accumulate(sums[side], tail, place, weight)
        reaches[side] = np.float32(np.sqrt(squares) * step[0])
    second = 0 if shared else 1
    pair, sizes = (sums[0], sums[second]), (reaches[0], reaches[second])
    _bound(pair, norms, sides, sizes, (factors[0], factors[1]), bounds, peaks)
    _compete(0, sides, first, forward, (dense[0], flags[0]), factors[0], bounds, peaks[0], best[0])
    _compete(1, sides, first, forward, (dense[second], flags[second]), factors[1], bounds, peaks[1], best[1])
    for side in range(second + 1):
        sums[side, : len(sides)] = np.float32(0.0)
    _close(asked, places, dense, flags)


def finish_rows(terms: Any, forward: Any, rows: Any, sides: Any, asked: Any, work: Any, scores: Any) -> None:
    """Write the exact dot products of some rows with the query of their side. ``work`` is left zeroed."""
    dense, flags, places = work
    _open(terms, asked, places, dense, flags)
    for number in range(len(rows)):
        query = 0 if asked[3] else sides[number]
        scores[number] = _picked(rows[number], forward, dense[query], flags[query])
    _close(asked, places, dense, flags)


def mix_rows(sides: Any, codes: Any, worths: Any, reached: Any, scales: Any, bounds: Any, peaks: Any) -> None:
    """Write the bounds of rows' sums in some views and the peak of every stretch; a row of no side gets -1.

    ``worths`` = what each row's code adds; ``reached`` = bounds in the views; ``scales`` = what they count by view
    and side.
    """
    n_rows = len(sides)
    for row in range(n_rows):
        bounds[row] = worths[codes[row]] if sides[row] < 2 else np.float32(-1.0)
    for view in range(len(reached)):
        part, own, other = reached[view], scales[view, 0], scales[view, 1]
        for row in range(n_rows):  # the bound of a row of no side is zero
            bounds[row] += (own if sides[row] == 0 else other) * part[row]
    for number in range(len(peaks)):
        top = np.float32(-1.0)
        for row in range(number * CHUNK, min((number + 1) * CHUNK, n_rows)):
            top = max(top, bounds[row])
        peaks[number] = top
