"""Exact top-k cosine retrieval out of a million sparse vectors.

Columns are split into a head of few common terms and a tail of many rare ones. A query reads the postings of its tail
terms only. What the head can add to a row is at most ||query head|| × ||row head|| (Cauchy–Schwarz), and the norm of
every row's head is known; so only rows that could still reach the k-th best score are finished from the row itself.
Every row left out is provably below it: results are exact (up to rounding of single precision).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernels import compiled

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

#: A term in more than this share of the rows belongs to the head.
COMMON_SHARE = 0.12
_ARRAYS = (
    "indptr",
    "indices",
    "data",
    "col_indptr",
    "col_indices",
    "col_data",
    "head",
    "head_norms",
    "by_head",
)


@dataclass(slots=True)
class Block:
    """Rows by row (CSR) and their tail by column; ``by_head`` lists rows by falling head norm."""

    indptr: IntArray
    indices: NDArray[np.int32]
    data: FloatArray
    col_indptr: IntArray
    col_indices: NDArray[np.int32]
    col_data: FloatArray
    head: NDArray[np.bool_]
    head_norms: FloatArray
    by_head: NDArray[np.int32]

    @classmethod
    def build(cls, rows: sparse.csr_matrix) -> Block:
        """Arrange the rows of a matrix (n_rows, n_terms), float32."""
        n_rows, n_terms = rows.shape
        frequency = np.bincount(rows.indices, minlength=n_terms)
        head = frequency > max(1.0, COMMON_SHARE * n_rows)
        in_head = head[rows.indices]
        owner = np.repeat(np.arange(n_rows, dtype=np.int32), np.diff(rows.indptr))
        squares = np.bincount(owner[in_head], rows.data[in_head].astype(np.float64) ** 2, n_rows)
        tail = ~in_head
        columns = sparse.csr_matrix(
            (
                rows.data[tail],
                rows.indices[tail],
                np.concatenate([[0], np.cumsum(np.bincount(owner[tail], minlength=n_rows))]),
            ),
            shape=rows.shape,
        ).tocsc()
        norms = np.sqrt(squares).astype(np.float32)
        return cls(
            rows.indptr.astype(np.int64),
            rows.indices.astype(np.int32),
            rows.data.astype(np.float32),
            columns.indptr.astype(np.int64),
            columns.indices.astype(np.int32),
            columns.data.astype(np.float32),
            head,
            norms,
            np.argsort(-norms, kind="stable").astype(np.int32),
        )

    @property
    def n_rows(self) -> int:
        """Return the number of rows, dead ones too."""
        return len(self.indptr) - 1

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """Return what the compiled search reads, in its order."""
        by_row, by_column = (
            (self.indptr, self.indices, self.data),
            (self.col_indptr, self.col_indices, self.col_data),
        )
        return (*by_row, *by_column, self.head_norms, self.by_head)

    def exact(self, rows: NDArray[np.int32], query: FloatArray) -> FloatArray:
        """Return the dot products of some rows with a dense query."""
        starts, lengths = self.indptr[rows], self.indptr[rows + 1] - self.indptr[rows]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        products = query[self.indices[places]] * self.data[places]
        sums = np.concatenate([[0.0], np.cumsum(products, dtype=np.float64)])
        result: FloatArray = (sums[ends] - sums[ends - lengths]).astype(np.float32)
        return result


class TopK:
    """Exact top-k over blocks of rows; rows can be added and removed without touching the others.

    use_numba : compile the inner loop where numba is installed; the answers are the same without.
    """

    def __init__(self, *, use_numba: bool = True) -> None:
        self.blocks: list[Block] = []
        self.alive: list[NDArray[np.bool_]] = []
        self.n_terms = 0
        self._kernel: Any = compiled() if use_numba else None
        self._local = threading.local()

    def fit(self, rows: sparse.csr_matrix) -> TopK:
        """Index the rows of a matrix, forgetting others; return self. Row numbers are kept."""
        self.blocks, self.alive, self.n_terms = [], [], rows.shape[1]
        return self.add(rows)

    def add(self, rows: sparse.csr_matrix) -> TopK:
        """Append rows (n, n_terms or more): they are numbered on and found at once."""
        self.n_terms = max(self.n_terms, rows.shape[1])
        self.blocks.append(Block.build(rows))
        self.alive.append(np.ones(rows.shape[0], np.bool_))
        return self

    def remove(self, rows: Iterable[int]) -> TopK:
        """Forget rows by number. Raises IndexError for a number that never was."""
        starts = np.cumsum([0, *(block.n_rows for block in self.blocks)])
        for row in rows:
            if not 0 <= row < starts[-1]:
                raise IndexError(row)
            block = int(np.searchsorted(starts, row, side="right")) - 1
            self.alive[block][row - starts[block]] = False
        return self

    def query(self, terms: IntArray, weights: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
        """Return (rows, scores) of the k best rows with a score above zero, best first, ties by row."""
        dense = np.zeros(self.n_terms, np.float32)
        dense[terms] = weights
        found, first = [], 0
        for block, alive in zip(self.blocks, self.alive, strict=True):
            known = terms < len(block.head)
            search = _search if self._kernel is None else self._compiled_search
            rows, scores = search(block, alive, terms[known], weights[known], dense, k)
            found.append((rows + first, scores))
            first += block.n_rows
        rows = np.concatenate([r for r, _ in found] or [np.zeros(0, np.int64)])
        scores = np.concatenate([s for _, s in found] or [np.zeros(0, np.float32)])
        order = np.lexsort((rows, -scores))[:k]
        return rows[order], scores[order]

    def _compiled_search(
        self,
        block: Block,
        alive: NDArray[np.bool_],
        terms: IntArray,
        weights: FloatArray,
        dense: FloatArray,
        k: int,
    ) -> tuple[IntArray, FloatArray]:
        is_head = block.head[terms]
        reach = np.float32(np.sqrt((weights[is_head].astype(np.float64) ** 2).sum()) * (1 + 1e-6))
        tail_terms, tail_weights = terms[~is_head], weights[~is_head]
        rows, scores = self._kernel(
            block.arrays,
            alive,
            tail_terms,
            tail_weights,
            dense,
            reach,
            min(k, block.n_rows),
            self._work(block),
        )
        order = np.lexsort((rows, -scores))[:k]
        return rows[order].astype(np.int64), scores[order]

    def _work(self, block: Block) -> tuple[FloatArray, NDArray[np.int32]]:
        """Return this thread's own scratch space, sums all zero."""
        spaces = self._local.__dict__.setdefault("spaces", {})
        if block.n_rows not in spaces:
            spaces[block.n_rows] = (np.zeros(block.n_rows, np.float32), np.empty(block.n_rows, np.int32))
        found: tuple[FloatArray, NDArray[np.int32]] = spaces[block.n_rows]
        return found

    def batch(self, queries: sparse.csr_matrix, k: int, *, n_threads: int = 1) -> list[tuple[IntArray, FloatArray]]:
        """Return the answer to every row of a query matrix; more threads help only the compiled loop."""
        spans = list(zip(queries.indptr[:-1].tolist(), queries.indptr[1:].tolist(), strict=True))

        def one(span: tuple[int, int]) -> tuple[IntArray, FloatArray]:
            places = slice(*span)
            return self.query(queries.indices[places].astype(np.int64), queries.data[places].astype(np.float32), k)

        if n_threads == 1:
            return [one(span) for span in spans]
        with ThreadPoolExecutor(n_threads) as pool:
            return list(pool.map(one, spans))

    def save(self, directory: Path) -> None:
        """Write plain arrays."""
        directory.mkdir(parents=True, exist_ok=True)
        for number, (block, alive) in enumerate(zip(self.blocks, self.alive, strict=True)):
            for name in _ARRAYS:
                np.save(directory / f"{number}_{name}.npy", getattr(block, name))
            np.save(directory / f"{number}_alive.npy", alive)
        np.save(directory / "shape.npy", np.array([len(self.blocks), self.n_terms]))

    @classmethod
    def load(cls, directory: Path) -> TopK:
        """Map what ``save`` wrote into memory: workers share it. Raises OSError when nothing is there."""
        index = cls()
        n_blocks, index.n_terms = (int(n) for n in np.load(directory / "shape.npy", allow_pickle=False))
        for number in range(n_blocks):
            arrays = (np.load(directory / f"{number}_{name}.npy", "r", allow_pickle=False) for name in _ARRAYS)
            index.blocks.append(Block(*arrays))
            index.alive.append(np.load(directory / f"{number}_alive.npy", allow_pickle=False))
        return index


def _search(
    block: Block, alive: NDArray[np.bool_], terms: IntArray, weights: FloatArray, dense: FloatArray, k: int
) -> tuple[IntArray, FloatArray]:
    """Return the k best living rows of one block."""
    is_head = block.head[terms]
    partial = np.zeros(block.n_rows, np.float32)
    touched = []
    for term, weight in zip(terms[~is_head].tolist(), weights[~is_head].tolist(), strict=True):
        start, stop = block.col_indptr[term], block.col_indptr[term + 1]
        rows = block.col_indices[start:stop]
        partial[rows] += np.float32(weight) * block.col_data[start:stop]
        touched.append(rows)
    reach = float(np.sqrt((weights[is_head].astype(np.float64) ** 2).sum())) * (1 + 1e-6)
    seen = np.concatenate([*touched, block.by_head[:k]]) if touched else block.by_head[:k]
    seen = seen[alive[seen]]
    bounds = partial[seen] + np.float32(reach) * block.head_norms[seen]
    floor = _floor(block, seen, bounds, dense, k)
    candidates = np.unique(seen[bounds >= floor])
    if reach > 0:
        # Rows without any tail term of the query live on their head alone; the list is sorted by it.
        n_unseen = int(np.searchsorted(-block.head_norms[block.by_head], -floor / reach, side="right"))
        unseen = block.by_head[:n_unseen]
        candidates = np.union1d(candidates, unseen[alive[unseen]])
    scores = block.exact(candidates, dense)
    order = np.lexsort((candidates, -scores))[:k]
    order = order[scores[order] > 0]
    return candidates[order].astype(np.int64), scores[order]


def _floor(block: Block, seen: NDArray[np.int32], bounds: FloatArray, dense: FloatArray, k: int) -> float:
    """Return a score that at least k living rows reach: the k-th best exact one of the most promising rows."""
    some = min(4 * k, len(seen))
    promising = np.unique(seen[np.argpartition(-bounds, some - 1)[:some]]) if some else seen
    scores = block.exact(promising, dense)
    if len(scores) < k:
        return 0.0
    return float(np.partition(scores, len(scores) - k)[-k]) * (1 - 1e-5)
