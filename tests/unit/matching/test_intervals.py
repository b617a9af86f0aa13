from __future__ import annotations

import numpy as np
import pytest

from matching.intervals import INSIDE, NEAR, Intervals

ROWS = Intervals().add(
    [
        [("voltage", 3.0, 3.6), ("current", 1.0, 1.0)],
        [],
        [("voltage", 5.0, 5.0)],
    ]
)


def _fits(*need: tuple[str, float, float]) -> list[float]:
    return ROWS.fits(need, np.array([0, 1, 2])).tolist()


def test_the_same_range_counts_whole() -> None:
    assert _fits(("voltage", 3.0, 3.6))[:2] == [1.0, 0.0]


def test_a_number_at_the_end_of_a_range_counts_nearly_whole() -> None:
    assert _fits(("voltage", 3.6, 3.6))[0] == 0.9


def test_a_number_inside_a_range_counts_more_than_one_near_it() -> None:
    inside, _, near = _fits(("voltage", 3.3, 3.3))

    assert inside == INSIDE
    assert near == pytest.approx(NEAR * (3.3 / 5) ** 2)


def test_another_dimension_counts_nothing() -> None:
    assert _fits(("power", 3.0, 3.6)) == [0.0, 0.0, 0.0]


def test_several_quantities_count_in_the_mean() -> None:
    assert _fits(("voltage", 3.0, 3.6), ("current", 1.0, 1.0), ("power", 1.0, 1.0))[0] == pytest.approx(2 / 3)


def test_a_need_without_quantities_fits_nothing() -> None:
    assert _fits() == [0.0, 0.0, 0.0]


def test_a_negative_number_is_near_nothing() -> None:
    assert _fits(("voltage", -1.0, -1.0)) == [0.0, 0.0, 0.0]
