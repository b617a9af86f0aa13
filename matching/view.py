"""One view of a catalogue's texts in blocks of rows: what rows can reach for a need, and what some of them score."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.bags import Bags
from matching.index import FloatArray, IntArray, TermIndex
from matching.kernels import CHUNK, FILTER, Kernels, compiled
from matching.retrieve import BLOCK_ROWS, Block, upper_bounds

Rows = NDArray[np.int64]
Sides = NDArray[np.uint8]
#: Two queries: where the terms of each begin and end, terms, weights, and whether the first is meant for both sides.
Asked = tuple[Rows, NDArray[np.int32], FloatArray, bool]
#: The best scores and their rows with the worst on top.
Heap = tuple[FloatArray, Rows]
#: Terms in more than this share of a block's rows are only bounded: sums of several views need close bounds.
COMMON = 0.4
_scratch = threading.local()


@dataclass(slots=True)
class View(TermIndex):
    """A term index whose rows are read forward too, so that few of very many have to be scored.

    Blocks never change; the last ones are put together while the one before is less than twice as long.

    use_numba : compile the inner loops where numba is installed; the answers are the same without.
    """

    blocks: list[Block] = field(default_factory=list)
    use_numba: bool = True

    def _forget(self) -> None:
        self.blocks = []

    def _store(self, terms: IntArray, weights: FloatArray, bags: Bags) -> None:
        spans = np.concatenate([[0], np.cumsum(bags.lengths, dtype=np.int64)])
        rows = sparse.csr_matrix((weights, terms, spans), shape=(len(bags), len(self.vocabulary)))
        for start in range(0, len(bags), BLOCK_ROWS):
            self._append(rows[start : start + BLOCK_ROWS])

    def _append(self, rows: sparse.csr_matrix) -> None:
        n_terms = len(self.vocabulary)
        while self.blocks:
            size = self.blocks[-1].n_rows
            if size >= 2 * rows.shape[0] or size + rows.shape[0] > BLOCK_ROWS:
                break
            rows = sparse.vstack([self.blocks.pop().matrix(n_terms), rows], "csr")
        self.blocks.append(Block.build(rows, COMMON))

    def parts(self) -> list[tuple[int, Block]]:
        """Return the first row of each block, and the block."""
        firsts = accumulate((block.n_rows for block in self.blocks), initial=0)
        return list(zip(firsts, self.blocks, strict=False))

    def scores(self, weights: Mapping[str, float]) -> FloatArray:
        """Return Σ weight × posting for every row, (n_rows,), from weighted query terms."""
        return self.scores_of(np.arange(self.n_rows), weights)

    def scores_of(self, rows: Rows, weights: Mapping[str, float]) -> FloatArray:
        """Return ``scores`` of some rows only, given in rising order."""
        return self.finished(rows, np.zeros(len(rows), np.uint8), self.asked(weights, weights))

    @property
    def kernels(self) -> Kernels | None:
        """Return the compiled loops, None where they are not to be used."""
        return compiled() if self.use_numba else None

    def asked(self, own: Mapping[str, float], other: Mapping[str, float]) -> Asked:
        """Return the query of rows of the need's language and that of others; the same object may be both."""
        queries = [self.known(own)] if own is other else [self.known(own), self.known(other)]
        lengths = [len(terms) for terms, _ in queries]
        spans = np.array([0, *np.cumsum(lengths), sum(lengths)][:3], np.int64)
        terms = np.concatenate([terms for terms, _ in queries]).astype(np.int32)
        return spans, terms, np.concatenate([weights for _, weights in queries]), own is other

    def finished(self, rows: Rows, sides: Sides, asked: Asked) -> FloatArray:
        """Return the scores of some rows, given in rising order, for the query of their side (0 or 1)."""
        result = np.zeros(len(rows), np.float32)
        if not len(asked[1]):
            return result
        kernels, parts, work = self.kernels, self.parts(), self._open_work(asked)
        edges = [*np.searchsorted(rows, [first for first, _ in parts]).tolist(), len(rows)]
        for (first, block), start, stop in zip(parts, edges[:-1], edges[1:], strict=True):
            if start == stop:
                continue
            some, on_side, part = rows[start:stop] - first, sides[start:stop], result[start:stop]
            if kernels is not None:
                kernels.finish_rows(block.terms, block.forward, some, on_side, asked, work, part)
                continue
            dense = scratch("dense", len(block.terms))
            for side in (0, 1):
                (places, weights), chosen = places_in(block, asked, side), on_side == side
                dense[places] = weights
                part[chosen] = block.exact(some[chosen], dense)
                dense[places] = 0.0
        return result

    def row_weights(self, row: int, terms: Iterable[str]) -> dict[str, float]:
        """Return the posting weight of each given term that the row holds."""
        first, block = next(part for part in self.parts() if part[0] <= row < part[0] + part[1].n_rows)
        span = slice(*block.indptr[row - first : row - first + 2])
        held = dict(zip(block.terms[block.indices[span]].tolist(), block.data[span].tolist(), strict=True))
        asked = list(terms)
        numbers = zip(asked, self.vocabulary.places(asked), strict=True)
        return {term: held[number] for term, number in numbers if number in held}

    def held(self, rows: Rows, terms: Sequence[str]) -> NDArray[np.bool_]:
        """Return which terms each row holds, (rows, terms)."""
        numbers = np.array(self.vocabulary.places(terms), np.int32)
        result = np.zeros((len(rows), len(terms)), np.bool_)
        for first, block in self.parts():
            here = np.flatnonzero((rows >= first) & (rows < first + block.n_rows))
            places = block.places(numbers)
            column_of = np.full(len(block.terms), -1, np.int32)
            column_of[places[places >= 0]] = np.flatnonzero(places >= 0)
            starts, ends = block.indptr[rows[here] - first], block.indptr[rows[here] - first + 1]
            for row, start, end in zip(here.tolist(), starts.tolist(), ends.tolist(), strict=True):
                columns = column_of[block.indices[start:end]]
                result[row, columns[columns >= 0]] = True
        return result

    def _open_work(self, asked: Asked) -> tuple[Any, ...]:
        """Return a zeroed dense query for either side with flags, and room for the places of all terms."""
        n_terms = max((len(block.terms) for block in self.blocks), default=0)
        dense = scratch("open", 2 * n_terms)[: 2 * n_terms].reshape(2, n_terms)
        return dense, _own("flags", 2 * FILTER, np.bool_).reshape(2, FILTER), _own("places", len(asked[1]))

    def survey(
        self,
        kernels: Kernels,
        asked: Asked,
        factors: FloatArray,
        sides: Sides,
        bounds: FloatArray,
        best: tuple[Heap, Heap],
    ) -> FloatArray:
        """Write what every row can score at most, times its side's factor; fill the best scores of either side.

        sides : 0 for rows the first query asks, 1 for the second, else nobody asks. Returns what ``reach`` does.
        """
        peaks = [np.zeros((2, 0), np.float32)]
        work = (scratch("sums", 2 * BLOCK_ROWS)[: 2 * BLOCK_ROWS].reshape(2, BLOCK_ROWS), *self._open_work(asked))
        for first, block in self.parts():
            part, fresh = slice(first, first + block.n_rows), np.zeros((2, -(-block.n_rows // CHUNK)), np.float32)
            kernels.survey_block(block.parts, sides[part], first, asked, factors, (bounds[part], fresh), best, work)
            peaks.append(fresh)
        return np.concatenate(peaks, axis=1)

    def reach(self, asked: Asked, factors: FloatArray, sides: Sides, bounds: FloatArray) -> FloatArray:
        """Write what ``survey`` writes, without the compiled loops; return the peaks, (2, stretches).

        Stretches are CHUNK rows, counted in each block from its start.
        """
        peaks: tuple[list[FloatArray], list[FloatArray]] = ([np.zeros(0, np.float32)], [np.zeros(0, np.float32)])
        for first, block in self.parts():
            part = slice(first, first + block.n_rows)
            bounds[part] = 0.0
            for side in (0, 1):
                reached = upper_bounds(block, *places_in(block, asked, side)) * factors[side] * (sides[part] == side)
                bounds[part] += reached
                peaks[side].append(np.maximum.reduceat(reached, np.arange(0, len(reached), CHUNK)))
        return np.stack([np.concatenate(parts) for parts in peaks])


def places_in(block: Block, asked: Asked, side: int) -> tuple[NDArray[np.int32], FloatArray]:
    """Return the places of one side's query terms that a block has, and their weights."""
    spans, terms, weights, shared = asked
    part = slice(*spans[:2]) if shared or side == 0 else slice(*spans[1:])
    places = block.places(terms[part])
    return places[places >= 0], weights[part][places >= 0]


def scratch(name: str, size: int) -> FloatArray:
    """Return at least so many of this thread's own numbers of a name: zeros at first, later as they were left."""
    return _own(name, size, np.float32)


def _own(name: str, size: int, kind: type[np.generic] = np.int32) -> NDArray[Any]:
    held: NDArray[Any] | None = getattr(_scratch, name, None)
    if held is None or len(held) < size:
        held = np.zeros(size, kind)
        setattr(_scratch, name, held)
    return held
