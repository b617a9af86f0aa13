"""Whether a typed requirement can be judged at all."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.taxonomy.spoken import value_of
from matching.parameters import parameter_kind
from matching.units import comparable, convert, find_unit
from matching.values import as_bool, as_resolution, split_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matching.parameters import ParameterKind

OPERATORS = (">=", "<=", "=", "covers", "has", "in")
_BY_KIND = {
    "num": (">=", "<=", "="),
    "range": ("covers", ">=", "<=", "="),
    "set": ("has", "in"),
    "text": ("=", "has", "in"),
    "bool": ("=",),
    "ord": (">=", "<=", "="),
    "res": (">=", "<=", "="),
    "resfps": (">=", "<=", "="),
}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_TILDES = str.maketrans({"～": "~", "〜": "~", "∼": "~", "−": "-", "–": "-", "｜": "|"})
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement: ``key op value unit``; value is a number, ``lo~hi`` for covers, ``A|B`` for has and in."""

    key: str
    op: str
    value: str
    unit: str = ""
    is_must: bool = True
    condition: str = ""
    name: str = ""
    """As people call it; empty: the name in the dictionary."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one part (``key``, ``op``, ``value`` or ``unit``) of a requirement."""

    part: str
    message: str


def normal_value(text: str, key: str = "") -> str:
    """Return a value as it is stored: half-width, one kind of tilde and minus, no blanks around marks."""
    plain = unicodedata.normalize("NFKC", text).translate(_TILDES).strip()
    return value_of(key, re.sub(r"\s*([~|])\s*", r"\1", plain))


def normal_unit(unit: str, key: str = "") -> str:
    """Return the canonical symbol of a unit, or what was typed; an empty one becomes the parameter's usual unit."""
    typed = unit.strip()
    if not typed:
        kind = parameter_kind(key)
        usual = kind.unit if kind is not None and kind.kind in ("num", "range") else ""
        return "" if usual == "1" else usual
    found = find_unit(typed)
    return found.symbol if found is not None else typed


def flaw_of(asked: Asked) -> Flaw | None:
    """Return the first thing that keeps a requirement on a dictionary parameter from being judged."""
    kind = parameter_kind(asked.key)
    if kind is None:
        return Flaw("key", "Choose a parameter of the dictionary.")
    if asked.op not in _BY_KIND[kind.kind]:
        return Flaw("op", "This comparison does not suit the parameter.")
    if kind.kind in ("num", "range"):
        return _flaw_of_unit(kind, asked.unit) or flaw_of_number(asked.op, asked.value) or _flaw_of_size(kind, asked)
    return _flaw_of_word(kind, asked.value)


def flaw_of_number(op: str, value: str) -> Flaw | None:
    """Return what keeps a value from being the number or range its operator wants."""
    if op != "covers":
        return None if _is_number(value) else Flaw("value", "Enter a number only, for example 12.5.")
    low, separator, high = value.partition("~")
    if not (separator and _is_number(low) and _is_number(high)):
        return Flaw("value", "Enter a range as low~high, for example -40~85.")
    if float(low) > float(high):
        return Flaw("value", "The low end must not be above the high end.")
    return None


def is_known_unit(unit: str) -> bool:
    """Return whether the unit is in the dictionary; none at all is one, too."""
    return not unit or find_unit(unit) is not None


def contradictions(rows: Sequence[Asked]) -> dict[int, Flaw]:
    """Return the flaws between requirements, by the index of the later one.

    Two rows of one parameter and condition contradict when the lower limit is above the upper limit; the same
    comparison twice is one too many.
    """
    found: dict[int, Flaw] = {}
    for index, row in enumerate(rows):
        for other in rows[:index]:
            flaw = _between(other, row)
            if flaw is not None:
                found.setdefault(index, flaw)
    return found


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def _between(first: Asked, second: Asked) -> Flaw | None:
    if (first.key, first.condition) != (second.key, second.condition):
        return None
    if first.op == second.op and first.is_must == second.is_must:
        return Flaw("key", "This parameter is already required above. Keep one of the two rows.")
    if {first.op, second.op} != {">=", "<="} or not (first.is_must and second.is_must):
        return None
    lower, upper = (first, second) if first.op == ">=" else (second, first)
    try:
        low, high = float(lower.value), convert(float(upper.value), upper.unit, lower.unit)
    except ValueError:
        return None
    return Flaw("value", "No chip can meet both this row and the one above.") if low > high else None


def _flaw_of_unit(kind: ParameterKind, unit: str) -> Flaw | None:
    if unit and find_unit(unit) is None:
        return Flaw("unit", "This unit is not in the dictionary.")
    if not any(comparable(unit, own) for own in kind.units or ("",)):
        return Flaw("unit", "This unit does not measure this parameter.")
    return None


def _flaw_of_size(kind: ParameterKind, asked: Asked) -> Flaw | None:
    for text in asked.value.split("~"):
        size = _in_usual_unit(kind, float(text), asked.unit)
        if size is None:
            continue
        slack = _ROUNDING * abs(size)
        if (kind.sane_min is not None and size < kind.sane_min - slack) or (
            kind.sane_max is not None and size > kind.sane_max + slack
        ):
            return Flaw("value", "This value is implausible for the parameter. Check number and unit.")
    return None


def _in_usual_unit(kind: ParameterKind, value: float, unit: str) -> float | None:
    """Return the value in the unit its plausible range is stated in; None when that is another dimension."""
    try:
        return convert(value, unit, kind.unit)
    except ValueError:
        return None


def _flaw_of_word(kind: ParameterKind, value: str) -> Flaw | None:
    if not split_set(value):
        return Flaw("value", "Enter the value.")
    if kind.kind == "bool" and as_bool(value) is None:
        return Flaw("value", "Answer with yes or no.")
    if kind.kind == "ord" and _folded(value) not in {_folded(level) for level in kind.order}:
        return Flaw("value", "Enter one of the levels of this parameter, for example ASIL B.")
    if kind.kind in ("res", "resfps") and as_resolution(value) is None:
        return Flaw("value", "Enter a resolution, for example 1920x1080@60.")
    return None


def _folded(text: str) -> str:
    return text.casefold().replace(" ", "")
