from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import retrieve, stage, view
from matching.stage import Ground, Mixture, PartReach, Query, Reach
from matching.view import Table, View


def _drawn(n: int, seed: int) -> list[dict[str, int]]:
    """Rows of up to four of six terms; drawn one by one there would mostly be fewer than fill a block."""
    generator = np.random.default_rng(seed)
    return [
        {term: int(generator.integers(1, 5)) for term in generator.permutation(list("abcdef"))[: generator.integers(5)]}
        for _ in range(n)
    ]


ROWS = st.builds(_drawn, st.integers(1, 140), st.integers(0, 10_000))
QUERY = st.dictionaries(st.sampled_from("abcdefg"), st.floats(0.1, 3.0), max_size=4)
BOTH = pytest.mark.parametrize("use_numba", [True, False], ids=["compiled", "plain"])


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "BLOCK_ROWS", 16)
    monkeypatch.setattr(retrieve, "BLOCK_ROWS", 16)


def _view(rows: list[dict[str, int]], *, use_numba: bool) -> View:
    index = View(use_numba=use_numba).fit(rows[: len(rows) // 2])
    [index.add([row]) for row in rows[len(rows) // 2 :]]
    return index


def _sides(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.random(n) < 0.6, generator.random(n) < 0.8


def _truth(index: View, query: Query, own: np.ndarray, alive: np.ndarray) -> np.ndarray:
    totals = [max(sum(weights.values()), 1e-9) for weights in (query.own, query.other)]
    cover = np.where(
        own, index.scores(query.own) / totals[0], index.scores(query.other) / max(totals[1], 0.5 * totals[0])
    )
    return np.where(alive, cover, 0.0)


@BOTH
@settings(max_examples=80, deadline=None)
@given(rows=ROWS, own=QUERY, other=QUERY, seed=st.integers(0, 99))
def test_the_best_rows_of_either_language_are_those_of_scoring_all(
    use_numba: bool, rows: list[dict[str, int]], own: dict[str, float], other: dict[str, float], seed: int
) -> None:
    index, (is_own, alive) = _view(rows, use_numba=use_numba), _sides(len(rows), seed)
    query = Query(own, other)

    reach = Reach(index, query, Ground(is_own, alive, index), "test")

    truth = _truth(index, query, is_own, alive)
    expected = [np.sort(truth[alive & (is_own == side)])[::-1][:15] for side in (True, False)]
    found = [np.sort(scores)[::-1] for _, scores in reach.best]
    assert [scores[scores > 0].tolist() for scores in found] == [
        pytest.approx(scores[scores > 0].tolist(), rel=1e-5) for scores in expected
    ]


@BOTH
@settings(max_examples=80, deadline=None)
@given(rows=ROWS, query=QUERY, n=st.integers(1, 12), seed=st.integers(0, 99))
def test_candidates_are_those_of_scoring_all(
    use_numba: bool, rows: list[dict[str, int]], query: dict[str, float], n: int, seed: int
) -> None:
    index, (is_own, alive) = _view(rows, use_numba=use_numba), _sides(len(rows), seed)
    ground = Ground(is_own, alive, index)
    reach = Reach(index, Query(query, query), ground, "test")
    codes = np.random.default_rng(seed).integers(0, 3, len(rows)).astype(np.int32)
    mixture = Mixture([reach], [1.0], 3.0, codes, np.array([0.0, 0.2, 0.9]))

    found = mixture.best(n, ground)

    living = np.flatnonzero(alive)
    scores = mixture.exact(living)
    assert found.tolist() == sorted(living[np.argsort(-scores, kind="stable")[:n]].tolist())


@BOTH
@pytest.mark.parametrize("n_views", [2, 3, 4])
@settings(max_examples=40, deadline=None)
@given(rows=ROWS, own=QUERY, other=QUERY, n=st.integers(1, 12), seed=st.integers(0, 99))
def test_candidates_of_several_views_are_those_of_scoring_all(
    use_numba: bool,
    n_views: int,
    rows: list[dict[str, int]],
    own: dict[str, float],
    other: dict[str, float],
    n: int,
    seed: int,
) -> None:
    index, (is_own, alive) = _view(rows, use_numba=use_numba), _sides(len(rows), seed)
    ground, asked = Ground(is_own, alive, index), [Query(own, own), Query(own, other), Query(other, {}), Query({}, own)]
    reaches = [Reach(index, query, ground, f"test {number}") for number, query in enumerate(asked[:n_views])]
    codes = np.random.default_rng(seed).integers(0, 3, len(rows)).astype(np.int32)
    mixture = Mixture(reaches, [1.0, 0.3, 2.0, 0.7][:n_views], 1.5, codes, np.array([0.0, 0.2, 0.9]))

    found = mixture.best(n, ground)

    living = np.flatnonzero(alive)
    scores = mixture.exact(living)
    assert found.tolist() == sorted(living[np.argsort(-scores, kind="stable")[:n]].tolist())


def test_two_threads_see_what_one_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    rows = [{f"t{term}": 1 for term in generator.integers(0, 40, 12)} for _ in range(300)]
    index, ground = _view(rows, use_numba=True), Ground(*_sides(300, 1), _view(rows, use_numba=True))
    queries = [{f"t{term}": 1.0 for term in range(start, start + 9)} for start in range(6)]
    alone = [Reach(index, Query(query, query), ground, f"alone {n}") for n, query in enumerate(queries)]
    monkeypatch.setattr(stage, "MANY", 1)

    shared = [Reach(index, Query(query, query), ground, f"shared {n}") for n, query in enumerate(queries)]
    with stage.surveyed(shared):
        pass

    assert [reach.levels.tolist() for reach in shared] == [reach.levels.tolist() for reach in alone]
    assert [reach.bounds.tolist() for reach in shared] == [reach.bounds.tolist() for reach in alone]


def test_a_second_thread_does_some_of_the_work_and_ends_before_the_first_goes_on() -> None:
    both, done = threading.Barrier(2, timeout=30), set[int]()

    def work(_: int) -> None:
        both.wait()  # would wait for ever if one thread did everything
        done.add(threading.get_ident())

    with stage._shared(work, [1, 2], is_worth_it=True):
        pass

    assert len(done) == 2


def test_an_error_waits_for_the_second_thread() -> None:
    started, ended = threading.Event(), list[int]()

    def work(thing: int) -> None:
        started.set()
        ended.append(thing)

    def fail() -> None:
        with stage._shared(work, [1, 2], is_worth_it=True):
            started.wait(30)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert ended == [1, 2]


@BOTH
@pytest.mark.parametrize("cosine", [False, True], ids=["bm25", "cosine"])
def test_bounds_allow_for_what_thousands_of_equal_numbers_lose_to_rounding(use_numba: bool, cosine: bool) -> None:
    long, n = {f"w{number}": 1 for number in range(3000)}, 60
    others = [{f"x{number}": 1} for number in range(200)]
    index = View(1.2, 0.75, cosine, use_numba=use_numba).fit([long] * n + others)
    ground = Ground(np.ones(n + 200, np.bool_), np.ones(n + 200, np.bool_), index)
    query = index.weigh(long)

    reach = Reach(index, Query(query, query), ground, "long")

    assert (reach.bounds[:n] >= reach.cover(np.arange(n))).all()
    assert len(reach.best[0][0]) == 26


def test_a_view_in_other_blocks_than_the_ground_is_refused() -> None:
    index = _view([{"a": 1}] * 40, use_numba=True)
    other = _view([{"a": 1}] * 60, use_numba=True)

    with pytest.raises(ValueError, match="same blocks"):
        Reach(other, Query({"a": 1.0}, {}), Ground(np.ones(40, np.bool_), np.ones(40, np.bool_), index), "other")


def test_bounds_that_are_not_kept_are_not_given() -> None:
    pytest.importorskip("numba")
    index = _view([{"a": 1}] * 40, use_numba=True)
    ground = Ground(np.ones(40, np.bool_), np.ones(40, np.bool_), index)

    reach = Reach(index, Query({"a": 1.0}, {}), ground, "passing", is_kept=False)

    with pytest.raises(ValueError, match="not kept"):
        _ = reach.bounds


def test_the_compiled_stage_reaches_what_the_plain_one_does() -> None:
    generator = np.random.default_rng(3)
    rows = [{f"t{term}": 1 for term in generator.integers(0, 40, 12)} for _ in range(300)]
    query = {f"t{term}": 1.0 for term in range(9)}
    own, alive = _sides(300, 1)

    def bounds(use_numba: bool) -> list[float]:
        index = _view(rows, use_numba=use_numba)
        return Reach(index, Query(query, query), Ground(own, alive, index), "test").bounds[alive].tolist()

    assert bounds(True) == pytest.approx(bounds(False), rel=1e-4)


def test_blocks_that_are_full_stay_as_they_are_when_rows_are_added() -> None:
    index = View().fit([{"a": 1}] * 40)
    before = [block.data for block in index.blocks[:2]]

    index.add([{"b": 1}] * 3)

    assert [block.data is old for block, old in zip(index.blocks, before, strict=False)] == [True, True]


def test_blocks_of_other_numbers_are_refused_before_anything_reads_them() -> None:
    index = View().fit([{"a": 1}] * 40)
    block = replace(index.blocks[0], data=index.blocks[0].data.astype(np.float64))

    with pytest.raises(ValueError, match="damaged"):
        Table.of([block])


@pytest.mark.parametrize("name", ["indices", "starts", "impacts", "levels", "column_of", "columns", "steps"])
def test_blocks_whose_arrays_do_not_belong_together_are_refused(name: str) -> None:
    block = View().fit([{"a": 1, "b": 1}] * 12 + [{"c": 1}, {"d": 1}]).blocks[0]
    damaged = replace(block, **{name: getattr(block, name)[:-1].copy()})

    with pytest.raises(ValueError, match="belong together"):
        Table.of([damaged])


def test_a_view_tells_which_terms_a_row_holds() -> None:
    index = View().fit([{"a": 1, "b": 1}] * 40).add([{"b": 2, "c": 1}] * 5)

    held = index.held(np.array([44, 0]), ["c", "a", "nowhere"])

    assert held.tolist() == [[True, False, False], [False, True, False]]


def test_an_empty_view_has_no_candidates() -> None:
    index = View().fit([])
    ground = Ground(np.zeros(0, np.bool_), np.zeros(0, np.bool_), index)
    reach = Reach(index, Query({"a": 1.0}, {}), ground, "test")

    found = Mixture([reach], [1.0], 3.0, np.zeros(0, np.int32), np.zeros(0)).best(5, ground)

    assert found.tolist() == []
    assert reach.levels.tolist() == [1e-9, 1e-9]


@BOTH
def test_of_many_equal_scores_the_first_rows_are_best(use_numba: bool) -> None:
    index = _view([{"a": 1, "b": 1}] * 300, use_numba=use_numba)
    ground = Ground(np.ones(300, np.bool_), np.ones(300, np.bool_), index)

    reach = Reach(index, Query({"a": 1.0}, {}), ground, "equal")

    assert reach.best[0][0].tolist() == list(range(30))


@BOTH
@settings(max_examples=80, deadline=None)
@given(rows=ROWS, own=QUERY, other=QUERY, share=st.floats(0.7, 1.0), seed=st.integers(0, 99))
def test_a_part_of_a_need_reaches_what_it_reaches_alone(
    use_numba: bool, rows: list[dict[str, int]], own: dict[str, float], other: dict[str, float], share: float, seed: int
) -> None:
    index, (is_own, alive) = _view(rows, use_numba=use_numba), _sides(len(rows), seed)
    ground = Ground(is_own, alive, index)
    some = Query({term: share * weight for term, weight in own.items()}, dict(list(other.items())[1:]))
    alone = Reach(index, some, ground, "alone")

    part = PartReach.of(Reach(index, Query(own, other), ground, "whole"), some, "part")

    assert part.levels.tolist() == pytest.approx(alone.levels.tolist(), rel=1e-5)


def test_a_query_that_asks_for_more_is_no_part() -> None:
    index = _view([{"a": 1, "b": 1}] * 20, use_numba=True)
    ground = Ground(np.ones(20, np.bool_), np.ones(20, np.bool_), index)
    whole = Reach(index, Query({"a": 1.0, "b": 1.0}, {}), ground, "whole")

    assert isinstance(PartReach.of(whole, Query({"a": 1.0, "b": 0.5}, {}), "part"), PartReach)
    assert not isinstance(PartReach.of(whole, Query({"a": 1.1, "b": 0.5}, {}), "part"), PartReach)
    assert not isinstance(PartReach.of(whole, Query({"a": 0.1}, {}), "part"), PartReach)
