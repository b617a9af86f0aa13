"""Start from a stored index in a fresh process, answer, and tell time and resident memory."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from scipy import sparse

from matching.retrieve import TopK


def resident() -> int:
    """Return the bytes of this process that are in memory, mapped files too."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def main(folder: str, compressed: str) -> None:
    """Print what serving the index of a folder costs beside the bare sparse matrix's size."""
    warm = TopK().fit(_some(TopK.load(Path(folder)).n_terms, 10))
    warm.batch(_some(warm.n_terms, 2), 5)  # compile before anything is measured
    before = resident()
    started = time.perf_counter()
    index = TopK.load(Path(folder))
    print(f"start-up from disk: {time.perf_counter() - started:.3f} s (goal 1)")
    index.batch(_some(index.n_terms, 500), 50)
    grown = resident() - before
    share = grown / int(compressed)
    print(f"resident after 500 needs: {grown / 2**20:.0f} MiB, {share:.2f} of the bare matrix (goal 1.5)")


def _some(n_terms: int, n_rows: int) -> sparse.csr_matrix:
    """Return needs of 60 terms, common ones more often."""
    generator = np.random.default_rng(5)
    terms = np.exp(generator.random((n_rows, 60)) * np.log(n_terms)).astype(np.int64).clip(max=n_terms - 1)
    matrix = sparse.csr_matrix((np.ones(terms.size, np.float32), terms.ravel(), np.arange(0, terms.size + 1, 60)))
    matrix.sum_duplicates()
    matrix.resize(n_rows, n_terms)
    matrix.data[:] = 0.1
    return matrix


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
