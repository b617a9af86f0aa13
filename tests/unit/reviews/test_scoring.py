from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.criteria import Criterion, ReviewRules
from app.reviews.scoring import (
    Outcome,
    Sheet,
    TiedError,
    deviations,
    equalised,
    equals,
    is_outlier,
    mean_of,
    ranking,
    results,
    strictness,
)

RULES = ReviewRules((Criterion("kpi_fit", "匹配度", Decimal(30)), Criterion("rest", "其他", Decimal(70))))


def _sheets(**bids: list[float]) -> list[Sheet[int, str]]:
    """Return one sheet for each reviewer and bid; 30 points at most go to the fit of indicators."""
    return [
        Sheet(who, bid, {"kpi_fit": Decimal(str(min(total, 30))), "rest": Decimal(str(max(total - 30, 0)))})
        for bid, totals in bids.items()
        for who, total in enumerate(totals)
    ]


def _rank(votes: dict[str, int] | None = None, rules: ReviewRules = RULES, **bids: list[float]) -> list[tuple]:
    found = results(_sheets(**bids), rules).values()
    n = len(next(iter(bids.values())))
    return [(one.bid, one.outcome, one.place) for one in ranking(list(found), rules, votes=votes or {}, n_reviewers=n)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([80, 90, 70, 60, 100], (Decimal("80.00"), 0)),
        ([80, 80, 80, 80, 80, 80], (Decimal("80.00"), 0)),
        ([0, 80, 80, 80, 80, 80, 100], (Decimal("80.00"), 2)),
        ([10, 70, 80, 90, 80, 80, 80], (Decimal("78.00"), 2)),
        ([33.3, 33.3, 33.4], (Decimal("33.33"), 0)),
    ],
)
def test_from_seven_on_highest_and_lowest_do_not_count(values: list[float], expected: tuple[Decimal, int]) -> None:
    assert mean_of([Decimal(str(value)) for value in values], 7) == expected


def test_a_spread_above_the_alert_sets_a_bid_apart() -> None:
    found = results(_sheets(A=[80, 80, 80, 80, 54.5], B=[80, 80, 80, 80, 55]), RULES)

    assert (found["A"].is_apart, found["B"].is_apart) == (True, False)


def test_the_ranking_proposes_reserves_and_stops_at_the_line() -> None:
    ranked = _rank(A=[90] * 5, B=[80] * 5, C=[69.5] * 5)

    assert ranked == [("A", Outcome.PROPOSED, 1), ("B", Outcome.RESERVE, 2), ("C", Outcome.BELOW_LINE, None)]


def test_the_line_itself_is_enough() -> None:
    assert _rank(A=[70] * 5) == [("A", Outcome.PROPOSED, 1)]


def test_as_many_are_proposed_as_may_win() -> None:
    ranked = _rank(rules=replace(RULES, award_max=2), A=[90] * 5, B=[80] * 5, C=[75] * 5)

    assert [outcome for _, outcome, _ in ranked] == [Outcome.PROPOSED, Outcome.PROPOSED, Outcome.RESERVE]


def test_the_fit_of_indicators_decides_between_equals() -> None:
    weak = [Sheet(who, "weak", {"kpi_fit": Decimal(20), "rest": Decimal(60)}) for who in range(5)]
    found = results([*weak, *_sheets(strong=[80] * 5)], RULES)

    ranked = ranking(list(found.values()), RULES, votes={}, n_reviewers=5)

    assert [one.bid for one in ranked] == ["strong", "weak"]


def test_votes_decide_where_nothing_else_does() -> None:
    ranked = _rank(votes={"B": 3, "A": 2}, A=[80] * 5, B=[80] * 5)

    assert [bid for bid, _, _ in ranked] == ["B", "A"]


def test_equals_without_a_vote_are_not_ranked() -> None:
    with pytest.raises(TiedError) as refusal:
        _rank(A=[80] * 5, B=[80] * 5)

    assert set(refusal.value.bids) == {"A", "B"}


def test_equals_below_the_line_need_no_vote() -> None:
    assert {place for _, _, place in _rank(A=[60] * 5, B=[60] * 5)} == {None}
    assert equals(list(results(_sheets(A=[60] * 5, B=[60] * 5), RULES).values()), RULES) == []


@pytest.mark.parametrize(("n_vetoes", "outcome"), [(2, Outcome.PROPOSED), (3, Outcome.VETOED)])
def test_more_than_half_of_the_reviewers_veto(n_vetoes: int, outcome: Outcome) -> None:
    sheets = [replace(sheet, veto="core_kpi" if sheet.reviewer < n_vetoes else "") for sheet in _sheets(A=[90] * 5)]

    ranked = ranking(list(results(sheets, RULES).values()), RULES, votes={}, n_reviewers=5)

    assert ranked[0].outcome is outcome


def test_a_score_far_from_the_others_is_an_outlier() -> None:
    apart = deviations(_sheets(A=[80, 81, 82, 80, 50]))

    assert [who for (who, _), deviation in apart.items() if is_outlier(deviation)] == [4]


def test_trifles_make_no_outlier() -> None:
    assert not [one for one in deviations(_sheets(A=[80, 80, 80, 80, 83])).values() if is_outlier(one)]


def test_a_strict_reviewer_is_found() -> None:
    found = strictness(_sheets(A=[80, 82, 81, 79, 60], B=[90, 92, 91, 89, 70]))

    assert [who for who, deviation in found.items() if is_outlier(deviation)] == [4]


def test_too_few_others_tell_nothing() -> None:
    assert deviations(_sheets(A=[80, 20, 80])) == {}


def test_equalised_scores_forgive_strictness() -> None:
    found = equalised(_sheets(A=[80, 60], B=[90, 70]))

    assert found[0, "A"] == found[1, "A"]
    assert found[0, "B"] == found[1, "B"]


@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=6))
def test_equalised_scores_are_points(totals: list[list[int]]) -> None:
    bids = {f"B{place}": [float(one) for one in row] for place, row in enumerate(totals)}

    assert all(0 <= value <= 100 for value in equalised(_sheets(**bids)).values())
