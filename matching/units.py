"""Units: what dimension a unit has and how to convert a number between two of them.

Factors are to the first unit of the dimension. ℃, ℉ and K differ by an offset too; dBm and mW by a logarithm
(P[mW] = 10^(x/10)). Other levels (dB, dBc) are compared as they stand. KB, MB and GB of memory are binary,
data rates decimal.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from matching.resources import read_rows

#: Dimensions of logarithmic quantities: differences mean something, ratios do not.
LEVEL_DIMENSIONS = frozenset(
    {
        "level",
        "power_level",
        "power_spectral_density",
        "sound_pressure_level",
        "transimpedance_level",
        "antenna_gain",
        "voltage_level",
        "full_scale_level",
        "phase_noise_density",
    }
)
#: Bare numbers and counted things may stand for each other: "16" against "16 路".
_COUNTING = frozenset({"dimensionless", "count"})
_OFFSETS = {"K": -273.15, "℉": -32 / 1.8}
_MILLIWATT = 1e-3


class UnitError(ValueError):
    """An unknown unit, or two units of different dimensions."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: value in base unit = value × factor + offset."""

    symbol: str
    dimension: str
    factor: float
    offset: float = 0.0


@lru_cache(4096)
def _folded(symbol: str) -> str:
    """Return the spelling under which a unit is looked up: NFKC, no blanks, one micro sign, one ohm sign."""
    text = unicodedata.normalize("NFKC", symbol)
    return (
        "".join(text.split())
        .replace("μ", "u")
        .replace("Ω", "ohm")
        .replace("°C", "C")
        .replace("·", "")
        .replace("rtHz", "√Hz")
        .replace("sqrt(Hz)", "√Hz")
    )


@cache
def _dictionary() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Return units by exact spelling, and by case-blind spelling where that is unambiguous."""
    exact: dict[str, Unit] = {}
    loose: dict[str, Unit | None] = {}
    for row in read_rows("units.csv") + read_rows("units_extra.csv"):
        symbol = row["unit"]
        unit = Unit(symbol, row["dimension"], float(row["factor_to_base"]), _OFFSETS.get(symbol, 0.0))
        for name in [symbol, *filter(None, row["aliases"].split("|"))]:
            exact.setdefault(_folded(name), unit)
    for name, unit in exact.items():
        other = loose.setdefault(name.casefold(), unit)
        if other is not None and (other.dimension, other.factor) != (unit.dimension, unit.factor):
            loose[name.casefold()] = None
    return exact, {name: unit for name, unit in loose.items() if unit is not None}


@lru_cache(4096)
def find_unit(symbol: str) -> Unit | None:
    """Return the unit a symbol or alias names, or None. Case decides where it must (mW, MW)."""
    exact, loose = _dictionary()
    folded = _folded(symbol)
    return exact.get(folded) or (loose.get(folded.casefold()) if len(folded) > 1 else None)


def known_units() -> tuple[str, ...]:
    """Return the canonical symbols, in file order."""
    return tuple(dict.fromkeys(unit.symbol for unit in _dictionary()[0].values()))


@cache
def unit_spellings() -> tuple[str, ...]:
    """Return every spelling of every unit as it stands in NFKC text."""
    rows = read_rows("units.csv") + read_rows("units_extra.csv")
    names = [name for row in rows for name in [row["unit"], *filter(None, row["aliases"].split("|"))]]
    return tuple(dict.fromkeys(unicodedata.normalize("NFKC", name) for name in names))


def dimension_of(unit: str) -> str | None:
    """Return the dimension of a unit ("" and "1" are dimensionless), or None when the unit is unknown."""
    if not unit.strip():
        return "dimensionless"
    found = find_unit(unit)
    return found.dimension if found else None


def comparable(left: str, right: str) -> bool:
    """Tell whether values in the two units can be compared."""
    a, b = dimension_of(left), dimension_of(right)
    if a is None or b is None:
        return False
    return a == b or {a, b} <= _COUNTING or {a, b} == {"power", "power_level"}


def _to_base(value: float, unit: Unit) -> float:
    return value * unit.factor + unit.offset


def convert(value: float, source: str, target: str) -> float:
    """Return a value of ``source`` in ``target``.

    Raises UnitError for an unknown unit, different dimensions, or a power that has no level (≤ 0 W).
    """
    if _folded(source) == _folded(target):
        return value
    if not comparable(source, target):
        raise UnitError(f"cannot compare {source!r} with {target!r}")
    a, b = find_unit(source or "1"), find_unit(target or "1")
    if a is None or b is None:  # comparable() has seen both
        raise UnitError(f"unknown unit {source!r} or {target!r}")
    if a.dimension == "power_level" and b.dimension == "power":
        return float(10 ** (value / 10) * _MILLIWATT / b.factor) if value < 3000 else math.inf
    if a.dimension == "power" and b.dimension == "power_level":
        watts = value * a.factor
        if watts <= 0:
            raise UnitError("a power of zero or less has no level")
        return 10 * math.log10(watts / _MILLIWATT)
    if a.factor == b.factor and a.offset == b.offset:
        return value
    return (_to_base(value, a) - b.offset) / b.factor


def to_base(value: float, unit: str) -> tuple[float, str]:
    """Return a value in the base unit of its dimension, and the dimension. Raises UnitError if unknown."""
    found = find_unit(unit) if unit.strip() else Unit("1", "dimensionless", 1.0)
    if found is None:
        raise UnitError(f"unknown unit {unit!r}")
    return _to_base(value, found), found.dimension
