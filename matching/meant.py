"""What a value must mean for its parameter: the unit nobody wrote, a calendar year, milliwatts written as MW."""

from __future__ import annotations

from dataclasses import replace

from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity
from matching.units import comparable, convert, dimension_of

_YEAR = "年份"
_YEARS = range(1900, 2200)
_MEGA = {"MW": "mW", "MΩ": "mΩ"}


def is_dated(key: str) -> bool:
    """Tell whether a parameter is a calendar year."""
    kind = parameter_kind(key)
    return kind is not None and kind.unit == _YEAR


def as_dated(key: str, value: Quantity) -> Quantity:
    """Tell a calendar year from so many years, which people write alike: 2036年, 10年."""
    if not is_dated(key) or dimension_of(value.unit) not in ("time", "calendar_year", "dimensionless"):
        return value
    is_year = all(end in _YEARS for end in value.values)
    if is_year:
        return replace(value, unit=_YEAR) if comparable(value.unit, "年") or not value.unit else value
    return replace(value, unit="年") if value.unit in ("", _YEAR) else value


def with_unit_beside(key: str, value: Quantity, beside: str) -> Quantity:
    """Return a value without unit in the parameter's own one, where the other side has a unit and the size is usual."""
    kind = parameter_kind(key)
    if kind is None or not kind.unit:
        return value
    if dimension_of(kind.unit) == dimension_of(beside) == "unit_price" and dimension_of(value.unit) == "money":
        return replace(value, unit=f"{value.unit}/颗") if value.unit == "元" else value
    if value.unit or beside in ("", "1"):
        return value
    own = replace(value, unit=kind.unit)
    return own if comparable(beside, kind.unit) and is_usual(kind, own) else value


def with_likely_prefix(key: str, value: Quantity) -> Quantity:
    """Return 3000MW as 3000 mW where only that is a usual size of the parameter."""
    kind = parameter_kind(key)
    small = _MEGA.get(value.unit)
    if kind is None or small is None or not comparable(small, kind.unit):
        return value
    other = replace(value, unit=small)
    return other if is_usual(kind, other) and not is_usual(kind, value) else value


def is_usual(kind: ParameterKind, value: Quantity) -> bool:
    """Tell whether all numbers are of a size that the parameter has."""
    if not comparable(value.unit, kind.unit):
        return False
    low = -float("inf") if kind.sane_min is None else kind.sane_min
    high = float("inf") if kind.sane_max is None else kind.sane_max
    try:
        return all(low <= convert(end, value.unit, kind.unit) <= high for end in value.values)
    except ValueError:
        return False
