"""Measure retrieval beside its peers: ``python -m tests.bench.matching [--sheets N] [--needs M] [--rounds R]``.

Sheets draw Poisson(40) terms (at least 5) of 60,000 with probability ∝ 1/rank^1.05, needs Poisson(60); sublinear
TF-IDF of unit length; top 50. All take turns, round after round, and the best round of each counts: another program's
work on the machine then disturbs all alike. Then the real matcher answers needs out of a large catalogue.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from matching.retrieve import TopK
from tests.bench.engine import measure_engine
from tests.bench.sheets import EXPONENT, VOCABULARY

TOP, THREADS = 50, 2
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


def product(columns: sparse.csr_matrix, queries: sparse.csr_matrix) -> Answers:
    """Return top rows by scikit-learn's sparse product with the transposed matrix."""
    from sklearn.utils.extmath import safe_sparse_dot

    answers = []
    for number in range(queries.shape[0]):
        scores = safe_sparse_dot(queries[number], columns, dense_output=True).astype(np.float32).ravel()
        best = np.argpartition(-scores, TOP)[:TOP]
        best = best[np.lexsort((best, -scores[best]))]
        answers.append((best, scores[best]))
    return answers


def sparse_dot_topn(columns: sparse.csr_matrix, queries: sparse.csr_matrix) -> Answers:
    """Return top rows by sparse_dot_topn from the transposed matrix."""
    from sparse_dot_topn import sp_matmul_topn

    found = sp_matmul_topn(queries, columns, top_n=TOP, sort=True, n_threads=THREADS)
    spans = zip(found.indptr[:-1], found.indptr[1:], strict=True)
    return [(found.indices[a:b], found.data[a:b]) for a, b in spans]


def bm25s_retriever(rows: sparse.csr_matrix) -> Callable[[sparse.csr_matrix], Answers]:
    """Return bm25s's search over the same postings. It knows no weights of a need's terms, so its answers differ."""
    import bm25s

    columns = rows.tocsc()
    retriever = bm25s.BM25(backend="numba")
    names = ("data", "indices", "indptr")
    retriever.scores = {name: getattr(columns, name) for name in names} | {"num_docs": rows.shape[0]}
    retriever.unique_token_ids_set, retriever.vocab_dict = set(range(VOCABULARY)), {}
    retriever.nonoccurrence_array = None

    def search(queries: sparse.csr_matrix) -> Answers:
        tokens = [part.tolist() for part in np.split(queries.indices, queries.indptr[1:-1])]
        found = retriever.retrieve(
            tokens, k=TOP, show_progress=False, n_threads=THREADS, backend_selection="numba", chunksize=None
        )
        return list(zip(found[0], found[1], strict=True))

    return search


def recall(answers: Answers, truth: Answers) -> float:
    """Return the share of the true top scores that were reached (ties are interchangeable)."""
    pairs = zip(answers, truth, strict=False)
    return float(np.mean([np.mean(np.isin(a[0], t[0]) | (a[1] >= t[1][-1] * (1 - 1e-6))) for a, t in pairs]))


def race(works: dict[str, tuple[Callable[[], Answers], int]], rounds: int) -> dict[str, tuple[float, float, Answers]]:
    """Return wall and processor milliseconds a need of the best round, and the answers."""
    best: dict[str, tuple[float, float, Answers]] = {}
    for _ in range(rounds):
        for name, (work, n) in works.items():
            wall, processor = time.perf_counter(), time.process_time()
            answers = work()
            spent = [(time.perf_counter() - wall) * 1000 / n, (time.process_time() - processor) * 1000 / n]
            known = best.get(name, (np.inf, np.inf, answers))
            best[name] = (min(spent[0], known[0]), min(spent[1], known[1]), answers)
    return best


def measure_retrieval(n_sheets: int, n_needs: int, rounds: int) -> None:
    """Print the table of retrieval and what the index costs."""
    weigh = TfidfTransformer(sublinear_tf=True)
    rows = weigh.fit_transform(counts(n_sheets, 40, 1)).astype(np.float32)
    queries = weigh.transform(counts(n_needs, 60, 2)).astype(np.float32)
    started = time.perf_counter()
    index = TopK().fit(rows)
    print(f"{n_sheets} sheets, {rows.nnz} postings; index built in {time.perf_counter() - started:.1f} s")
    few = queries[: max(2, n_needs // 10)]
    plain = TopK(use_numba=False).fit(rows)
    columns = rows.T.tocsr()
    bm25s = bm25s_retriever(rows)
    [work(queries[:2]) for work in (bm25s, lambda q: index.batch(q, TOP))]  # compile
    works = {
        "this engine, 2 threads": (lambda: index.batch(queries, TOP, n_threads=THREADS), n_needs),
        "this engine, 1 thread": (lambda: index.batch(queries, TOP), n_needs),
        "this engine, need by need": (lambda: [index.batch(few[i], TOP)[0] for i in range(few.shape[0])], few.shape[0]),
        "this engine without numba": (lambda: plain.batch(few, TOP), few.shape[0]),
        "bm25s (numba), 2 threads": (lambda: bm25s(queries), n_needs),
        "sparse_dot_topn, 2 threads": (lambda: sparse_dot_topn(columns, queries), n_needs),
        "scikit-learn's product": (lambda: product(columns, few), few.shape[0]),
    }
    results = race(works, rounds)
    truth = results["scikit-learn's product"][2]
    print(f"{'':30s} {'ms a need':>10s} {'of CPU':>8s} {'recall':>8s}")
    for name, (wall, processor, answers) in results.items():
        found = "other" if name.startswith("bm25s") else f"{recall(answers, truth):.4f}"
        print(f"{name:30s} {wall:10.2f} {processor:8.2f} {found:>8s}")
    peers = [wall for name, (wall, _, _) in results.items() if not name.startswith("this")]
    print(f"of the fastest peer's time: {results['this engine, 2 threads'][0] / min(peers):.2f} (goal 0.50)")
    _report_upkeep(index, weigh, rows.data.nbytes + rows.indices.nbytes + rows.indptr.nbytes)


def _report_upkeep(index: TopK, weigh: TfidfTransformer, compressed: int) -> None:
    """Print what adding, saving, starting and serving cost; ``compressed`` is the size of the bare sparse matrix."""
    fresh = weigh.transform(counts(1000, 40, 3)).astype(np.float32)
    started = time.perf_counter()
    index.add(fresh)
    print(f"adding 1,000 sheets: {time.perf_counter() - started:.2f} s (goal 2)")
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        print(f"index: {index.n_bytes / 2**20:.0f} MiB; as bare sparse matrix {compressed / 2**20:.0f} MiB")
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "tests.bench.serving", folder, str(compressed)], check=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matching", description=__doc__)
    parser.add_argument("--sheets", type=int, default=1_000_000)
    parser.add_argument("--needs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--catalogue", type=int, default=100_000, help="sheets of the real matcher; 0 leaves it out")
    parser.add_argument(
        "--drawn", action="store_true", help="its sheets are of the words that retrieval is measured on"
    )
    options = parser.parse_args(arguments)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}")
    measure_retrieval(options.sheets, options.needs, options.rounds)
    if options.catalogue:
        measure_engine(options.catalogue, drawn=options.drawn)
    print("load at the end: " + ", ".join(f"{value:.1f}" for value in os.getloadavg()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
