"""Values as they stand in one cell of a sheet: with a note or a condition, typ and max in one, several in a row.

A note never changes a number; what cannot be told apart with certainty is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from matching.parameters import parameter_kind
from matching.quantities import MAX_TEXT, Quantity, QuantityError, find_quantities, parse_quantity
from matching.resources import read_rows
from matching.spelt import spelt
from matching.units import comparable, convert, dimension_of
from matching.values import fold

Role = Literal["", "min", "typ", "max"]
_ROLES: dict[Role, str] = {
    "min": r"minimum|min\.?|最小值?|最低",
    "typ": r"typical|typ\.?|典型值?|标称值?",
    "max": r"maximum|max\.?|最大值?|最高",
}
_ANY_ROLE = "|".join(_ROLES.values())
_ROLE_ONLY = {role: re.compile(rf"^(?:{words})$", re.IGNORECASE) for role, words in _ROLES.items()}
_ROLE_BEFORE = {
    role: re.compile(rf"^(?:{words})\s*[:=]?\s*(?=[±+-]?\s*\d)", re.IGNORECASE) for role, words in _ROLES.items()
}
_ROLE_AFTER = {role: re.compile(rf"(?<=[^\s(])\s*(?:{words})$", re.IGNORECASE) for role, words in _ROLES.items()}
#: Where one value ends and the next begins.
_BREAK = re.compile(
    r"\s*(?:(?<!\d),|,(?!\d)|[;、])\s*|\s*/\s*(?=[±+-]?\d)"
    rf"|(?<=\))\s*(?=[±+-]?\d)|(?:(?<=[^\s\d(.,])\s*|(?<=\d)\s+)(?=(?:{_ANY_ROLE})\s*[:=]?\s*[±+-]?\d)"
    r"|(?<=\S)\s+(?=[≥≤<>]|up to\b)",
    re.IGNORECASE,
)
#: "typ/max: 8/12µA": which number is which is said ahead of both.
_ROLES_AHEAD = re.compile(rf"(?:{_ANY_ROLE})\s*/\s*(?:{_ANY_ROLE})", re.IGNORECASE)
_PRICE_OF_SEVERAL = re.compile(r"(?:元|USD)\s*/\s*\d")
_TEMPERATURE = re.compile(r"\d\s*°?[CFK]\s*$|=")
_TIMES = re.compile(r"^(?:(\d{1,4})\s*[x×*]\s*(\D[^x×*]*)|(\D[^x×*]*?)\s*[x×*]\s*(\d{1,4}))$")
_MINUTES = re.compile(r"\d\s?min$")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WHEN = re.compile(r"^(.*[^小])(?:时|条件下)[,:]?\s*(?=\S)")
_BOUND = re.compile(
    r"^\s*(?:<|≤|⩽|≦|不|小于|低于|no more|not more|less than|under|at most)|(?:以下|以内|之内|or less|or lower)\s*\)?$",
    re.IGNORECASE,
)
_INCLUDED = re.compile(r"^(?:含|包括|其中|incl|of which)", re.IGNORECASE)
#: What makes another quantity of the one before it.
_OTHERWISE = re.compile(
    r"peak|pulse|transient|\babs|峰值|瞬态|瞬时|脉冲|极限|空气|接触|\bair\b|\bcontact\b|\bCDM\b|\bper\b|每|\bof\b|"
    r"\bnot\b|except|不|非|除|无|\beach\b|shutdown|关断|关机|\bsamples?\b|样片|样品|"
    r"存储|储存|贮存|\bstorage\b|结温|\bjunction\b|\bTJ\b|外[挂接扩]",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"不(?:超过|高于|低于|大于|小于|少于|多于)|\bnot (?:more|less) than\b", re.IGNORECASE)
_NO_NOTE = re.compile(r"^\s*[/×x*·^.,]|[~±<>≤≥=]|\b(?:to|or|and|x)\b|以上|以下|以内|至|到|或", re.IGNORECASE)
_WORDS_FOLLOW = re.compile(r"^\s+[A-Za-z]{2,}")
_SPOKEN = re.compile(r"^([^\d±<>≤≥~(]*?)\s*[:=]?\s*(?=[±+-]?\s*\d|[<>≤≥])")
_CUT = re.compile(r"\s+|(?<=[^\s一-鿿])(?=[一-鿿])|(?<=[一-鿿])(?=[A-Za-zΑ-ω])")


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a cell, the condition it stands under, and which of min, typ and max it is said to be."""

    quantity: Quantity
    condition: str = ""
    role: Role = ""


@lru_cache(1 << 12)
def read(text: str, unit: str = "", key: str = "") -> tuple[Reading, ...]:
    """Return the values a cell states, as many as it lists. Raises QuantityError when there is none for certain."""
    if len(text) > MAX_TEXT:
        raise QuantityError("too long for a quantity")
    plain = spelt(text, key)
    try:
        return (Reading(_bounded(parse_quantity(plain, unit), plain)),)
    except QuantityError:
        turned = _ascending(plain, unit)
        if turned is not None:
            return (Reading(turned),)
    if _PRICE_OF_SEVERAL.search(plain) or _ROLES_AHEAD.search(plain):
        raise QuantityError("a price of several, or values in a row")
    found = _counted(plain, key) or _parts(plain, unit, key)
    if not found or any(not comparable(one.quantity.unit, found[0].quantity.unit) for one in found):
        raise QuantityError(f"no quantity, or several kinds, in {text!r}")
    return tuple(found)


def merged(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return min, typ and max that were stated one by one as one value; others as they are."""
    slots = [_slot(reading) for reading in readings]
    if len(readings) == 1 and readings[0].role:
        return (replace(readings[0], quantity=_joined(slots, readings)),)
    if len(readings) < 2 or len(set(slots)) < len(slots) or ("span" in slots and {"min", "max"} & set(slots)):
        return tuple(readings)
    conditions = dict.fromkeys(reading.condition for reading in readings if reading.condition)
    return (Reading(_joined(slots, readings), ", ".join(conditions)),)


def _slot(reading: Reading) -> str:
    """Return which of min, typ, max a value is, or that it is a range of its own."""
    value = reading.quantity
    if reading.role:
        return reading.role
    if value.min is not None and value.max is not None:
        return "span"
    return "min" if value.min is not None else "max" if value.max is not None else "typ"


def _joined(slots: Sequence[str], readings: Sequence[Reading]) -> Quantity:
    unit = readings[0].quantity.unit
    ends: dict[str, float | None] = {"min": None, "typ": None, "max": None}
    for slot, reading in zip(slots, readings, strict=True):
        values = [convert(value, reading.quantity.unit, unit) for value in reading.quantity.values]
        if slot == "span":
            ends["min"], ends["max"] = values[0], values[-1]
        else:
            ends[slot] = values[0] if slot == "min" and values[0] != -values[-1] else values[-1]
    return Quantity(ends["min"], ends["typ"], ends["max"], unit)


def _bounded(value: Quantity, written: str) -> Quantity:
    """Keep of "<5 kV" that it is a bound; "up to 5 kV" is what is reached."""
    return value if _BOUND.search(written) else replace(value, comparator="")


def _counted(plain: str, key: str) -> list[Reading]:
    """Read "3×CAN FD" and "CAN FD x 1" where that is what the parameter counts."""
    kind, times = parameter_kind(key), _TIMES.match(plain)
    if kind is None or times is None or dimension_of(kind.unit) != "count":
        return []
    is_own = fold(times[2] or times[3]) in {fold(name) for name in _names(key)}
    return [Reading(Quantity(None, float(times[1] or times[4]), None, kind.unit))] if is_own else []


def _ascending(plain: str, unit: str) -> Quantity | None:
    """Return a range with a sign that is written from its high end down."""
    ends = re.split(r"\s*(?:~|至|到|\bto\b)\s*", plain)
    if len(ends) != 2 or not re.search(r"[+-]\d", plain):
        return None
    try:
        return parse_quantity(f"{ends[1]}~{ends[0]}", unit)
    except QuantityError:
        return None


def _parts(plain: str, unit: str, key: str) -> list[Reading]:
    """Return the values of a cell in order; what measures something else is the condition of the one before it."""
    found: list[Reading] = []
    other: list[Reading] = []
    notes: list[str] = []
    for written in reversed(list(_pieces(plain))):
        several = _part(written, unit, key)
        unit = several[0].quantity.unit if several else unit
        if not several or not _measures(key, unit):
            other += several
            notes.insert(0, written)
            continue
        found = [*(_under(reading, notes) for reading in several), *found]
        notes = []
    if not found:
        return other if len(other) == 1 else []
    return [_under(found[0], notes), *found[1:]]


def _measures(key: str, unit: str) -> bool:
    """Tell whether a unit is of a kind in which the parameter is stated; of one in no dictionary any may be."""
    kind = parameter_kind(key)
    if kind is None or any(comparable(unit, own) for own in kind.units):
        return True
    return (dimension_of(unit), dimension_of(kind.unit)) in (("money", "unit_price"), ("time", "calendar_year"))


def _pieces(plain: str) -> Iterator[str]:
    """Yield what stands between separators outside brackets; the ± of the first in a row is that of all."""
    sign = "±" if plain.startswith("±") else ""
    for piece in _split(plain):
        yield sign + piece if piece[:1].isdigit() else piece


def _split(plain: str) -> Iterator[str]:
    start, hidden = 0, _BRACKETS.sub(lambda match: "(" + "#" * len(match[1]) + ")", plain)
    for match in _BREAK.finditer(hidden):
        yield plain[start : match.start()].strip()
        start = match.end()
    yield plain[start:].strip()


def _under(reading: Reading, notes: Iterable[str]) -> Reading:
    condition = ", ".join(filter(None, [reading.condition, *notes]))
    return replace(reading, condition=condition)


def _part(written: str, unit: str, key: str) -> list[Reading]:
    """Read one value with its notes; none when it is no value."""
    core = _BRACKETS.sub(" ", written)
    core, *after = core.split("@")
    when = _WHEN.match(core)
    notes = [*([when[1]] if when else []), *after]
    core = _without_name(core[when.end() :] if when else core, key).strip()
    role, core = _role(core)
    quantity, note = _headed(core, "" if _MINUTES.search(core) else unit, key)
    if quantity is None and after and not _TEMPERATURE.search(after[0]):
        return [_under(reading, [core]) for reading in _part("@".join(after), unit, key)]
    if quantity is None or _is_otherwise(written, key):
        return []
    reading = Reading(_bounded(quantity, core), role=role)
    more: list[Reading] = []
    for bracket in _BRACKETS.findall(written):
        reading = _with_bracket(reading, bracket, key, more, notes)
    if reading.role in ("min", "max") and quantity.min not in (None, -(quantity.max or 0.0)):
        reading = replace(reading, role="")
    return [_under(reading, [*notes, note]), *more]


def _with_bracket(reading: Reading, bracket: str, key: str, more: list[Reading], notes: list[str]) -> Reading:
    """Take in what stands in brackets: which value it is, another value, or a note. Raises QuantityError in doubt."""
    for piece in filter(None, re.split(r"[@,;]\s*", bracket)):
        role = next((role for role, words in _ROLE_ONLY.items() if words.match(piece.strip())), None)
        others = [] if role or _INCLUDED.match(bracket) else _part(piece, "", key)
        others = [other for other in others if comparable(other.quantity.unit, reading.quantity.unit)]
        if any((_slot(other) == "typ" and not other.role) or _slot(other) == "span" for other in others):
            raise QuantityError("two values in one")
        reading = replace(reading, role=role) if role else reading
        more += others
        notes += [] if role or others else [piece]
    return reading


def _role(core: str) -> tuple[Role, str]:
    """Take off a word for min, typ or max; a "min" right behind a number is minutes."""
    for patterns in (_ROLE_BEFORE, _ROLE_AFTER):
        for role, words in patterns.items():
            found = words.search(core)
            if found and not _MINUTES.search(core):
                return role, (core[: found.start()] + core[found.end() :]).strip()
    return "", core


def _is_otherwise(written: str, key: str) -> bool:
    """Tell whether words make another quantity of it, unless the parameter is called so."""
    called = {word.casefold() for name in _names(key) for word in _OTHERWISE.findall(name)}
    return any(word.casefold() not in called for word in _OTHERWISE.findall(_LIMITS.sub("", written)))


def _headed(core: str, unit: str, key: str) -> tuple[Quantity | None, str]:
    """Return the longest quantity at the head of a text, and the words behind it."""
    try:
        return parse_quantity(core, unit), ""
    except QuantityError:
        pass
    for cut in reversed(list(_CUT.finditer(core))[:12]):
        head, rest = core[: cut.start()], core[cut.start() :]
        value = _own_quantity(head, rest, key)
        if value is not None and _is_note(rest, value.unit):
            return value, rest.strip()
    return None, ""


def _own_quantity(head: str, rest: str, key: str) -> Quantity | None:
    """Read a quantity with its own unit, or a count of what the parameter counts: "8 ports"."""
    try:
        value = parse_quantity(head)
    except QuantityError:
        return None
    kind = parameter_kind(key)
    if value.unit:
        return value
    counts = kind is not None and dimension_of(kind.unit) == "count" and rest.strip().casefold() in _names(key)
    return replace(value, unit=kind.unit) if kind is not None and counts else None


def _is_note(rest: str, unit: str) -> bool:
    """Tell whether words behind a quantity leave it as it is."""
    if _NO_NOTE.search(rest):
        return False
    if not re.search(r"\d", rest):
        return True
    others = [quantity for _, _, quantity in find_quantities(rest)]
    return _WORDS_FOLLOW.match(rest) is not None and not any(comparable(other.unit, unit) for other in others)


def _without_name(core: str, key: str) -> str:
    """Take the parameter's own name off the front."""
    spoken = _SPOKEN.match(core)
    if not spoken or not spoken[1]:
        return core
    front = spoken[1].casefold()
    name = next((name for name in _names(key) if name in front), None)
    if name is None:
        return core
    start = front.index(name)
    left, right = core[:start], core[start + len(name) :]
    return f"{left}{right.lstrip(' :=')}" if right[:1] in ("=", ":", " ", "") or not name.isascii() else core


@cache
def _names(key: str) -> tuple[str, ...]:
    """Return what a parameter is called, longest first."""
    kind = parameter_kind(key)
    names = {key.casefold()} if key else set()
    if kind is not None:
        names |= {kind.name_zh, kind.name_en.casefold(), *re.findall(r"[A-Z]{3,}", kind.name_zh + kind.name_en)}
        names |= {re.sub(r"\(.*\)|范围|[数]$|路数$", "", kind.name_zh)}
    for row in read_rows("parameter_names.csv"):
        if key in row["keys"].split("|"):
            names |= set(row["names"].split("|"))
    return tuple(sorted((name.casefold() for name in names if len(name) > 1), key=lambda name: (-len(name), name)))
