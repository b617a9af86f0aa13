"""One view of a catalogue's texts in blocks of rows: what rows can reach for a need, and what some of them score."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.bags import Bags
from matching.index import FloatArray, IntArray, TermIndex
from matching.kernels import Kernels, compiled
from matching.loops import CHUNK, FILTER
from matching.retrieve import ARRAYS, BLOCK_ROWS, Block, upper_bounds

Rows = NDArray[np.int64]
Sides = NDArray[np.uint8]
#: The best scores and their rows with the worst on top.
Heap = tuple[FloatArray, Rows]
#: A term in more than this share of a block's rows is kept as a column: where most needs ask for such terms, and for
#: both languages, memory is worth less than in plain retrieval.
COMMON = 0.08
#: What the compiled loops take a block's arrays to be, in the order of ARRAYS.
KINDS = tuple(map(np.dtype, ("i4", "i8", "i4", "f4", "i8", "u2", "u1", "f4", "i4", "u1", "f4")))
_scratch = threading.local()


@dataclass(frozen=True, slots=True)
class Table:
    """Where the compiled loops find the blocks of a view, which are kept here.

    firsts : the first row of every block and the end of all; stretches : the same in stretches of CHUNK rows.
    n_terms, longest : the most terms and rows of a block.
    """

    blocks: tuple[Block, ...]
    firsts: Rows
    stretches: Rows
    addresses: Rows
    sizes: Rows
    n_terms: int
    longest: int

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Table:
        """Return the table of some blocks. Raises ValueError for arrays that are not what the loops take them to be."""
        arrays = [[getattr(block, name) for name in ARRAYS] for block in blocks]
        if any(not array.flags.c_contiguous for row in arrays for array in row) or any(
            tuple(array.dtype for array in row) != KINDS for row in arrays
        ):
            raise ValueError("the blocks of a view are damaged")
        for block in blocks:
            block.check()
        lengths = [block.n_rows for block in blocks]
        shape = (len(blocks), len(ARRAYS))
        return cls(
            tuple(blocks),
            np.cumsum([0, *lengths], dtype=np.int64),
            np.cumsum([0, *(-(-length // CHUNK) for length in lengths)], dtype=np.int64),
            np.array([array.ctypes.data for row in arrays for array in row], np.int64).reshape(shape),
            np.array([array.size for row in arrays for array in row], np.int64).reshape(shape),
            max((len(block.terms) for block in blocks), default=0),
            max(lengths, default=0),
        )

    @property
    def parts(self) -> tuple[Rows, Rows, Rows, Rows]:
        """Return what the compiled loops read, in their order."""
        return self.addresses, self.sizes, self.firsts, self.stretches


@dataclass(frozen=True, slots=True)
class Asked:
    """A need's terms: their places in every block of a table (-1 for none), and weights by side, (terms, 2)."""

    table: Table
    places: NDArray[np.int32]
    weights: FloatArray

    def of(self, number: int, side: int) -> tuple[NDArray[np.int32], FloatArray]:
        """Return the places of one side's terms that a block has, and their weights."""
        places, weights = self.places[number], self.weights[:, side]
        held = (places >= 0) & (weights > 0)
        return places[held], weights[held]


@dataclass(slots=True)
class View(TermIndex):
    """A term index whose rows are read forward too, so that few of very many have to be scored.

    Blocks never change; the last ones are put together while the one before is less than twice as long.

    use_numba : compile the inner loops where numba is installed; the answers are the same without.
    """

    blocks: list[Block] = field(default_factory=list)
    use_numba: bool = True
    _table: Table | None = None

    def _forget(self) -> None:
        self.blocks, self._table = [], None

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
        self._table = None

    @property
    def table(self) -> Table:
        """Return the table of the blocks as they are now."""
        if self._table is None:
            self._table = Table.of(self.blocks)
        return self._table

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
        """Return the query of rows of the need's language and that of others."""
        names = list(own) if own is other else list(dict.fromkeys([*own, *other]))
        numbers = np.array(self.vocabulary.places(names), np.int32)
        weights = np.array([[own.get(name, 0.0), other.get(name, 0.0)] for name in names], np.float32).reshape(-1, 2)
        held = numbers >= 0
        table, terms, kernels = self.table, numbers[held], self.kernels
        places = np.zeros((len(table.blocks), len(terms)), np.int32)
        if kernels is not None:
            kernels.place_terms(table.parts, terms, places)
        else:
            places[:] = [block.places(terms) for block in table.blocks]
        return Asked(table, places, weights[held])

    def finished(self, rows: Rows, sides: Sides, asked: Asked) -> FloatArray:
        """Return the scores of some rows, given in rising order, for the query of their side (0 or 1)."""
        result, table, kernels = np.zeros(len(rows), np.float32), asked.table, self.kernels
        if kernels is not None:
            kernels.finish_rows(table.parts, (asked.places, asked.weights), rows, sides, result, _open_work(table))
            return result
        edges = np.searchsorted(rows, table.firsts)
        for number, (block, start, stop) in enumerate(zip(table.blocks, edges[:-1], edges[1:], strict=True)):
            some, on_side, part = rows[start:stop] - table.firsts[number], sides[start:stop], result[start:stop]
            dense = scratch("dense", len(block.terms))
            for side in (0, 1):
                (places, weights), chosen = asked.of(number, side), on_side == side
                dense[places] = weights
                part[chosen] = block.exact(some[chosen], dense)
                dense[places] = 0.0
        return result

    def row_weights(self, row: int, terms: Iterable[str]) -> dict[str, float]:
        """Return the posting weight of each given term that the row holds."""
        firsts = self.table.firsts
        number = int(firsts.searchsorted(row, "right")) - 1
        block, place = self.blocks[number], row - int(firsts[number])
        span = slice(*block.indptr[place : place + 2])
        held = dict(zip(block.terms[block.indices[span]].tolist(), block.data[span].tolist(), strict=True))
        asked = list(terms)
        numbers = zip(asked, self.vocabulary.places(asked), strict=True)
        return {term: held[number] for term, number in numbers if number in held}

    def held(self, rows: Rows, terms: Sequence[str]) -> NDArray[np.bool_]:
        """Return which terms each row holds, (rows, terms)."""
        numbers = np.array(self.vocabulary.places(terms), np.int32)
        result = np.zeros((len(rows), len(terms)), np.bool_)
        for first, block in zip(self.table.firsts.tolist(), self.table.blocks, strict=False):
            here = np.flatnonzero((rows >= first) & (rows < first + block.n_rows))
            places = block.places(numbers)
            column_of = np.full(len(block.terms), -1, np.int32)
            column_of[places[places >= 0]] = np.flatnonzero(places >= 0)
            starts, ends = block.indptr[rows[here] - first], block.indptr[rows[here] - first + 1]
            for row, start, end in zip(here.tolist(), starts.tolist(), ends.tolist(), strict=True):
                columns = column_of[block.indices[start:end]]
                result[row, columns[columns >= 0]] = True
        return result

    def survey(
        self,
        kernels: Kernels,
        asked: Asked,
        factors: FloatArray,
        sides: Sides,
        reached: tuple[FloatArray, FloatArray],
        best: tuple[Heap, Heap],
    ) -> None:
        """Write what ``reach`` does by the compiled loops and the peaks of stretches, (2, stretches), by side.

        Fill the best scores of either side. Stretches are CHUNK rows, counted in each block from its start.
        """
        table, query = asked.table, (asked.places, asked.weights)
        kernels.survey_blocks(table.parts, query, sides, factors, reached, best, _open_work(table))

    def reach(self, asked: Asked, factors: FloatArray, sides: Sides, bounds: FloatArray) -> None:
        """Write what every row can score at most, times its side's factor.

        sides : 0 for rows the first query asks, 1 for the second, else nobody asks.
        """
        for number, block in enumerate(asked.table.blocks):
            part = slice(*asked.table.firsts[number : number + 2])
            highest = [upper_bounds(block, *asked.of(number, side)) * factors[side] for side in (0, 1)]
            bounds[part] = np.choose(sides[part], [*highest, np.zeros(1, np.float32)])


def _open_work(table: Table) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return a zeroed dense query for either side with flags."""
    n_terms = table.n_terms
    return scratch("open", 2 * n_terms)[: 2 * n_terms].reshape(n_terms, 2), _own("flags", FILTER, np.bool_)


def scratch(name: str, size: int) -> FloatArray:
    """Return at least so many of this thread's own numbers of a name: zeros at first, later as they were left."""
    return _own(name, size, np.float32)


def _own(name: str, size: int, kind: type[np.generic] = np.int32) -> NDArray[Any]:
    held: NDArray[Any] | None = getattr(_scratch, name, None)
    if held is None or len(held) < size:
        held = np.zeros(size, kind)
        setattr(_scratch, name, held)
    return held
