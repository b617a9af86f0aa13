"""The inner loops of retrieval and of a need's first stage, as plain Python that kernels.py compiles.

They stand in one file since numba keeps what it compiled until the file of a loop changes, whatever that loop calls
and whatever kernels.py tells numba.
A view's blocks are read through their addresses.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

#: Rows whose bounds are looked at together.
CHUNK = 32
#: What allows for rounding in a bound, and in addition for each number added up: equal ones are all rounded one way.
SLACK, SLACK_EACH = 1.00001, 2.0**-23
#: Columns of common terms that are read at the same time; rows that are scored together.
TOGETHER, SOME = 4, 64
#: Flags that tell which terms may be asked for, a power of two.
FILTER = 1 << 14
#: Numbers in a line of the cache; impacts that a block tells apart.
LINE, LEVELS = 16, 256
#: Turns a number into an address, and an address into an array; set with numba.
pointer: Any = None
carray: Any = None


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


def _spread(sums: Any, tail: Any, term: int, weight: Any) -> None:
    """Add a term's postings to the sums of their rows."""
    starts, all_rows, all_impacts, levels = tail
    rows, impacts = all_rows[starts[term] : starts[term + 1]], all_impacts[starts[term] : starts[term + 1]]
    for entry in range(len(rows)):  # places in slices need no look at what a negative one would mean
        sums[rows[entry]] += weight * levels[impacts[entry]]


def _no_columns(n_terms: int) -> Any:
    """Return room for the columns of so many terms and what their steps are worth; what stays empty adds nothing."""
    room = n_terms + TOGETHER
    return np.zeros(room, np.int64), np.zeros((room, 2), np.float32), 0


def _sweep(sums: Any, columns: Any, chosen: Any, worths: Any, n: int) -> None:
    """Add the first n chosen columns to the sums of all rows; a step of each is worth so much.

    Columns come from memory, and four that are read at the same time take half as long as one after the other.
    """
    n_rows = len(sums)
    for at in range(0, n, TOGETHER):
        first, second = chosen[at] * n_rows, chosen[at + 1] * n_rows
        third, fourth = chosen[at + 2] * n_rows, chosen[at + 3] * n_rows
        a, b = columns[first : first + n_rows], columns[second : second + n_rows]
        c, d = columns[third : third + n_rows], columns[fourth : fourth + n_rows]
        one, two, three, four = worths[at], worths[at + 1], worths[at + 2], worths[at + 3]
        for row in range(n_rows):
            p, q, r, s = np.float32(a[row]), np.float32(b[row]), np.float32(c[row]), np.float32(d[row])
            sums[row] += one * p + two * q + three * r + four * s


def _tops(bits: Any, peaks: Any) -> None:
    """Write the highest of every stretch of numbers, 0 where none is above it, by their bits.

    Numbers above zero are in the order of their bits, whose maximum is found faster.
    """
    for number in range(len(peaks)):
        some, top = bits[number * CHUNK : (number + 1) * CHUNK], np.int32(0)
        for row in range(len(some)):
            top = max(top, some[row])
        peaks[number] = top


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
    _, forward, tail, (column_of, columns, steps) = block
    (spans, terms, weights), (room, dense) = queries, work
    sums, peaks = room[: len(alive)], np.zeros(-(-len(alive) // CHUNK), np.float32)
    for number in range(len(spans) - 1):
        scores, found = best_scores[number], best_rows[number]
        slack = np.float32(SLACK + (spans[number + 1] - spans[number]) * SLACK_EACH)
        chosen, worths, n_common = _no_columns(spans[number + 1] - spans[number])
        for place in range(spans[number], spans[number + 1]):
            term, weight = terms[place], weights[place]
            if term >= 0:
                dense[term] = weight
                column = column_of[term]
                if column < 0:
                    _spread(sums, tail, term, weight)
                else:
                    chosen[n_common], worths[n_common, 0] = column, weight * steps[column]
                    n_common += 1
        _sweep(sums, columns, chosen, worths[:, 0], n_common)
        if scores[0] == 0.0:
            _seed(sums, alive, first, forward, dense, scores, found)
        _tops(sums.view(np.int32), peaks.view(np.int32))
        for stretch in range(len(peaks)):
            peak = peaks[stretch] * slack
            if peak > 0.0 and peak >= scores[0]:
                for row in range(stretch * CHUNK, min((stretch + 1) * CHUNK, len(alive))):
                    bound = sums[row] * slack
                    if bound > 0.0 and bound >= scores[0] and alive[row]:
                        _offer(row, first, forward, dense, scores, found)
        sums[:] = 0.0
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


def point(_: Any, address: Any) -> Any:
    """Turn a number into an address, so that one call reads all blocks: an array handed over costs as much as a row."""
    types = importlib.import_module("numba.core.types")

    def build(context: Any, builder: Any, _: Any, numbers: Any) -> Any:
        return builder.inttoptr(numbers[0], context.get_value_type(types.voidptr))

    return types.voidptr(address), build


def _block(table: Any, number: int) -> Any:
    """Return the arrays of a block by their addresses: terms, rows as they are, the rare terms, the common ones."""
    at, sizes = table[0][number], table[1][number]
    forward = (
        carray(pointer(at[1]), sizes[1], np.int64),
        carray(pointer(at[2]), sizes[2], np.int32),
        carray(pointer(at[3]), sizes[3], np.float32),
    )
    tail = (
        carray(pointer(at[4]), sizes[4], np.int64),
        carray(pointer(at[5]), sizes[5], np.uint16),
        carray(pointer(at[6]), sizes[6], np.uint8),
        carray(pointer(at[7]), sizes[7], np.float32),
    )
    common = (
        carray(pointer(at[8]), sizes[8], np.int32),
        carray(pointer(at[9]), sizes[9], np.uint8),
        carray(pointer(at[10]), sizes[10], np.float32),
    )
    return carray(pointer(at[0]), sizes[0], np.int32), forward, tail, common


def place_terms(table: Any, asked: Any, places: Any) -> None:
    """Write the places that terms have in every block, -1 where no row of it has the term."""
    for number in range(len(places)):
        terms = _block(table, number)[0]
        for term in range(len(asked)):
            places[number, term] = _place_of(terms, asked[term])


def _open(places: Any, weights: Any, dense: Any, flags: Any) -> None:
    """Write the weights of both sides densely, by the places their terms have in a block.

    Nearly all terms of a row are not asked for; the flags, which stay in the nearest cache, tell most of them without
    a look at the dense query.
    """
    for number in range(len(places)):
        place = places[number]
        if place >= 0:
            dense[place, 0], dense[place, 1] = weights[number, 0], weights[number, 1]
            flags[place & (FILTER - 1)] = True


def _close(places: Any, dense: Any, flags: Any) -> None:
    """Undo ``_open``."""
    for place in places:
        if place >= 0:
            dense[place, 0] = dense[place, 1] = np.float32(0.0)
            flags[place & (FILTER - 1)] = False


def _picked(row: int, side: int, forward: Any, query: Any) -> Any:
    """Return the exact dot product of a row with one side of a dense query that has flags."""
    (indptr, indices, data), (dense, flags) = forward, query
    total = 0.0
    for entry in range(indptr[row], indptr[row + 1]):
        if flags[indices[entry] & (FILTER - 1)]:
            total += np.float64(dense[indices[entry], side]) * np.float64(data[entry])
    return np.float32(total)


def _spread_sides(bounds: Any, sides: Any, tail: Any, term: int, weights: Any, worths: Any) -> None:
    """Add a term's postings to the bounds of their rows by side; ``worths`` has room for what a level adds."""
    starts, all_rows, all_impacts, all_levels = tail
    levels, own, other = all_levels[:LEVELS], worths[:LEVELS], worths[LEVELS : 2 * LEVELS]
    for level in range(len(levels)):
        own[level] = weights[0] * levels[level]
    for level in range(len(levels)):
        other[level] = weights[1] * levels[level]
    rows, impacts = all_rows[starts[term] : starts[term + 1]], all_impacts[starts[term] : starts[term + 1]]
    for entry in range(len(rows)):
        row = np.uint32(rows[entry])  # nothing below zero, so that no place counts from the end
        bounds[row] += worths[np.uint32(sides[row]) * np.uint32(LEVELS) + np.uint32(impacts[entry])]


def _sweep_sides(bounds: Any, sides: Any, columns: Any, chosen: Any, worths: Any, n: int) -> None:
    """Add the first n chosen columns to the bounds of all rows; a step is worth something else on either side."""
    n_rows, nothing = len(bounds), np.float32(0.0)
    for at in range(0, n, TOGETHER):
        first, second = chosen[at] * n_rows, chosen[at + 1] * n_rows
        third, fourth = chosen[at + 2] * n_rows, chosen[at + 3] * n_rows
        a, b = columns[first : first + n_rows], columns[second : second + n_rows]
        c, d = columns[third : third + n_rows], columns[fourth : fourth + n_rows]
        (a0, a1), (b0, b1) = (worths[at, 0], worths[at, 1]), (worths[at + 1, 0], worths[at + 1, 1])
        (c0, c1), (d0, d1) = (worths[at + 2, 0], worths[at + 2, 1]), (worths[at + 3, 0], worths[at + 3, 1])
        for row in range(n_rows):
            p, q, r, s = np.float32(a[row]), np.float32(b[row]), np.float32(c[row]), np.float32(d[row])
            own, other = a0 * p + b0 * q + c0 * r + d0 * s, a1 * p + b1 * q + c1 * r + d1 * s
            bounds[row] += own if sides[row] == 0 else other if sides[row] == 1 else nothing


def _peaks(bounds: Any, sides: Any, peaks: Any) -> None:
    """Write the highest bound of every stretch on each side."""
    all_bits, highest, nothing = bounds.view(np.int32), peaks.view(np.int32), np.int32(0)
    for number in range(peaks.shape[1]):
        bits = all_bits[number * CHUNK : (number + 1) * CHUNK]  # slices, or the loop is not turned into a wide one
        some = sides[number * CHUNK : (number + 1) * CHUNK]
        top = other_top = nothing
        for row in range(len(bits)):
            top = max(top, bits[row] if some[row] == 0 else nothing)
            other_top = max(other_top, bits[row] if some[row] == 1 else nothing)
        highest[0, number], highest[1, number] = top, other_top


def _fetch(rows: Any, forward: Any) -> Any:
    """Read a number of every line of the cache that some rows lie in, so that many lines come from memory at a time.

    Scoring row by row waits for the numbers of each; here nothing waits but for the rows' places, which come first.
    Returns True; what the numbers are has to matter, or they are not read.
    """
    (indptr, indices, data), touched = forward, 0.0
    for row in rows:
        touched += indptr[row]
    for row in rows:
        for entry in range(indptr[row], indptr[row + 1], LINE):
            touched += indices[entry] + data[entry]
    return touched >= 0.0


def _fetch_postings(places: Any, column_of: Any, tail: Any) -> Any:
    """Read a number of every line that the terms' postings lie in, as ``_fetch`` does."""
    (starts, rows, impacts, _), touched = tail, np.int64(0)
    for place in places:
        if place >= 0 and column_of[place] < 0:
            for entry in range(starts[place], starts[place + 1], 2 * LINE):
                touched += np.int64(rows[entry]) + np.int64(impacts[entry])
    return touched >= 0


def _lead(wanted: Any, first: int, sides: Any, bounds: Any, peaks: Any, heights: Any, who: Any) -> None:
    """Let the rows of the wanted sides (the first and the last of them) compete for the best bounds above zero."""
    for number in range(len(peaks)):
        if peaks[number] > heights[0]:
            for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                if bounds[row] > heights[0] and wanted[0] <= sides[row] <= wanted[1]:
                    _replace_worst(heights, who, bounds[row], first + row)


def _floor(side: int, sides: Any, forward: Any, query: Any, bounds: Any, peaks: Any, n: int) -> Any:
    """Return the lowest exact score of the n rows of a side with the best bounds, which spares most others; or 0."""
    heights, who = np.zeros(n, np.float32), np.full(n, -1, np.int64)
    _lead((side, side), 0, sides, bounds, peaks, heights, who)
    floor = np.float32(0.0 if who[0] < 0 else np.inf)
    if who[0] >= 0 and _fetch(who, forward):
        for chosen in who:
            floor = min(floor, _picked(int(chosen), side, forward, query))
    return floor


def _settle(rows: Any, side: int, first: int, forward: Any, query: Any, bounds: Any, least: Any, best: Any) -> None:
    """Let some rows compete for the best scores; ``least`` = the bound they need, and that of a score of 1."""
    (scores, found), is_read = best, _fetch(rows, forward)
    for row in rows:
        if is_read and bounds[row] >= least[0]:
            score = _picked(row, side, forward, query)
            if score > 0.0 and _worse(scores[0], found[0], score, first + row):
                _replace_worst(scores, found, score, first + row)
                least[0] = max(least[0], scores[0] * least[1])


def _compete(
    side: int, sides: Any, first: int, forward: Any, query: Any, factor: Any, bounds: Any, peaks: Any, best: Any
) -> None:
    """Let the rows of one side compete for the best scores above zero (a heap with the worst on top).

    Of scores that differ by no more than rounding the first rows are kept, so that thousands of equal ones are spared.
    """
    top, room, n = best[0][0], np.empty(SOME, np.int64), 0
    floor = top if top > 0.0 else _floor(side, sides, forward, query, bounds, peaks, len(best[0]))
    least = np.array([0.0, factor * np.float32(SLACK)], np.float32)
    least[0] = max(floor * (factor / np.float32(SLACK)), top * least[1])
    for number in range(len(peaks)):
        if peaks[number] > 0.0 and peaks[number] >= least[0]:
            for row in range(number * CHUNK, min((number + 1) * CHUNK, len(sides))):
                if sides[row] == side and bounds[row] > 0.0 and bounds[row] >= least[0]:
                    room[n] = row
                    n += 1
                    if n == SOME:
                        _settle(room, side, first, forward, query, bounds, least, best)
                        n = 0
    _settle(room[:n], side, first, forward, query, bounds, least, best)


def _bound(block: Any, places: Any, scales: Any, sides: Any, bounds: Any, worths: Any) -> None:
    """Write what the rows of a block can score at most; of rows of no side it tells nothing.

    ``scales`` = what a term's weight counts on either side. Mostly they are alike, and sides need no look.
    """
    _, _, tail, (column_of, columns, steps) = block
    chosen, steps_worth, n_common = _no_columns(len(scales))
    are_alike = True
    for term in range(len(scales)):
        are_alike = are_alike and scales[term, 0] == scales[term, 1]
    bounds[:] = np.float32(0.0 if _fetch_postings(places, column_of, tail) else np.nan)
    for term in range(len(scales)):
        if places[term] >= 0:
            column = column_of[places[term]]
            if column >= 0:
                chosen[n_common] = column
                steps_worth[n_common, 0] = scales[term, 0] * steps[column]
                steps_worth[n_common, 1] = scales[term, 1] * steps[column]
                n_common += 1
            elif are_alike:
                _spread(bounds, tail, places[term], scales[term, 0])
            else:
                _spread_sides(bounds, sides, tail, places[term], scales[term], worths)
    if are_alike:
        _sweep(bounds, columns, chosen, steps_worth[:, 0], n_common)
    else:
        _sweep_sides(bounds, sides, columns, chosen, steps_worth, n_common)


def survey_blocks(table: Any, asked: Any, all_sides: Any, factors: Any, reached: Any, best: Any, work: Any) -> None:
    """Write what the rows of all blocks can score at most and the peaks of that; the best compete on either side.

    ``asked`` = (places of the terms in every block, their weights for rows of side 0 and of side 1). ``best`` = a heap
    of scores and rows for either side. ``work`` is left zeroed. Where there is room for one block's bounds only, those
    of the last are left.
    """
    (places, weights), (all_bounds, all_peaks), (dense, flags) = asked, reached, work
    firsts, stretches, worths, scales = table[2], table[3], np.zeros(3 * LEVELS, np.float32), np.empty_like(weights)
    slack = np.float32(1.0 + len(weights) * SLACK_EACH)
    for term in range(len(weights)):
        scales[term, 0] = weights[term, 0] * factors[0] * slack
        scales[term, 1] = weights[term, 1] * factors[1] * slack
    for number in range(len(places)):
        block, first = _block(table, number), firsts[number] if len(all_bounds) == len(all_sides) else 0
        bounds = all_bounds[first : first + firsts[number + 1] - firsts[number]]
        sides = all_sides[firsts[number] : firsts[number + 1]]
        peaks = all_peaks[:, stretches[number] : stretches[number + 1]]
        _bound(block, places[number], scales, sides, bounds, worths)
        _peaks(bounds, sides, peaks)
        _open(places[number], weights, dense, flags)
        for side in range(2):
            query = (dense, flags)
            _compete(side, sides, firsts[number], block[1], query, factors[side], bounds, peaks[side], best[side])
        _close(places[number], dense, flags)


def finish_rows(table: Any, asked: Any, rows: Any, sides: Any, scores: Any, work: Any) -> None:
    """Write the exact dot products of some rows, in rising order, with the query of their side."""
    (places, weights), (dense, flags), firsts, at = asked, work, table[2], 0
    for number in range(len(places)):
        end = at
        while end < len(rows) and rows[end] < firsts[number + 1]:
            end += 1
        some, forward = rows[at:end] - firsts[number], _block(table, number)[1]
        if len(some) and _fetch(some, forward):
            _open(places[number], weights, dense, flags)
            for place in range(len(some)):
                scores[at + place] = _picked(some[place], sides[at + place], forward, (dense, flags))
            _close(places[number], dense, flags)
        at = end


def mix_rows(all_sides: Any, codes: Any, worths: Any, reached: Any, scales: Any, mixed: Any, edges: Any) -> None:
    """Write bounds of rows' sums in some views, -1 for a row of no side, and the highest of every stretch.

    ``worths`` = what each row's code adds; ``reached`` = bounds in the views; ``scales`` = what they count by view and
    side; ``edges`` = the first row and the first stretch of some blocks and of the one after them.
    """
    (firsts, stretches), (all_bounds, peaks) = edges, mixed
    for block in range(len(firsts) - 1):
        first, end = firsts[block], firsts[block + 1]
        bounds, sides, some = all_bounds[first:end], all_sides[first:end], codes[first:end]
        for row in range(len(bounds)):
            bounds[row] = worths[np.uint32(some[row])]
        for view in range(len(reached)):
            part, own, other = reached[view][first:end], scales[view, 0], scales[view, 1]
            for row in range(len(bounds)):
                bounds[row] += (own if sides[row] == 0 else other) * part[row]
        for row in range(len(bounds)):
            bounds[row] = bounds[row] if sides[row] < 2 else np.float32(-1.0)
        _tops(bounds.view(np.int32), peaks.view(np.int32)[stretches[block] : stretches[block + 1]])


def lead_rows(edges: Any, wanted: Any, all_sides: Any, all_bounds: Any, all_peaks: Any, n: int) -> Any:
    """Return the n rows of the wanted sides with the best bounds above zero, in no order; -1 where there are fewer."""
    (firsts, stretches), heights, who = edges, np.zeros(n, np.float32), np.full(n, -1, np.int64)
    for block in range(len(firsts) - 1):
        first, end = firsts[block], firsts[block + 1]
        peaks = all_peaks[stretches[block] : stretches[block + 1]]
        _lead(wanted, first, all_sides[first:end], all_bounds[first:end], peaks, heights, who)
    return who


def reaching_rows(edges: Any, wanted: Any, all_sides: Any, all_bounds: Any, all_peaks: Any, floor: Any) -> Any:
    """Return the rows of the wanted sides whose bounds reach a floor, in rising order."""
    (firsts, stretches), rows, n = edges, np.empty(0, np.int64), 0
    for is_counted in (False, True):
        if is_counted:
            rows, n = np.empty(n, np.int64), 0
        for block in range(len(firsts) - 1):
            for number in range(stretches[block], stretches[block + 1]):
                if all_peaks[number] >= floor:
                    start = firsts[block] + (number - stretches[block]) * CHUNK
                    for row in range(start, min(start + CHUNK, firsts[block + 1])):
                        if all_bounds[row] >= floor and wanted[0] <= all_sides[row] <= wanted[1]:
                            if is_counted:
                                rows[n] = row
                            n += 1
    return rows
