"""Conditions under which a value holds: "Ta = 25 °C" and "@25℃" are one, VGS=10V and VGS=4.5V are two."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.quantities import parse_quantity
from matching.units import comparable, convert
from matching.values import fold

_SEPARATORS = re.compile(r"[,;，；、&]|\band\b", re.IGNORECASE)
_AMBIENT = re.compile(r"^[@\s]*(?:(?:ta|tamb|环境温度)\s*=?\s*(?=[+\-−]?\d))?", re.IGNORECASE)


@lru_cache(1 << 12)
def _stated(condition: str) -> tuple[str, ...]:
    """Return the single conditions of a text."""
    parts = (_AMBIENT.sub("", part).strip() for part in _SEPARATORS.split(condition))
    return tuple(part for part in parts if part)


@lru_cache(1 << 12)
def is_same(asked: str, stated: str) -> bool:
    """Tell whether what is asked is among what is stated, or inside its range: 85℃ inside -40~85℃."""
    wanted, said = _stated(asked), _stated(stated)
    return bool(wanted) and all(any(_includes(part, one) for part in said) for one in wanted)


def _includes(said: str, wanted: str) -> bool:
    if fold(said) == fold(wanted):
        return True
    try:
        outer, inner = parse_quantity(said), parse_quantity(wanted)
        if not comparable(outer.unit, inner.unit):
            return False
        ends = [convert(value, inner.unit, outer.unit) for value in inner.values]
    except ValueError:
        return False
    return outer.values[0] <= min(ends) and max(ends) <= outer.values[-1]
