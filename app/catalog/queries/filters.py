"""How the catalogue is narrowed, apart from SQL: what an address like ``?category=C04&param=vin…`` asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.catalog import codes, reading
from app.catalog.measures import in_base

Operator = Literal[">=", "<=", "=", "covers", "has"]
OPERATORS: tuple[Operator, ...] = (">=", "<=", "=", "covers", "has")
FACETS = ("category", "grade", "stage", "city", "sample", "safety")
SORTS = ("newest", "part_number", "category", "confirmed")
MAX_CONDITIONS = 6


class UnreadableCondition(ValueError):
    """A parametric condition that cannot be compared; the message says why, in English."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One parametric condition as typed: key, operator, value, unit."""

    key: str
    op: str
    value: str
    unit: str = ""

    def bounds(self) -> tuple[float, float, str]:
        """Return the wanted range in the base unit, and its dimension. Raises UnreadableCondition."""
        unit = self.unit or (kind.unit if (kind := codes.parameter_kind(self.key)) else "")
        ends = self.value.replace("～", "~").split("~")
        if len(ends) != (2 if self.op == "covers" else 1):
            raise UnreadableCondition("Write one number, or low~high for a range.")
        try:
            values = sorted(in_base(reading.number(end), unit) for end in ends)
        except codes.UnitError:
            raise UnreadableCondition("This unit is not in the dictionary.") from None
        except ValueError:
            raise UnreadableCondition("This is no number.") from None
        return values[0][0], values[-1][0], values[0][1]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that narrows the catalogue; empty values do not narrow."""

    q: str = ""
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    sort: str = "newest"

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the ticked values of one facet."""
        return self.facets.get(facet, ())
