"""Measure retrieval on synthetic sheets: ``python -m matching.bench [--sheets N] [--needs M]``.

Sheets draw Poisson(40) terms (at least 5) of 60,000 with probability ∝ 1/rank^1.05, needs Poisson(60); sublinear
TF-IDF of unit length; top 50. Peers are measured in the same run where they are installed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from matching.retrieve import TopK

VOCABULARY, EXPONENT, TOP = 60_000, 1.05, 50
Answers = list[tuple[np.ndarray, np.ndarray]]


def counts(n_rows: int, mean: float, seed: int) -> sparse.csr_matrix:
    """Return term counts of synthetic texts (n_rows, VOCABULARY)."""
    generator = np.random.default_rng(seed)
    lengths = np.maximum(5, generator.poisson(mean, n_rows))
    chances = np.arange(1, VOCABULARY + 1, dtype=np.float64) ** -EXPONENT
    cumulative = np.cumsum(chances / chances.sum())
    terms = np.searchsorted(cumulative, generator.random(int(lengths.sum()))).clip(max=VOCABULARY - 1)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    matrix = sparse.csr_matrix((np.ones(len(terms), np.float32), terms.astype(np.int32), indptr), (n_rows, VOCABULARY))
    matrix.sum_duplicates()
    return matrix


def timed(name: str, work: Callable[[], Answers], n: int) -> tuple[str, float, Answers]:
    """Return name, milliseconds a need, answers."""
    started = time.perf_counter()
    answers = work()
    return name, (time.perf_counter() - started) * 1000 / n, answers


def product(rows: sparse.csr_matrix, queries: sparse.csr_matrix) -> Answers:
    """Return top rows by SciPy's sparse product, as scikit-learn's cosine does it."""
    answers = []
    transposed = rows.T.tocsr()
    for number in range(queries.shape[0]):
        scores = np.asarray((queries[number] @ transposed).todense(), np.float32).ravel()
        best = np.argpartition(-scores, TOP)[:TOP]
        best = best[np.lexsort((best, -scores[best]))]
        answers.append((best, scores[best]))
    return answers


def sparse_dot_topn(rows: sparse.csr_matrix, queries: sparse.csr_matrix) -> Answers:
    """Return top rows by sparse_dot_topn on two threads. Raises ImportError without it."""
    from sparse_dot_topn import sp_matmul_topn

    found = sp_matmul_topn(queries, rows.T.tocsr(), top_n=TOP, sort=True, n_threads=2)
    spans = zip(found.indptr[:-1], found.indptr[1:], strict=True)
    return [(found.indices[a:b], found.data[a:b]) for a, b in spans]


def recall(answers: Answers, truth: Answers) -> float:
    """Return the share of the true top scores that were reached (ties are interchangeable)."""
    shares = [
        np.mean(np.isin(a[0], t[0]) | (a[1] >= t[1][-1] * (1 - 1e-4))) for a, t in zip(answers, truth, strict=True)
    ]
    return float(np.mean(shares))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m matching.bench", description=__doc__)
    parser.add_argument("--sheets", type=int, default=1_000_000)
    parser.add_argument("--needs", type=int, default=200)
    options = parser.parse_args(arguments)
    weigh = TfidfTransformer(sublinear_tf=True)
    rows = weigh.fit_transform(counts(options.sheets, 40, 1)).astype(np.float32)
    queries = weigh.transform(counts(options.needs, 60, 2)).astype(np.float32)
    started = time.perf_counter()
    index = TopK().fit(rows)
    print(f"{options.sheets} sheets, {rows.nnz} postings; index built in {time.perf_counter() - started:.1f} s")
    index.batch(queries[:5], TOP)
    results = [timed("this engine, 2 threads", lambda: index.batch(queries, TOP, n_threads=2), options.needs)]
    few = queries[: min(50, options.needs)]
    results.append(timed("sparse product", lambda: product(rows, few), few.shape[0]))
    try:
        results.append(timed("sparse_dot_topn, 2 threads", lambda: sparse_dot_topn(rows, queries), options.needs))
    except ImportError as error:
        print(f"left out: {error}", file=sys.stderr)
    truth = results[1][2]
    results.insert(1, timed("this engine, 1 thread", lambda: index.batch(queries, TOP), options.needs))
    plain = TopK(use_numba=False).fit(rows)
    results.insert(2, timed("this engine, no numba", lambda: plain.batch(few, TOP), few.shape[0]))
    for name, milliseconds, answers in results:
        print(f"{name:30s} {milliseconds:8.2f} ms a need   recall {recall(answers[: len(truth)], truth):.4f}")
    _report_upkeep(index, weigh)
    return 0


def _report_upkeep(index: TopK, weigh: TfidfTransformer) -> None:
    """Print what adding, saving and starting cost."""
    started = time.perf_counter()
    index.add(weigh.transform(counts(1000, 40, 3)).astype(np.float32))
    print(f"adding 1,000 sheets: {time.perf_counter() - started:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        started = time.perf_counter()
        TopK.load(Path(folder))
        print(f"start-up from disk: {time.perf_counter() - started:.3f} s, {size / 2**20:.0f} MiB of arrays")
    print(f"peak memory of this run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())
