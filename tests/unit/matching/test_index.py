from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.index import MAX_SEGMENTS, TermIndex
from matching.stage import best_places

ROWS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 4), max_size=4), min_size=1, max_size=20)


def _scores(index: TermIndex, query: dict[str, int]) -> np.ndarray:
    return index.scores(index.weigh(query))


@given(rows=ROWS, query=st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 3)))
def test_rows_that_share_no_term_score_nothing(rows: list[dict[str, int]], query: dict[str, int]) -> None:
    scores = _scores(TermIndex().fit(rows), query)

    assert [score > 0 for score in scores] == [bool(set(row) & set(query)) for row in rows]


def test_rows_added_later_are_found() -> None:
    index = TermIndex().fit([{"a": 1}]).add([{"b": 1}, {"new": 2}])

    assert _scores(index, {"new": 1}).argmax() == 2


def test_many_small_additions_are_merged_without_changing_scores() -> None:
    rows = [{"a": 1 + n % 3, f"t{n}": 1} for n in range(MAX_SEGMENTS * 3)]
    grown = TermIndex(mean_length=2.5).add(rows[:1])
    whole = TermIndex(mean_length=2.5).add(rows)

    [grown.add([row]) for row in rows[1:]]

    assert len(grown.segments) <= MAX_SEGMENTS
    assert _scores(grown, {"a": 1, "t7": 1}) == pytest.approx(_scores(whole, {"a": 1, "t7": 1}))


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    index = TermIndex().fit([{"common": 1}] * 9 + [{"common": 1, "rare": 1}])

    rare, common = index.idfs(["rare", "common"])
    assert rare > common


def test_the_weights_of_a_row_are_those_it_is_scored_by() -> None:
    index = TermIndex().fit([{"a": 2, "b": 1}, {"b": 1}]).add([{"a": 1}])
    query = index.weigh({"a": 1, "b": 1})

    by_hand = [sum(query[t] * w for t, w in index.row_weights(row, query).items()) for row in range(3)]

    assert index.scores(query) == pytest.approx(by_hand)


def test_an_empty_index_scores_nothing() -> None:
    assert len(_scores(TermIndex().fit([]), {"a": 1})) == 0


@given(rows=ROWS, later=ROWS, query=st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 3)), data=st.data())
def test_scores_of_some_rows_are_those_of_all(
    rows: list[dict[str, int]], later: list[dict[str, int]], query: dict[str, int], data: st.DataObject
) -> None:
    index = TermIndex().fit(rows).add(later)
    some = np.array(sorted(data.draw(st.sets(st.integers(0, len(rows) + len(later) - 1)))), np.int64)

    weights = index.weigh(query)

    assert index.scores_of(some, weights).tolist() == index.scores(weights)[some].tolist()


@given(scores=st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.5]), max_size=200).map(np.array), n=st.integers(1, 40))
def test_the_best_places_are_the_first_of_a_full_sort(scores: np.ndarray, n: int) -> None:
    assert best_places(scores, n).tolist() == sorted(np.argsort(-scores, kind="stable")[:n].tolist())
