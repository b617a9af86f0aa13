"""The parameter dictionary: what a parameter is called, what kind of value it has and how it is compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast, get_args

from matching.resources import read_rows

Kind = Literal["num", "range", "text", "set", "bool", "ord", "res", "resfps"]
_OPERATORS = {"le": "<=", "ge": ">=", "covers": "covers", "has": "has", "in": "in", "eq": "="}


@dataclass(frozen=True, slots=True)
class ParameterKind:
    """One entry of the dictionary. ``op`` is the usual operator of a requirement; ``order`` ranks an ``ord``."""

    key: str
    name_zh: str
    name_en: str
    kind: Kind
    units: tuple[str, ...]
    op: str
    order: tuple[str, ...] = ()
    sane_min: float | None = None
    sane_max: float | None = None

    @property
    def unit(self) -> str:
        """Return the canonical unit, or "" when the parameter has none."""
        return self.units[0] if self.units else ""


def _read(row: dict[str, str]) -> ParameterKind:
    kind = row["kind"]
    if kind not in get_args(Kind):
        raise ValueError(f"unknown kind of parameter {kind!r}")
    return ParameterKind(
        key=row["key"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=cast(Kind, kind),
        units=tuple(filter(None, row["units"].split("|"))),
        op=_OPERATORS[row["compare"]],
        order=tuple(row["note"].split("<")) if kind == "ord" else (),
        sane_min=float(row["sane_min"]) if row["sane_min"] else None,
        sane_max=float(row["sane_max"]) if row["sane_max"] else None,
    )


@cache
def parameter_dictionary() -> MappingProxyType[str, ParameterKind]:
    """Return the dictionary by key."""
    return MappingProxyType({row["key"]: _read(row) for row in read_rows("parameters.csv")})


def parameter_kind(key: str) -> ParameterKind | None:
    """Return the dictionary's entry, or None when the key is not in it."""
    return parameter_dictionary().get(key)
