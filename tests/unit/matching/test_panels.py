from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.panels import Group, Lack, NoPanel, Wanted, choose

APPLICATION = Group("application", frozenset({3}))


def test_the_best_experts_are_chosen() -> None:
    chosen = choose(np.array([[0.9, 0.1, 0.8, 0.7]]), Wanted([3], [1] * 4), seed=1)

    assert chosen == [[0, 2, 3]]


def test_a_panel_has_somebody_of_every_group_though_others_fit_better() -> None:
    chosen = choose(np.array([[0.9, 0.8, 0.7, 0.1]]), Wanted([2], [1] * 4, groups=[APPLICATION]), seed=1)

    assert chosen == [[0, 3]]


def test_whoever_is_barred_or_has_no_room_is_left_out() -> None:
    chosen = choose(np.array([[0.9, 0.8, 0.7, 0.1]]), Wanted([2], [1, 0, 1, 1], barred=[(0, 0)]), seed=1)

    assert chosen == [[2, 3]]


def test_whoever_is_seated_keeps_the_seat() -> None:
    chosen = choose(np.array([[0.9, 0.8, 0.1]]), Wanted([2], [1, 1, 0], seated=[(0, 2)]), seed=1)

    assert chosen == [[0, 2]]


def test_nobody_sits_on_more_panels_than_there_is_room() -> None:
    affinity = np.array([[0.9, 0.2], [0.8, 0.1]])

    assert choose(affinity, Wanted([1, 1], [1, 1]), seed=1) == [[0], [1]]


def test_what_is_lacking_is_told() -> None:
    with pytest.raises(NoPanel) as refusal:
        choose(np.ones((1, 3)), Wanted([5], [1, 1, 0], groups=[Group("finance", frozenset())]), seed=1)

    assert refusal.value.lacks == (Lack(0, "", 3, 2), Lack(0, "finance", 1, 0))


def test_nobody_at_all_is_told_too() -> None:
    with pytest.raises(NoPanel) as refusal:
        choose(np.ones((1, 2)), Wanted([1], [0, 0]), seed=1)

    assert refusal.value.lacks == (Lack(0, "", 1, 0),)


def test_the_seed_decides_between_equals_and_repeats_itself() -> None:
    equals = Wanted([5], [1] * 40)
    drawn = [choose(np.ones((1, 40)), equals, seed=seed) for seed in (1, 1, 2)]

    assert drawn[0] == drawn[1] != drawn[2]


def test_nobody_is_barred_and_seated() -> None:
    with pytest.raises(ValueError, match="barred and seated"):
        choose(np.ones((1, 1)), Wanted([1], [1], barred=[(0, 0)], seated=[(0, 0)]), seed=1)


def test_an_affinity_is_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        choose(np.full((1, 1), np.nan), Wanted([1], [1]), seed=1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=5, max_size=7), st.sets(st.integers(0, 6), min_size=1))
def test_no_other_panel_is_worth_more(worth: list[int], members: set[int]) -> None:
    affinity = np.array([worth], np.float64)
    group = Group("g", frozenset(members & set(range(len(worth)))) or frozenset({0}))

    chosen = choose(affinity, Wanted([3], [1] * len(worth), groups=[group]), seed=3)[0]

    best = max(
        sum(worth[place] for place in trio)
        for trio in itertools.combinations(range(len(worth)), 3)
        if group.members & set(trio)
    )
    assert sum(worth[place] for place in chosen) == best
