"""Exact top-k cosine retrieval out of a million sparse vectors.

Rows come in blocks small enough that a block's sums stay in the processor's cache. A rare term has postings: a row (two
bytes) and an impact rounded up to one of 256 (one byte). A common term has a column: one byte for each row of a block,
in equal steps, which a wide loop adds up faster than postings. Either way the sum of a row is never too low. Only rows
whose sum reaches the k-th best score so far are scored from the row itself, in double precision: every row left out is
provably below it, and results are exact. The techniques are those of MaxScore (Turtle & Flood 1995, IPM 31:831) and of
quantised impacts (Anh & Moffat 2006, SIGIR).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernels import Kernels, compiled
from matching.loops import LEVELS, SLACK, SLACK_EACH

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
Answer = tuple[IntArray, FloatArray]

#: A term in more than this share of a block's rows is a common one. Fewer make a smaller index, more a faster one.
COMMON_SHARE = 0.15
BLOCK_ROWS = 1 << 16
#: Queries that walk through the blocks together, so that a block is read from memory once for all of them.
TOGETHER = 32
#: Values of which impacts are chosen.
SAMPLE = 1 << 17
_NOBODY = np.iinfo(np.int64).max
ARRAYS = ("terms", "indptr", "indices", "data", "starts", "rows", "impacts", "levels", "column_of", "columns", "steps")


@dataclass(slots=True)
class Block:
    """Rows as they are (CSR), the rare terms' postings (``starts``, ``rows``, ``impacts``), the common terms' columns.

    terms : the terms that occur, in rising order; everything else speaks of their places here, so that a block costs
    what its rows cost, however large the vocabulary is. column_of : the number of each term's column, -1 for rare ones.
    levels, steps : what an impact is worth, and a step of each column.
    """

    terms: NDArray[np.int32]
    indptr: IntArray
    indices: NDArray[np.int32]
    data: FloatArray
    starts: IntArray
    rows: NDArray[np.uint16]
    impacts: NDArray[np.uint8]
    levels: FloatArray
    column_of: NDArray[np.int32]
    columns: NDArray[np.uint8]
    steps: FloatArray

    @classmethod
    def build(cls, rows: sparse.csr_matrix, common: float = COMMON_SHARE) -> Block:
        """Arrange at most BLOCK_ROWS rows (n_rows, n_terms), float32, nothing negative.

        common : a term in more than this share of the rows is a common one.
        """
        terms, indices = np.unique(rows.indices, return_inverse=True)
        n_rows, n_terms = rows.shape[0], len(terms)
        is_common = np.bincount(indices, minlength=n_terms) > max(1.0, common * n_rows)
        column_of = np.where(is_common, np.cumsum(is_common) - 1, -1).astype(np.int32)
        owner = np.repeat(np.arange(n_rows, dtype=np.int32), np.diff(rows.indptr))
        columns, steps = _columns(rows.data, column_of[indices], owner, (int(np.count_nonzero(is_common)), n_rows))
        rare = ~is_common[indices]
        impacts, levels = _levelled_up(rows.data[rare])
        spans = np.concatenate([[0], np.cumsum(np.bincount(owner[rare], minlength=n_rows))])
        by_term = sparse.csr_matrix((impacts, indices[rare], spans), shape=(n_rows, n_terms)).tocsc()
        arrays = (
            terms.astype(np.int32, copy=False),
            rows.indptr.astype(np.int64),
            indices.astype(np.int32),
            rows.data.view(),
            by_term.indptr.astype(np.int64),
            by_term.indices.astype(np.uint16),
            by_term.data,
            levels,
            column_of,
            columns,
            steps,
        )
        for array in arrays:  # as those mapped from a file, so that the compiled loops meet one kind of arrays
            array.flags.writeable = False
        return cls(*arrays)

    def check(self) -> None:
        """Raise ValueError where arrays do not belong together: compiled loops would read and write beside them."""
        n_entries, n_postings, n_columns = len(self.indices), len(self.rows), len(self.steps)
        fits = (
            len(self.data) == n_entries == self.indptr[-1]
            and len(self.starts) == len(self.terms) + 1
            and len(self.impacts) == n_postings == self.starts[-1]
            and len(self.levels) == LEVELS
            and len(self.column_of) == len(self.terms)
            and self.columns.size == self.n_rows * n_columns
            and self.column_of.max(initial=-1) < n_columns
        )
        if not fits:
            raise ValueError("the arrays of a block do not belong together")

    @property
    def n_rows(self) -> int:
        """Return the number of rows, dead ones too."""
        return len(self.indptr) - 1

    @property
    def parts(self) -> tuple[Any, ...]:
        """Return what the compiled search reads, in its order."""
        return (
            self.terms,
            self.forward,
            (self.starts, self.rows, self.impacts, self.levels),
            (self.column_of, self.columns, self.steps),
        )

    @property
    def forward(self) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
        """Return the rows as they are."""
        return self.indptr, self.indices, self.data

    @property
    def n_bytes(self) -> int:
        """Return the size of all arrays."""
        return sum(getattr(self, name).nbytes for name in ARRAYS)

    def matrix(self, n_terms: int) -> sparse.csr_matrix:
        """Return the rows as they came."""
        return sparse.csr_matrix((self.data, self.terms[self.indices], self.indptr), shape=(self.n_rows, n_terms))

    def places(self, terms: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the places of terms, -1 for those that no row has."""
        places = self.terms.searchsorted(terms)
        places[places == len(self.terms)] = 0
        known = self.terms[places] == terms if len(self.terms) else np.zeros(len(terms), np.bool_)
        return np.where(known, places, -1).astype(np.int32)

    def exact(self, rows: IntArray, dense: FloatArray) -> FloatArray:
        """Return the dot products of some rows with a dense query (n_terms), summed in double precision."""
        starts, lengths = self.indptr[rows], self.indptr[rows + 1] - self.indptr[rows]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        products = dense[self.indices[places]].astype(np.float64) * self.data[places]
        result = np.zeros(len(rows), np.float32)
        filled = lengths > 0
        if filled.any():
            result[filled] = np.add.reduceat(products, (ends - lengths)[filled])
        return result


def _columns(
    weights: FloatArray, columns: NDArray[np.int32], rows: NDArray[np.int32], shape: tuple[int, int]
) -> tuple[NDArray[np.uint8], FloatArray]:
    """Return the columns of common terms, row by row in one-byte steps, and the worths of a step, never too low."""
    held = columns >= 0
    weights, columns, rows = weights[held], columns[held], rows[held]
    highest = np.zeros(shape[0], np.float32)
    np.maximum.at(highest, columns, weights)
    steps = np.nextafter(highest / np.float32(255) * np.float32(1 + 1e-6), np.float32(np.inf))
    filled = np.zeros(shape, np.uint8)
    filled[columns, rows] = np.ceil(weights / steps[columns]).clip(max=255)
    return filled.ravel(), steps


def _levelled_up(values: FloatArray) -> tuple[NDArray[np.uint8], FloatArray]:
    """Return codes and the values they stand for, such that levels[codes] ≥ values; exact where there are few values.

    Half of the levels lie as close as the values do, half are equally far apart, since the rare large values tell most.
    """
    levels = np.unique(np.append(values[:: max(1, len(values) // SAMPLE)], values.max(initial=0.0)))
    if len(levels) > LEVELS:
        even = np.linspace(0.0, levels[-1], LEVELS // 2 + 1, dtype=np.float32)[1:-1]
        levels = np.unique(np.append(levels[np.linspace(0, len(levels) - 1, LEVELS // 2).astype(np.int64)], even))
    padded = np.full(LEVELS, levels[-1], np.float32)
    padded[: len(levels)] = levels
    return padded.searchsorted(values).astype(np.uint8), padded


class TopK:
    """Exact top-k over blocks of rows; rows can be added and removed in place.

    use_numba : compile the inner loop where numba is installed; the answers are the same without.
    """

    def __init__(self, *, use_numba: bool = True) -> None:
        self.blocks: list[Block] = []
        self.alive: list[NDArray[np.bool_]] = []
        self.n_terms = 0
        self._kernels = compiled() if use_numba else None
        self._local = threading.local()

    def fit(self, rows: sparse.csr_matrix) -> TopK:
        """Index the rows of a matrix, forgetting others; return self. Row numbers are kept."""
        self.blocks, self.alive, self.n_terms = [], [], 0
        return self.add(rows)

    def add(self, rows: sparse.csr_matrix) -> TopK:
        """Append rows (n, n_terms or more): they are numbered on and found at once. Raises ValueError below zero."""
        rows = _canonical(rows)
        if rows.data.min(initial=0.0) < 0 or not np.isfinite(rows.data).all():
            raise ValueError("weights must be finite and not negative")
        self.n_terms = max(self.n_terms, rows.shape[1])
        alive = np.ones(rows.shape[0], np.bool_)
        if self.blocks and self.blocks[-1].n_rows < BLOCK_ROWS:
            last = self.blocks.pop().matrix(self.n_terms)
            rows.resize(rows.shape[0], self.n_terms)
            rows = sparse.vstack([last, rows], "csr")
            alive = np.concatenate([self.alive.pop(), alive])
        for start in range(0, rows.shape[0], BLOCK_ROWS):
            self.blocks.append(Block.build(rows[start : start + BLOCK_ROWS]))
            self.alive.append(alive[start : start + BLOCK_ROWS])
        return self

    def remove(self, rows: Iterable[int]) -> TopK:
        """Forget rows by number. Raises IndexError for a number that never was."""
        for row in rows:
            if not 0 <= row < len(self):
                raise IndexError(row)
            self.alive[row // BLOCK_ROWS][row % BLOCK_ROWS] = False
        return self

    def __len__(self) -> int:
        return sum(block.n_rows for block in self.blocks)

    @property
    def n_bytes(self) -> int:
        """Return the size of the index."""
        return sum(block.n_bytes for block in self.blocks) + sum(alive.nbytes for alive in self.alive)

    def query(self, terms: IntArray, weights: FloatArray, k: int) -> Answer:
        """Return (rows, scores) of the k best rows with a score above zero, best first, ties by row.

        Raises ValueError for k < 1 or a weight below zero.
        """
        row = sparse.csr_matrix((weights, terms, [0, len(terms)]), shape=(1, self.n_terms), dtype=np.float32)
        return self.batch(row, k)[0]

    def batch(self, queries: sparse.csr_matrix, k: int, *, n_threads: int = 1) -> list[Answer]:
        """Return the answer to every row of a query matrix; more threads help only the compiled loop."""
        queries = _canonical(queries)
        if k < 1 or queries.data.min(initial=0.0) < 0 or queries.shape[1] > max(self.n_terms, 1):
            raise ValueError("k must be at least 1, weights not negative and terms known")
        size = max(1, min(TOGETHER, -(-queries.shape[0] // n_threads)))
        groups = [queries[start : start + size] for start in range(0, queries.shape[0], size)]
        search = partial(self._search_compiled, self._kernels) if self._kernels else self._search
        if n_threads == 1 or len(groups) < 2:
            return [answer for group in groups for answer in search(group, k)]
        with ThreadPoolExecutor(n_threads) as pool:
            return [answer for found in pool.map(lambda group: search(group, k), groups) for answer in found]

    def _search_compiled(self, kernels: Kernels, queries: sparse.csr_matrix, k: int) -> Iterator[Answer]:
        k = max(1, min(k, len(self)))
        scores = np.zeros((queries.shape[0], k), np.float32)
        rows = np.full((queries.shape[0], k), _NOBODY)
        spans, terms = queries.indptr.astype(np.int64), queries.indices.astype(np.int32, copy=False)
        work = self._work()
        for number, (block, alive) in enumerate(zip(self.blocks, self.alive, strict=True)):
            asked = (spans, block.places(terms), queries.data)
            kernels.search_block(block.parts, alive, number * BLOCK_ROWS, asked, scores, rows, work)
        return iter([_best(*pair, k) for pair in zip(rows, scores, strict=True)])

    def _work(self) -> tuple[FloatArray, FloatArray]:
        """Return this thread's own scratch space, all zero."""
        work: tuple[FloatArray, FloatArray] | None = getattr(self._local, "work", None)
        n_terms = max((len(block.terms) for block in self.blocks), default=0)
        if work is None or len(work[1]) < n_terms:
            work = self._local.work = (np.zeros(BLOCK_ROWS, np.float32), np.zeros(n_terms, np.float32))
        return work

    def _search(self, queries: sparse.csr_matrix, k: int) -> Iterator[Answer]:
        _, dense = self._work()
        for start, stop in zip(queries.indptr[:-1].tolist(), queries.indptr[1:].tolist(), strict=True):
            terms, weights = queries.indices[start:stop], queries.data[start:stop]
            rows, scores = np.zeros(0, np.int64), np.zeros(0, np.float32)
            for number, (block, alive) in enumerate(zip(self.blocks, self.alive, strict=True)):
                floor = float(scores[-1]) if len(scores) == k else 0.0
                places = block.places(terms)
                known = places >= 0
                dense[places[known]] = weights[known]
                fresh = _survivors(block, alive, places[known], weights[known], dense, k, floor)
                found = block.exact(fresh, dense)
                dense[places[known]] = 0.0
                rows = np.concatenate([rows, fresh + number * BLOCK_ROWS])
                rows, scores = _best(rows, np.concatenate([scores, found]), k)
            yield rows, scores

    def save(self, directory: Path) -> None:
        """Write plain arrays."""
        directory.mkdir(parents=True, exist_ok=True)
        for number, (block, alive) in enumerate(zip(self.blocks, self.alive, strict=True)):
            for name in ARRAYS:
                np.save(directory / f"{number}_{name}.npy", getattr(block, name))
            np.save(directory / f"{number}_alive.npy", alive)
        np.save(directory / "shape.npy", np.array([len(self.blocks), self.n_terms]))

    @classmethod
    def load(cls, directory: Path, *, use_numba: bool = True) -> TopK:
        """Map what ``save`` wrote into memory: workers share it. Raises OSError when nothing is there."""
        index = cls(use_numba=use_numba)
        n_blocks, index.n_terms = (int(n) for n in np.load(directory / "shape.npy", allow_pickle=False))
        for number in range(n_blocks):
            arrays = (_mapped(directory / f"{number}_{name}.npy") for name in ARRAYS)
            index.blocks.append(Block(*arrays))
            index.alive.append(np.load(directory / f"{number}_alive.npy", allow_pickle=False))
        return index


def _canonical(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return a copy with one entry for each term of a row."""
    own = matrix.tocsr().astype(np.float32)
    own.sum_duplicates()
    return own


def _mapped(path: Path) -> NDArray[Any]:
    """Return a mapped array as a plain one: the subclass costs every access."""
    return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)


def _best(rows: IntArray, scores: FloatArray, k: int) -> Answer:
    """Return the k best pairs with a score above zero, best first, ties by row."""
    order = np.lexsort((rows, -scores))[:k]
    order = order[scores[order] > 0]
    return rows[order], scores[order]


def upper_bounds(block: Block, places: NDArray[np.int32], weights: FloatArray) -> FloatArray:
    """Return what every row of a block can score at most, from the places of known terms and their weights."""
    bounds, columns = np.zeros(block.n_rows, np.float32), block.columns.reshape(-1, block.n_rows)
    for place, weight in zip(places.tolist(), weights, strict=True):
        column = block.column_of[place]
        if column < 0:
            span = slice(block.starts[place], block.starts[place + 1])
            bounds[block.rows[span]] += (weight * block.levels)[block.impacts[span]]
        else:
            bounds += (weight * block.steps[column]) * columns[column]
    bounds *= np.float32(SLACK + len(places) * SLACK_EACH)
    return bounds


def _survivors(
    block: Block,
    alive: NDArray[np.bool_],
    places: NDArray[np.int32],
    weights: FloatArray,
    dense: FloatArray,
    k: int,
    floor: float,
) -> IntArray:
    """Return the living rows of a block whose bound reaches the floor, or that of the block's own best k."""
    bounds = upper_bounds(block, places, weights) * alive
    if not floor and block.n_rows > k:
        promising = np.argpartition(bounds, -k)[-k:]
        floor = float(block.exact(promising.astype(np.int64), dense)[alive[promising]].min(initial=np.inf))
        floor = floor if np.isfinite(floor) and alive[promising].all() else 0.0
    return np.flatnonzero((bounds >= floor) & (bounds > 0))
