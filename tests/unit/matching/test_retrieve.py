from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matching import retrieve
from matching.loops import SLACK
from matching.retrieve import TopK

N_TERMS = 12
WEIGHTS = st.dictionaries(st.integers(0, N_TERMS - 1), st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, 3.0]), max_size=6)
ROWS = st.lists(WEIGHTS, min_size=1, max_size=40)
BOTH = pytest.mark.parametrize("use_numba", [True, False], ids=["compiled", "plain"])


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieve, "BLOCK_ROWS", 16)


def _matrix(rows: list[dict[int, float]]) -> sparse.csr_matrix:
    spans = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    terms = [term for row in rows for term in row]
    weights = [weight for row in rows for weight in row.values()]
    return sparse.csr_matrix((np.array(weights, np.float32), terms, spans), shape=(len(rows), N_TERMS))


def _brute(rows: sparse.csr_matrix, query: sparse.csr_matrix, k: int, dead: frozenset[int] = frozenset()) -> list[int]:
    scores = (rows.astype(np.float64) @ query.astype(np.float64).T).toarray().ravel().astype(np.float32)
    living = [row for row in range(rows.shape[0]) if scores[row] > 0 and row not in dead]
    return sorted(living, key=lambda row: (-scores[row], row))[:k]


def _random(n_rows: int, seed: int) -> sparse.csr_matrix:
    generator = np.random.default_rng(seed)
    common = generator.random((n_rows, N_TERMS)) * (generator.random((n_rows, N_TERMS)) < np.geomspace(0.9, 0.03, 12))
    return sparse.csr_matrix(common.astype(np.float32))


@BOTH
@settings(max_examples=150, deadline=None)
@given(rows=ROWS, query=WEIGHTS, k=st.integers(1, 50))
def test_the_best_rows_are_those_of_brute_force_with_ties_by_row(
    use_numba: bool, rows: list[dict[int, float]], query: dict[int, float], k: int
) -> None:
    matrix, asked = _matrix(rows), _matrix([query])

    found, scores = TopK(use_numba=use_numba).fit(matrix).batch(asked, k)[0]

    assert found.tolist() == _brute(matrix, asked, k)
    assert (np.diff(scores) <= 0).all()


@BOTH
@settings(max_examples=60, deadline=None)
@given(first=ROWS, later=ROWS, query=WEIGHTS, dead=st.sets(st.integers(0, 39)))
def test_rows_added_and_removed_in_place_count_as_if_the_index_were_new(
    use_numba: bool,
    first: list[dict[int, float]],
    later: list[dict[int, float]],
    query: dict[int, float],
    dead: set[int],
) -> None:
    gone = frozenset(row for row in dead if row < len(first) + len(later))

    index = TopK(use_numba=use_numba).fit(_matrix(first)).add(_matrix(later)).remove(gone)

    found, _ = index.batch(_matrix([query]), 5)[0]
    assert found.tolist() == _brute(_matrix([*first, *later]), _matrix([query]), 5, gone)


@pytest.mark.parametrize("n_threads", [1, 2])
def test_the_compiled_search_answers_like_the_plain_one_on_any_number_of_threads(n_threads: int) -> None:
    pytest.importorskip("numba")
    rows, queries = _random(500, 1), _random(80, 2)
    plain = TopK(use_numba=False).fit(rows).batch(queries, 7)

    compiled = TopK().fit(rows).batch(queries, 7, n_threads=n_threads)

    assert [found.tolist() for found, _ in compiled] == [found.tolist() for found, _ in plain]
    assert [scores.tolist() for _, scores in compiled] == [scores.tolist() for _, scores in plain]


@BOTH
def test_a_new_term_is_found_beside_old_rows(use_numba: bool) -> None:
    index = TopK(use_numba=use_numba).fit(_matrix([{0: 1.0}, {1: 1.0}]))
    wider = sparse.csr_matrix(([1.0], [N_TERMS + 3], [0, 1]), shape=(1, N_TERMS + 4), dtype=np.float32)

    index.add(wider)

    rows, _ = index.query(np.array([0, N_TERMS + 3]), np.array([0.5, 1.0], np.float32), 5)
    assert rows.tolist() == [2, 0]


@BOTH
def test_a_stored_index_is_mapped_and_answers_alike(use_numba: bool, tmp_path: Path) -> None:
    rows, queries = _random(100, 3), _random(9, 4)
    index = TopK(use_numba=use_numba).fit(rows).remove([4])

    index.save(tmp_path)
    stored = TopK.load(tmp_path, use_numba=use_numba)

    answers = [found.tolist() for found, _ in stored.batch(queries, 6)]
    assert answers == [found.tolist() for found, _ in index.batch(queries, 6)]
    assert isinstance(stored.blocks[0].data.base, np.memmap)


@BOTH
def test_a_stored_index_takes_new_rows(use_numba: bool, tmp_path: Path) -> None:
    TopK().fit(_random(20, 3)).save(tmp_path)

    stored = TopK.load(tmp_path, use_numba=use_numba).add(_matrix([{11: 9.0}]))

    assert stored.query(np.array([11]), np.ones(1, np.float32), 1)[0].tolist() == [20]


@BOTH
def test_a_term_that_is_entered_twice_counts_twice_and_the_matrix_stays_as_it_was(use_numba: bool) -> None:
    twice = sparse.csr_matrix(([0.5, 0.5, 0.7, 0.6], [0, 0, 0, 0], [0, 2, 3, 4]), shape=(3, 1), dtype=np.float32)

    index = TopK(use_numba=use_numba).fit(twice)

    assert index.query(np.array([0]), np.ones(1, np.float32), 2)[0].tolist() == [0, 1]
    assert twice.nnz == 4


def test_an_index_of_no_rows_answers_nothing() -> None:
    assert TopK().fit(sparse.csr_matrix((0, 5), dtype=np.float32)).query(np.array([1]), np.ones(1), 3)[0].size == 0


def test_weights_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        TopK().fit(_matrix([{0: -1.0}]))


def test_a_row_that_never_was_cannot_be_removed() -> None:
    with pytest.raises(IndexError):
        TopK().fit(_matrix([{0: 1.0}])).remove([1])


@given(st.lists(st.floats(0, 100, width=32), max_size=400))
def test_an_impact_never_stands_for_less_than_the_weight(values: list[float]) -> None:
    weights = np.array(values, np.float32)

    codes, levels = retrieve._levelled_up(weights)

    assert (levels[codes] >= weights).all()


@given(st.lists(st.floats(0, 100, width=32), min_size=1, max_size=60))
def test_a_column_never_stands_for_less_than_the_weights(values: list[float]) -> None:
    weights, rows = np.array(values, np.float32), np.arange(len(values), dtype=np.int32)

    columns, steps = retrieve._columns(weights, np.zeros_like(rows), rows, (1, len(values)))

    assert (columns * steps[0] * np.float32(SLACK) >= weights).all()


def test_common_terms_have_columns_and_rare_ones_postings() -> None:
    block = retrieve.Block.build(_matrix([{0: 1.0}, {0: 0.5}, {0: 0.25, 1: 1.0}, {0: 1.0}]), common=0.5)

    assert block.column_of.tolist() == [0, -1]
    assert (block.columns * block.steps[0]).tolist() == pytest.approx([1.0, 0.5, 0.25, 1.0], abs=1 / 255)
    assert block.rows.tolist() == [2]


def test_few_different_weights_are_kept_exactly() -> None:
    weights = np.random.default_rng(1).choice(np.geomspace(1e-3, 1, retrieve.LEVELS), 5000).astype(np.float32)

    codes, levels = retrieve._levelled_up(weights)

    assert levels[codes].tolist() == weights.tolist()


def test_many_equal_scores_give_the_first_rows() -> None:
    rows = _matrix([{1: 0.5, 2: 1.0}] * 200)

    found, _ = TopK().fit(rows).query(np.array([2]), np.array([1.0], np.float32), 10)

    assert found.tolist() == list(range(10))
