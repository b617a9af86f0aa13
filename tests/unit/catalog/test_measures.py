"""Values in base units, so that the database can compare across units."""

from __future__ import annotations

import pytest

from app.catalog.measures import Measure, in_base, measure


def test_a_range_is_kept_from_end_to_end() -> None:
    assert measure(3.0, 12.0, 36.0, "V") == Measure(3.0, 36.0, "voltage")


def test_a_single_value_is_both_ends() -> None:
    assert measure(None, 850.0, None, "mV") == Measure(0.85, 0.85, "voltage")


def test_power_levels_are_compared_as_power() -> None:
    assert measure(None, 30.0, None, "dBm") == Measure(pytest.approx(1.0), pytest.approx(1.0), "power")


def test_bare_numbers_and_counted_things_are_one_dimension() -> None:
    assert in_base(16.0, "")[1] == in_base(16.0, "路")[1]


@pytest.mark.parametrize(("typical", "unit"), [(None, "V"), (1.0, "furlong")])
def test_what_states_no_number_or_an_unknown_unit_is_not_compared(typical: float | None, unit: str) -> None:
    assert measure(None, typical, None, unit) is None
