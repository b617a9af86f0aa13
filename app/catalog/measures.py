"""A parameter's values in the base unit of its dimension, so that the database can compare across units."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog import codes

_SAME = {"dimensionless": "count", "power_level": "power"}
"""Dimensions whose values may stand for each other: bare numbers and counted things, dBm and watts."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The lowest and the highest stated value in the base unit; equal when only one is stated."""

    low: float
    high: float
    dimension: str


def in_base(value: float, unit: str) -> tuple[float, str]:
    """Return a value in the base unit, and the dimension under which it is compared. Raises UnitError."""
    dimension = codes.dimension_of(unit)
    if dimension == "power_level":
        return codes.convert(value, unit, "W"), "power"
    base, found = codes.to_base(value, unit)
    return base, _SAME.get(found, found)


def measure(low: float | None, typical: float | None, high: float | None, unit: str) -> Measure | None:
    """Return how a line of a data sheet compares, or None when it states no number or an unknown unit."""
    stated = [value for value in (low, typical, high) if value is not None]
    if not stated:
        return None
    try:
        (least, dimension), (most, _) = in_base(stated[0], unit), in_base(stated[-1], unit)
    except codes.UnitError:
        return None
    return Measure(min(least, most), max(least, most), dimension)
