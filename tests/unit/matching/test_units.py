from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.units import UnitError, comparable, convert, dimension_of, find_unit, known_units

NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
UNITS = st.sampled_from(known_units())


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (850, "nA", "µA", 0.85),
        (2, "MB", "KB", 2048),
        (16, "MB", "Mbit", 128),
        (25, "℃", "K", 298.15),
        (212, "℉", "℃", 100),
        (20, "dBm", "mW", 100),
        (1, "W", "dBm", 30),
        (1, "百分之", "ppm", 10000),
        (1, "MPa", "kPa", 1000),
        (60, "rpm", "转/分", 60),
    ],
)
def test_a_value_is_converted(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("left", "right"),
    [("V", "A"), ("V", "Vrms"), ("dB", "dBm"), ("%", "%FS"), ("元", "元/颗"), ("V", "nonsense")],
)
def test_different_things_cannot_be_converted(left: str, right: str) -> None:
    with pytest.raises(UnitError):
        convert(1.0, left, right)


@pytest.mark.parametrize("spelling", ["uA", "µA", "μA", "微安", "ｕＡ", " µ A "])
def test_every_spelling_of_a_unit_is_known(spelling: str) -> None:
    found = find_unit(spelling)

    assert found is not None
    assert found.symbol == "µA"


def test_case_decides_between_milli_and_mega() -> None:
    assert convert(1, "MW", "mW") == pytest.approx(1e9)


def test_a_power_of_zero_has_no_level() -> None:
    with pytest.raises(UnitError):
        convert(0.0, "mW", "dBm")


@given(value=NUMBERS, unit=UNITS)
def test_converting_to_the_same_unit_changes_nothing(value: float, unit: str) -> None:
    assert convert(value, unit, unit) == value


@given(value=st.floats(min_value=1e-3, max_value=1e3), left=UNITS, right=UNITS)
def test_converting_there_and_back_gives_the_value_or_refuses(value: float, left: str, right: str) -> None:
    try:
        back = convert(convert(value, left, right), right, left)
    except UnitError:
        back = value

    assert math.isclose(back, value, rel_tol=1e-6, abs_tol=1e-6)


@given(left=UNITS, right=UNITS)
def test_being_comparable_is_mutual(left: str, right: str) -> None:
    assert comparable(left, right) == comparable(right, left)


@given(st.text(max_size=30))
def test_any_text_may_be_asked_for_its_dimension(text: str) -> None:
    assert dimension_of(text) is None or isinstance(dimension_of(text), str)
