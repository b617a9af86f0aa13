"""How large an enterprise is under 工信部联企业〔2011〕300号."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from app.taxonomy.lists import revenue_bands
from app.taxonomy.registry import read_rows

_CLASSES = ("large", "medium", "small")


@dataclass(frozen=True, slots=True)
class _Floor:
    """What an enterprise needs at least; None = not asked for."""

    staff: int | None
    revenue_wan: int | None

    def is_reached(self, staff: int | None, revenue_wan: Decimal | float | None) -> bool:
        return all(
            limit is None or (value is not None and value >= limit)
            for limit, value in ((self.staff, staff), (self.revenue_wan, revenue_wan))
        )

    def can_be_judged(self, staff: int | None, revenue_wan: Decimal | float | None) -> bool:
        return (self.staff is None or staff is not None) and (self.revenue_wan is None or revenue_wan is not None)


@cache
def _rules() -> dict[int, tuple[_Floor, ...]]:
    """Return the floors of large, medium and small by division of GB/T 4754."""
    rules: dict[int, tuple[_Floor, ...]] = {}
    for row in read_rows("size_rules.csv"):
        floors = tuple(_Floor(_number(row[f"{c}_staff"]), _number(row[f"{c}_revenue"])) for c in _CLASSES)
        first, _, last = row["divisions"].partition("-")
        rules.update(dict.fromkeys(range(int(first), int(last or first) + 1), floors))
    return rules


def _number(text: str) -> int | None:
    return int(text) if text else None


def size_class(industry_code: str, staff: int | None, revenue_wan: Decimal | float | None) -> str:
    """Return large, medium, small or micro for an enterprise; revenue in 万元 a year.

    An enterprise that misses one floor falls into the class below. Returns "" when a figure is missing, and
    for construction, real estate and leasing, whose rule asks for total assets.
    """
    floors = _rules().get(int(industry_code[:2])) if industry_code[:2].isdecimal() else None
    if floors is None or not floors[0].can_be_judged(staff, revenue_wan):
        return ""
    for name, floor in zip(_CLASSES, floors, strict=True):
        if floor.is_reached(staff, revenue_wan):
            return name
    return "micro"


def band_of(revenue_wan: Decimal | float) -> str:
    """Return the band a yearly revenue of zero or more 万元 falls into."""
    return next(t.code for t in reversed(list(revenue_bands)) if revenue_wan >= Decimal(t.attributes["floor"]))


def band_floor(band: str) -> Decimal | None:
    """Return the lowest revenue of a band in 万元, None for an unknown band."""
    term = revenue_bands.get(band)
    return Decimal(term.attributes["floor"]) if term else None
