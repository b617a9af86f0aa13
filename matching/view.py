"""One view of a catalogue's texts in blocks of rows: what rows can reach for a need, and what some of them score."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.bags import Bags
from matching.index import FloatArray, IntArray, TermIndex
from matching.kernels import CHUNK, FILTER, compiled
from matching.retrieve import BLOCK_ROWS, Block, upper_bounds

Rows = NDArray[np.int64]
#: Places of a query's terms in one block and their weights; and that of every block.
AskedBlock = tuple[NDArray[np.int32], FloatArray]
Asked = list[AskedBlock]
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

    def parts(self) -> Iterator[tuple[int, Block]]:
        """Yield the first row of each block, and the block."""
        first = 0
        for block in self.blocks:
            yield first, block
            first += block.n_rows

    def scores(self, weights: Mapping[str, float]) -> FloatArray:
        """Return Σ weight × posting for every row, (n_rows,), from weighted query terms."""
        return self.scores_of(np.arange(self.n_rows), weights)

    def scores_of(self, rows: Rows, weights: Mapping[str, float]) -> FloatArray:
        """Return ``scores`` of some rows only, given in rising order."""
        return self.finished(rows, self.asked(weights))

    def asked(self, weights: Mapping[str, float]) -> Asked:
        """Return the places of query terms in each block, and their weights."""
        terms, values = self.known(weights)
        found: Asked = []
        for block in self.blocks:
            places = block.places(terms.astype(np.int32))
            held = places >= 0
            found.append((places[held], values[held]))
        return found

    def finished(self, rows: Rows, asked: Asked) -> FloatArray:
        """Return the scores of some rows, given in rising order."""
        result = np.zeros(len(rows), np.float32)
        kernels = compiled() if self.use_numba else None
        for (first, block), (places, values) in zip(self.parts(), asked, strict=True):
            start, stop = np.searchsorted(rows, [first, first + block.n_rows]).tolist()
            if start == stop or not len(places):
                continue
            dense, some = scratch("dense", len(block.terms)), rows[start:stop] - first
            if kernels is not None:
                kernels.finish_rows(block.parts[0], some, (places, values), (dense, _flags()), result[start:stop])
                continue
            dense[places] = values
            result[start:stop] = block.exact(some, dense)
            dense[places] = 0.0
        return result

    def row_weights(self, row: int, terms: Iterable[str]) -> dict[str, float]:
        """Return the posting weight of each given term that the row holds."""
        first, block = next(part for part in self.parts() if part[0] <= row < part[0] + part[1].n_rows)
        span = slice(*block.indptr[row - first : row - first + 2])
        held = dict(zip(block.terms[block.indices[span]].tolist(), block.data[span].tolist(), strict=True))
        numbers = ((term, self.vocabulary.get(term)) for term in terms)
        return {term: held[number] for term, number in numbers if number in held}

    def reach(
        self,
        queries: tuple[Asked, Asked],
        factors: FloatArray,
        sides: NDArray[np.uint8],
        bounds: FloatArray,
    ) -> FloatArray:
        """Write what every row can score at most, times its side's factor; return the peaks, (stretches, 2).

        sides : 0 for rows the first query asks, 1 for the second, else nobody asks. Stretches are CHUNK rows, counted
        in each block from its start.
        """
        peaks = np.zeros((sum(-(-block.n_rows // CHUNK) for block in self.blocks), 2), np.float32)
        stretch = 0
        for number, (first, block) in enumerate(self.parts()):
            n = -(-block.n_rows // CHUNK)
            part = slice(first, first + block.n_rows)
            asked = (queries[0][number], queries[1][number])
            self._reach(block, asked, factors, sides[part], bounds[part], peaks[stretch : stretch + n])
            stretch += n
        return peaks

    def _reach(
        self,
        block: Block,
        asked: tuple[AskedBlock, AskedBlock],
        factors: FloatArray,
        sides: NDArray[np.uint8],
        bounds: FloatArray,
        peaks: FloatArray,
    ) -> None:
        """Fill bounds and peaks of a block."""
        kernels = compiled() if self.use_numba else None
        if kernels is not None:
            (places, weights), (more_places, more_weights) = asked
            spans = np.array([0, len(places), len(places) + len(more_places)])
            both = (spans, np.concatenate([places, more_places]), np.concatenate([weights, more_weights]))
            kernels.reach_block(block.parts, sides, block.scales, both, factors, bounds, peaks, _sums())
            return
        for side, (places, weights) in enumerate(asked):
            reached = upper_bounds(block, places, weights) * factors[side] * (sides == side)
            bounds[:] = reached if side == 0 else bounds + reached
            peaks[:, side] = np.maximum.reduceat(reached, np.arange(0, len(reached), CHUNK))


def scratch(name: str, size: int) -> FloatArray:
    """Return at least so many of this thread's own numbers of a name: zeros at first, later as they were left."""
    held: FloatArray | None = getattr(_scratch, name, None)
    if held is None or len(held) < size:
        held = np.zeros(size, np.float32)
        setattr(_scratch, name, held)
    return held


def _flags() -> NDArray[np.bool_]:
    held: NDArray[np.bool_] | None = getattr(_scratch, "flags", None)
    if held is None:
        held = _scratch.flags = np.zeros(FILTER, np.bool_)
    return held


def _sums() -> FloatArray:
    return scratch("sums", 2 * BLOCK_ROWS)[: 2 * BLOCK_ROWS].reshape(2, BLOCK_ROWS)
