"""How the catalogue is narrowed, apart from SQL: what ``?category=C04&param=vin:covers:3~36:V`` asks for."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from app.catalog import codes, reading
from app.catalog.measures import in_base
from app.compliance.statements import comparisons
from app.core.identifiers import parse_uuid
from app.taxonomy.spoken import value_of

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

Operator = Literal[">=", "<=", "=", "covers", "has"]
OPERATORS: tuple[Operator, ...] = (">=", "<=", "=", "covers", "has")
FACETS = ("category", "stage", "grade", "sample", "city", "safety")
SORTS = ("newest", "part_number", "category", "confirmed")
MAX_CONDITIONS = 6
MAX_CHOICES = 60
MAX_QUERY = 200
MAX_VALUE = 60
_RANGE = re.compile(r"\s*(?:~|～|…|\.\.+|\bto\b|至|到|(?<=[\d.])\s*[-–—](?=\s*[-+\d.]))\s*", re.IGNORECASE)
_WITH_UNIT = re.compile(r"(.*[\d.])\s*([^\d\s.~～…,-][^\d]*)")


_SEPARATED = re.compile(r"[\s,，;；、]+")
_SIGN = re.compile(r"[<>＜＞≤≥≦≧=＝~～至到–—-]|to", re.IGNORECASE)
_SIGNS: dict[str, Operator] = {
    ">=": ">=", "≥": ">=", "≧": ">=", ">": ">=", "＞": ">=",
    "<=": "<=", "≤": "<=", "≦": "<=", "<": "<=", "＜": "<=", "=": "=", "＝": "=",
}  # fmt: skip
_WRITTEN = re.compile(
    r"([^\W\d][^\s,，;；、<>＜＞≤≥≦≧=＝]*)\s*(>=|<=|[<>＜＞≤≥≦≧=＝])\s*([-+]?\d+(?:\.\d+)?)\s*([^\s\d,，;；、]*)"
)
"""A name, a sign, a number and its unit."""


class UnreadableCondition(ValueError):
    """A parametric condition that cannot be compared; the message says why, in English."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One parametric condition as typed: key, operator, value, unit."""

    key: str
    op: str
    value: str
    unit: str = ""

    @property
    def address(self) -> str:
        """The condition as an address carries it; see ``read_condition``."""
        return ":".join((self.key, self.op, self.value, self.unit))

    def bounds(self) -> tuple[float, float, str]:
        """Return the wanted range in the base unit, and its dimension. Raises UnreadableCondition."""
        ends = _RANGE.split(self.value)
        if len(ends) > (2 if self.op == "covers" else 1):
            raise UnreadableCondition("Write one number, or low~high with “covers”.")
        unit = self._unit()
        try:
            values = sorted(in_base(reading.number(end), unit) for end in ends)
        except codes.UnitError:
            raise UnreadableCondition("This unit is not in the dictionary.") from None
        except ValueError:
            raise UnreadableCondition("This is no number.") from None
        return values[0][0], values[-1][0], values[0][1]

    def _unit(self) -> str:
        """Return the unit as typed, else the parameter's own. Raises UnreadableCondition when it measures another."""
        kind = codes.parameter_kind(self.key)
        if not self.unit:
            return kind.unit if kind else ""
        is_foreign = kind and kind.units and not any(codes.comparable(self.unit, unit) for unit in kind.units)
        if is_foreign and codes.find_unit(self.unit):
            raise UnreadableCondition("This unit does not measure this parameter.")
        return self.unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that narrows the catalogue; empty values do not narrow."""

    q: str = ""
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    firm: uuid.UUID | None = None
    sort: str = "newest"

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the ticked values of one facet."""
        return self.facets.get(facet, ())


def read_wanted(args: MultiDict[str, str]) -> Wanted:
    """Return what the query of an address asks for; whatever makes no sense is left out."""
    conditions = [condition for text in args.getlist("param") if (condition := read_condition(text))]
    words, written = split_query(args.get("q", "").strip()[:MAX_QUERY])
    typed = typed_condition(args)
    return Wanted(
        q=words,
        facets={name: values for name in FACETS if (values := _choices(_current(name, args.getlist(name))))},
        conditions=tuple(dict.fromkeys([*conditions, *written, *([typed] if typed else [])]))[:MAX_CONDITIONS],
        firm=parse_uuid(args.get("firm", "")),
        sort=args.get("sort", "") if args.get("sort") in SORTS else SORTS[0],
    )


def split_query(query: str) -> tuple[str, tuple[Condition, ...]]:
    """Return the words of a query, and the conditions written between them: "Vin>=36V 车规 -40~125℃"."""
    if not _SIGN.search(query):
        return query, ()
    found: list[Condition] = []

    def take(match: re.Match[str]) -> str:
        condition = _condition(reading.parameter_key(match[1]), _SIGNS[match[2]], match[3], match[4])
        if condition is None or codes.parameter_kind(condition.key) is None or not _is_readable(condition):
            return match[0]
        found.append(condition)
        return " "

    rest = _WRITTEN.sub(take, query)
    for one in reversed(comparisons(rest)):
        condition = Condition(one.key, one.op, one.value, one.unit)
        if one.op in OPERATORS and _is_readable(condition):
            found.append(condition)
            rest = f"{rest[: one.start]} {rest[one.end :]}"
    # The name of a parameter may stand apart from its range; alone it would be sought as a word.
    named = {condition.key for condition in found}
    words = [word for word in _SEPARATED.split(rest) if word and reading.parameter_key(word) not in named]
    return (" ".join(words), tuple(dict.fromkeys(found))) if found else (query, ())


def _is_readable(condition: Condition) -> bool:
    try:
        condition.bounds()
    except UnreadableCondition:
        return False
    return True


def read_condition(text: str) -> Condition | None:
    """Return the condition of ``key:operator:value:unit``, or None for anything else."""
    parts = text.split(":", 2)
    if len(parts) < 3 or parts[1] not in OPERATORS:
        return None
    value, _, unit = parts[2].rpartition(":")
    return _condition(parts[0], parts[1], value, unit)


def typed_condition(args: MultiDict[str, str]) -> Condition | None:
    """Return the condition somebody filled in; names of parameters and units behind the number are understood."""
    op = args.get("op", "")
    if op not in OPERATORS:
        return None
    value, unit = reading.fold(args.get("value", "")), reading.fold(args.get("unit", ""))
    if not unit and op != "has" and (found := _WITH_UNIT.fullmatch(value)):
        value, unit = found[1].replace(found[2], ""), found[2]
    return _condition(reading.parameter_key(args.get("key", "")), op, value, unit)


def _condition(key: str, op: str, value: str, unit: str) -> Condition | None:
    key, value, unit = (text.strip()[:MAX_VALUE] for text in (key, value, unit))
    if not key or not value or ":" in key:
        return None
    known = codes.find_unit(unit) if unit else None
    return Condition(key, op, value_of(key, value), known.symbol if known else unit.replace(":", ""))


def _current(name: str, values: list[str]) -> list[str]:
    """Let an address that names a merged category lead to the one that took its place."""
    return [codes.current(value) for value in values] if name == "category" else values


def _choices(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:MAX_VALUE] for value in values if value))[:MAX_CHOICES]
