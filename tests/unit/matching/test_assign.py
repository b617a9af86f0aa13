from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.assign import Assignment, Infeasible, Relaxation, Rules, assign, gini, price_of_fairness

Matrix = NDArray[np.float64]


@st.composite
def problems(draw: st.DrawFn, most: int = 3) -> tuple[Matrix, Rules]:
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    values = draw(st.lists(st.integers(-3, 9), min_size=n * m, max_size=n * m))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    barred = draw(st.sets(pairs, max_size=3))
    small = draw(st.sets(st.integers(0, m - 1)))
    rules = Rules(
        need_min=draw(st.integers(0, 2) | st.lists(st.integers(0, 2), min_size=n, max_size=n)),
        need_max=draw(st.integers(0, 3)),
        floor=draw(st.integers(0, 1)),
        cap=draw(st.none() | st.integers(0, 3)),
        barred=barred,
        pinned=draw(st.sets(pairs, max_size=1)) - barred,
        newcomers=draw(st.sets(st.integers(0, m - 1), max_size=1)),
        newcomer_floor=draw(st.integers(0, 2)),
        small=small,
        small_per_need=draw(st.integers(0, 1)),
        small_total=draw(st.integers(0, 2)),
    )
    return np.array(values, np.float64).reshape(n, m), rules


def keeps(shown: NDArray[np.bool_], rules: Rules) -> bool:
    """Tell by counting whether a choice keeps every rule."""
    per_need, per_supplier = shown.sum(axis=1), shown.sum(axis=0)
    small = shown[:, sorted(rules.small)]
    cap = len(shown) if rules.cap is None else rules.cap
    return bool(
        (per_need >= rules.need_min).all()
        and (per_need <= rules.need_max).all()
        and all(per_supplier[j] >= rules.floor for j in set(range(shown.shape[1])) - set(rules.newcomers))
        and (per_supplier <= cap).all()
        and all(per_supplier[j] >= rules.newcomer_floor for j in rules.newcomers)
        and (small.sum(axis=1) >= rules.small_per_need).all()
        and small.sum() >= rules.small_total
        and not any(shown[pair] for pair in rules.barred)
        and all(shown[pair] for pair in rules.pinned)
    )


def choices(shape: tuple[int, ...]) -> list[NDArray[np.bool_]]:
    """Return every possible choice."""
    size = int(np.prod(shape))
    return [np.array(bits, np.bool_).reshape(shape) for bits in itertools.product((False, True), repeat=size)]


def best_by_trying(affinity: Matrix, rules: Rules) -> float | None:
    """Return the largest affinity of any choice that keeps the rules, or None."""
    totals = [affinity[shown].sum() for shown in choices(affinity.shape) if keeps(shown, rules)]
    return max(totals, default=None)


def greedy(affinity: Matrix, rules: Rules) -> float:
    """Return what taking the best pair that still fits, again and again, adds up to; upper bounds only."""
    shown = np.zeros(affinity.shape, np.bool_)
    cap = len(shown) if rules.cap is None else rules.cap
    for flat in np.argsort(-affinity, axis=None, kind="stable"):
        need, supplier = np.unravel_index(flat, affinity.shape)
        fits = shown[need].sum() < rules.need_max and shown[:, supplier].sum() < cap
        if fits and affinity[need, supplier] > 0 and (need, supplier) not in rules.barred:
            shown[need, supplier] = True
    return float(affinity[shown].sum())


def relaxed(rules: Rules, named: Sequence[Relaxation], n_needs: int) -> Rules:
    """Return the rules with what is named relaxed: ``need_min`` need by need, other bounds, which are one, for all."""
    others = [r for r in named if r.kind != "need_min"]
    widest_last = sorted(others, key=lambda r: r.needed * (-1 if r.needed < r.bound else 1))
    floors = {r.place: r for r in named if r.kind == "need_min"}
    change = floors[-1].needed - floors[-1].bound if -1 in floors else 0
    before = np.broadcast_to(rules.need_min, n_needs).tolist()
    least = [floors[i].needed if i in floors else max(0, bound + change) for i, bound in enumerate(before)]
    return replace(rules, need_min=least, **{r.kind: r.needed for r in widest_last})


def solve(affinity: Matrix, rules: Rules) -> Assignment | None:
    try:
        return assign(affinity, rules)
    except Infeasible:
        return None


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_optimum_is_that_of_trying_every_choice(problem: tuple[Matrix, Rules]) -> None:
    affinity, rules = problem

    found = solve(affinity, rules)

    assert (found.total if found else None) == pytest.approx(best_by_trying(affinity, rules))


@settings(max_examples=80, deadline=None)
@given(problems(most=8))
def test_no_rule_is_ever_broken(problem: tuple[Matrix, Rules]) -> None:
    affinity, rules = problem

    found = solve(affinity, rules)

    assert found is None or keeps(found.shown, rules)


@settings(max_examples=60, deadline=None)
@given(problems(most=8))
def test_relaxing_what_is_named_makes_a_choice_possible(problem: tuple[Matrix, Rules]) -> None:
    affinity, rules = problem
    try:
        assign(affinity, rules)
        named: tuple[Relaxation, ...] = ()
    except Infeasible as error:
        named = error.relaxations

    found = assign(affinity, relaxed(rules, named, len(affinity)))

    assert found.shown.shape == affinity.shape


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4))
def test_the_optimum_is_never_below_the_greedy_choice(seed: int, need_max: int, cap: int) -> None:
    affinity = np.random.default_rng(seed).random((12, 9))
    rules = Rules(need_max=need_max, cap=cap)

    assert assign(affinity, rules).total >= greedy(affinity, rules) - 1e-9


def test_greed_leaves_affinity_on_the_table() -> None:
    affinity = np.array([[9.0, 8.0], [8.0, 1.0]])

    assert assign(affinity, Rules(need_max=1, cap=1)).total == 16
    assert greedy(affinity, Rules(need_max=1, cap=1)) == 10


def test_pairs_outside_the_first_look_are_found() -> None:
    affinity = np.tile(np.linspace(1.0, 2.0, 100), (100, 1))

    found = assign(affinity, Rules(need_min=1, need_max=1, cap=1))

    assert found.exposure.tolist() == [1] * 100


def test_a_newcomer_has_its_place_though_nobody_prefers_it() -> None:
    affinity = np.array([[0.9, 0.1], [0.8, 0.1]])

    found = assign(affinity, Rules(need_max=1, newcomers=[1]))

    assert found.exposure.tolist() == [1, 1]


def test_each_need_may_have_a_floor_of_its_own() -> None:
    affinity = np.array([[0.9, -0.1], [0.9, -0.1]])

    found = assign(affinity, Rules(need_min=[2, 0], need_max=2))

    assert found.shown.tolist() == [[True, True], [True, False]]


def test_every_need_is_shown_a_small_firm() -> None:
    affinity = np.array([[0.9, 0.8, 0.1], [0.9, 0.8, 0.2]])

    found = assign(affinity, Rules(need_max=2, small=[2], small_per_need=1))

    assert found.exposure.tolist() == [2, 0, 2]


def test_small_firms_have_their_places_where_they_cost_least() -> None:
    affinity = np.array([[0.9, 0.1], [0.9, 0.5]])

    found = assign(affinity, Rules(need_max=1, small=[1], small_total=1))

    assert found.shown.tolist() == [[True, False], [False, True]]


def test_a_pinned_pair_is_shown_and_counts() -> None:
    affinity = np.array([[0.9, 0.1]])

    assert assign(affinity, Rules(need_max=1, pinned=[(0, 1)])).shown.tolist() == [[False, True]]


def test_a_cap_that_is_too_low_is_named_with_what_would_do() -> None:
    with pytest.raises(Infeasible) as refused:
        assign(np.ones((6, 2)), Rules(need_min=1, need_max=1, cap=2))

    assert str(refused.value) == "The rules contradict one another. Raise cap from 2 to 3 for every supplier."


def test_a_need_with_too_few_allowed_suppliers_is_named() -> None:
    with pytest.raises(Infeasible) as refused:
        assign(np.ones((2, 2)), Rules(need_min=2, need_max=2, barred=[(1, 0)]))

    assert str(refused.value) == "The rules contradict one another. Lower need_min from 2 to 1 for need 1."


def test_floors_above_the_cap_are_named() -> None:
    with pytest.raises(Infeasible) as refused:
        assign(np.ones((5, 1)), Rules(need_max=1, cap=2, newcomers=[0], newcomer_floor=4))

    assert {r.kind for r in refused.value.relaxations} <= {"cap", "newcomer_floor"}


def test_a_pair_both_pinned_and_barred_is_refused() -> None:
    with pytest.raises(ValueError, match="pinned and barred"):
        assign(np.ones((1, 1)), Rules(pinned=[(0, 0)], barred=[(0, 0)]))


def test_an_affinity_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        assign(np.array([[np.nan]]), Rules())


def test_a_negative_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        assign(np.ones((1, 1)), Rules(need_min=-1))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nobody_or_nothing_is_an_empty_choice(shape: tuple[int, int]) -> None:
    assert assign(np.zeros(shape), Rules()).total == 0


@pytest.mark.parametrize(
    ("exposure", "expected"), [([1, 1, 1], 0.0), ([0, 0, 0], 0.0), ([], 0.0), ([0, 0, 3], 2 / 3), ([1, 3], 0.25)]
)
def test_gini_of_known_exposures(exposure: list[int], expected: float) -> None:
    assert gini(exposure) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(1, 9))
def test_gini_is_that_of_all_pairs_and_blind_to_scale(exposure: list[int], times: int) -> None:
    pairs = sum(abs(a - b) for a in exposure for b in exposure)
    by_pairs = pairs / (2 * len(exposure) * sum(exposure)) if sum(exposure) else 0.0

    assert gini(exposure) == pytest.approx(by_pairs)
    assert gini([x * times for x in exposure]) == pytest.approx(by_pairs)


def test_a_looser_cap_never_costs_affinity_and_the_last_point_is_free() -> None:
    affinity = np.random.default_rng(1).random((20, 10)) + np.linspace(0, 1, 10)

    curve = price_of_fairness(affinity, Rules(need_min=2, need_max=2))

    totals = [price.total or 0.0 for price in curve]
    assert totals == sorted(totals)
    assert curve[-1].share == 1.0
    assert curve[0].gini == pytest.approx(0.0)


def test_a_cap_that_cannot_be_kept_is_left_blank_on_the_curve() -> None:
    barred = [(need, 1) for need in range(4)]

    curve = price_of_fairness(np.ones((4, 2)), Rules(need_min=1, need_max=1, barred=barred), [1.0, None])

    assert [price.total for price in curve] == [None, 4.0]
