"""How much each kind of evidence counts."""

from __future__ import annotations

import pytest

from app.matchmaking.emphasis import GROUPS, bounds, changed, emphasised, faults, shares
from app.matchmaking.labels import EVIDENCE, FEATURES
from matching.rank import FEATURES as COLUMNS
from matching.rank import Ranker

RANKER = Ranker({"words": 1.0, "category": 3.0, "stuffing": -4.0}, -2.0, "w1")


def for_a_pair(ranker: Ranker) -> float:
    return sum(weight for weight in ranker.weights.values() if weight > 0)


def test_every_feature_of_the_model_can_be_weighed_and_has_a_name() -> None:
    named = [name for names in GROUPS.values() for name in names]

    assert sorted(named) == sorted(COLUMNS) == sorted(FEATURES)
    assert set(EVIDENCE) == set(GROUPS)


def test_what_is_doubled_gains_against_the_rest_and_the_total_stays() -> None:
    found = emphasised(RANKER, {"words": 200})

    assert found.weights["words"] / found.weights["category"] == pytest.approx(2 / 3)
    assert for_a_pair(found) == pytest.approx(for_a_pair(RANKER))


def test_what_speaks_against_a_pair_is_multiplied_as_it_is() -> None:
    assert emphasised(RANKER, {"stuffing": 150}).weights == {"words": 1.0, "category": 3.0, "stuffing": -6.0}


def test_the_version_names_the_emphasis() -> None:
    one, same, other = (emphasised(RANKER, {"words": percent}) for percent in (120, 120, 130))

    assert one.version == same.version != other.version
    assert one.version.startswith("w1~")


def test_nothing_changes_where_everything_is_as_usual() -> None:
    assert emphasised(RANKER, {"words": 100}) is RANKER


def test_evidence_that_counts_nothing_at_all_divides_by_nothing() -> None:
    found = emphasised(RANKER, {"words": 0, "category": 0})

    assert for_a_pair(found) == 0.0


def test_only_what_is_not_as_usual_is_kept() -> None:
    assert changed({"words": 100, "category": 80}) == {"category": 80}


@pytest.mark.parametrize(
    ("emphasis", "expected"),
    [
        ({"words": 0}, []),
        ({"words": 300}, []),
        ({"words": 301}, ["words"]),
        ({"met": 49}, ["met"]),
        ({"met": 50}, []),
        ({"colour": 100}, ["colour"]),
    ],
)
def test_each_percentage_has_bounds(emphasis: dict[str, int], expected: list[str]) -> None:
    assert list(faults(emphasis)) == expected


def test_what_guards_the_musts_is_never_switched_off() -> None:
    assert (bounds("violated")[0], bounds("words")[0]) == (50, 0)


def test_shares_are_of_what_speaks_for_and_of_what_speaks_against() -> None:
    assert shares(RANKER) == {"words": 0.25, "category": 0.75, "stuffing": 1.0}
