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
    """The compiled loops: a block's best rows, what its rows can reach, scores of some, best sums of three views."""

    search_block: Any
    survey_block: Any
    finish_rows: Any
    blend_block: Any


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
    for name in ("_peak", "_reach_stretch", "_mix_stretch"):
        globals()[name] = loose(globals()[name])
    for name in ("_offer", "_seed", "_compete", "_standing", "_sum_of", "_blend_floor"):
        globals()[name] = plain(globals()[name])
    return Kernels(plain(search_block), plain(survey_block), plain(finish_rows), plain(blend_block))


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
    _, forward, (starts, rows, impacts), (head, norms) = block
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


def _compete(
    side: int, sides: Any, first: int, forward: Any, query: Any, factor: Any, bounds: Any, peaks: Any, best: Any
) -> None:
    """Let the rows of one side compete for the best scores above zero (a heap with the worst on top)."""
    (dense, flags), (scores, rows) = query, best
    unit = factor / np.float32(SLACK)
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
    for number in range(len(peaks)):
        if peaks[number] > 0.0 and peaks[number] >= floor * unit:
            for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                if sides[row] == side and bounds[row] > 0.0 and bounds[row] >= floor * unit:
                    score = _picked(row, forward, dense, flags)
                    if score > 0.0 and _worse(scores[0], rows[0], score, first + row):
                        _replace_worst(scores, rows, score, first + row)
                        floor = max(floor, scores[0])


def survey_block(
    block: Any, sides: Any, first: int, scales: Any, asked: Any, factors: Any, bounds: Any, best: Any, work: Any
) -> None:
    """Write what a block's rows can score at most, and let them compete for the best of their side.

    Rows of side 0 answer the first query, of side 1 the second; ``asked`` = (spans, terms, weights, whether the first
    is meant for both sides). ``best`` = a heap of scores and rows for either side. ``work`` is left zeroed.
    """
    terms, forward, (starts, rows, impacts), (head, norms) = block
    (spans, _, weights, shared), (sums, dense, flags, places) = asked, work
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
                    _accumulate(sums[side], rows, impacts, starts[place], starts[place + 1], weight * scales[0])
        reaches[side] = np.float32(np.sqrt(squares) * scales[1])
    second = 0 if shared else 1
    reaches[1] = reaches[second]
    pair = (sums[0], sums[second])
    peaks = np.zeros((2, (len(sides) + CHUNK - 1) // CHUNK), np.float32)
    for number in range(peaks.shape[1]):
        start, stop = number * CHUNK, min((number + 1) * CHUNK, len(sides))
        _reach_stretch(pair, norms, sides, start, stop, reaches, factors, bounds, peaks[:, number])
    _compete(0, sides, first, forward, (dense[0], flags[0]), factors[0], bounds, peaks[0], best[0])
    _compete(1, sides, first, forward, (dense[second], flags[second]), factors[1], bounds, peaks[1], best[1])
    for side in range(second + 1):
        sums[side, : len(sides)] = np.float32(0.0)
    _close(asked, places, dense, flags)


def finish_rows(block: Any, rows: Any, sides: Any, asked: Any, work: Any, scores: Any) -> None:
    """Write the exact dot products of some rows with the query of their side. ``work`` is left zeroed."""
    (terms, forward, _, _), (_, dense, flags, places) = block, work
    _open(terms, asked, places, dense, flags)
    for number in range(len(rows)):
        query = 0 if asked[3] else sides[number]
        scores[number] = _picked(rows[number], forward, dense[query], flags[query])
    _close(asked, places, dense, flags)


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


def _standing(row: int, side: int, view: Any, query: Any, measure: Any, cap: Any) -> Any:
    """Return the exact standing of a row in one view, at most ``cap``; ``measure`` = weight, totals, levels."""
    (_, forward, shared), (dense, flags, _), (_, totals, levels) = view, query, measure
    asked = 0 if shared else side
    return min(_picked(row, forward, dense[asked], flags[asked]) / totals[side] / levels[side], cap)


def _sum_of(row: int, side: int, worth: Any, views: Any, queries: Any, measures: Any, cap: Any) -> Any:
    """Return the exact sum of a row's standings in three views and the worth of its label."""
    total = worth
    total += measures[0][0] * _standing(row, side, views[0], queries[0], measures[0], cap)
    if measures[1][0] > 0.0:
        total += measures[1][0] * _standing(row, side, views[1], queries[1], measures[1], cap)
    if measures[2][0] > 0.0:
        total += measures[2][0] * _standing(row, side, views[2], queries[2], measures[2], cap)
    return total


def _blend_floor(n: int, bounds: Any, peaks: Any, sides: Any, labels: Any, views: Any, queries: Any, ranks: Any) -> Any:
    """Return a sum that n rows reach, those with the best bounds; the lowest number where there are fewer rows."""
    (codes, worths), (measures, cap) = labels, ranks
    heights, who = np.full(n, np.float32(-1.0)), np.full(n, -1, np.int64)
    for number in range(len(peaks)):
        if peaks[number] > heights[0]:
            for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                if bounds[row] > heights[0]:
                    _replace_worst(heights, who, bounds[row], row)
    floor = np.inf
    for chosen in who:
        if chosen < 0:
            return -np.inf
        worth = worths[codes[chosen]]
        floor = min(floor, _sum_of(int(chosen), sides[chosen], worth, views, queries, measures, cap))
    return floor


def blend_block(
    blocks: Any, sides: Any, first: int, labels: Any, reached: Any, asked: Any, ranks: Any, best: Any, work: Any
) -> None:
    """Let the living rows of a block compete for the best sums (a heap with the worst on top).

    ``labels`` = each row's code and the worths of codes; ``reached`` = bounds in three views and what they count by
    view and side; ``ranks`` = weight, totals and levels of three views (none of the first is left out), and the cap.
    ``work`` = a dense query with flags and places for each view, and room for bounds.
    """
    (codes, worths), (parts, scales), (measures, cap), (scores, rows) = labels, reached, ranks, best
    (one, two, three), (first_work, second_work, third_work, bounds) = blocks, work
    _open(one[0], asked[0], first_work[2], first_work[0], first_work[1])
    _open(two[0], asked[1], second_work[2], second_work[0], second_work[1])
    _open(three[0], asked[2], third_work[2], third_work[0], third_work[1])
    views = ((one[0], one[1], asked[0][3]), (two[0], two[1], asked[1][3]), (three[0], three[1], asked[2][3]))
    queries = (first_work, second_work, third_work)
    rounded = (worths * SLACK).astype(np.float32)
    peaks = np.zeros((len(sides) + CHUNK - 1) // CHUNK, np.float32)
    for number in range(len(peaks)):
        start, stop = number * CHUNK, min((number + 1) * CHUNK, len(sides))
        peaks[number] = _mix_stretch(parts, scales, sides, codes, rounded, start, stop, bounds)
    floor = scores[0]
    if floor == -np.inf:
        floor = _blend_floor(len(scores), bounds, peaks, sides, labels, views, queries, ranks)
    for number in range(len(peaks)):
        if peaks[number] >= floor:
            for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                if sides[row] < 2 and bounds[row] >= floor:
                    score = _sum_of(row, sides[row], worths[codes[row]], views, queries, measures, cap)
                    if _worse(scores[0], rows[0], score, first + row):
                        _replace_worst(scores, rows, score, first + row)
                        floor = max(floor, scores[0])
    _close(asked[0], first_work[2], first_work[0], first_work[1])
    _close(asked[1], second_work[2], second_work[0], second_work[1])
    _close(asked[2], third_work[2], third_work[0], third_work[1])
