"""Read quantities as people write them: "3.3V±5%", "-40~125℃", "≤2 µA", "１２Ｖ", "2.4/5GHz", "5V/3A"."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from matching.units import LEVEL_DIMENSIONS, convert, dimension_of, find_unit, unit_spellings

MAX_TEXT = 200
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+"
_SIGNED = rf"[+-]?\s*(?:{_NUMBER})"
_RANGE = r"(?:~|\.{2,3}|…|至|到|—|\bto\b|-)"
_MULTIPLIERS = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "千": 1e3, "万": 1e4, "百万": 1e6, "亿": 1e8}
_AT_LEAST = (
    r">=|≥|⩾|≧|>|不低于|不小于|不少于|不得低于|不得小于|不能低于|至少|大于等于|大于|高于|超过|优于|最小值?|"
    r"minimum|min\.?|at least|no less than|not less than|more than|from"
)
_AT_MOST = (
    r"<=|≤|⩽|≦|<|不高于|不大于|不超过|不多于|不得高于|不得大于|不得超过|不能超过|至多|最多|小于等于|小于|低于|"
    r"最高可达|高达|可达|最大值?|最高|maximum|max\.?|at most|no more than|not more than|up to|less than|under"
)
_AFTER_LEAST = r"及以上|或以上|以上|起|or more|or higher|minimum|min\.?|最小值?"
_AFTER_MOST = r"及以下|或以下|以下|以内|之内|or less|or lower|maximum|max\.?|最大值?"

#: How far K, M and G of memory are from powers of a thousand, at most.
_BINARY = 0.08

Comparator = Literal["", ">=", "<="]


class QuantityError(ValueError):
    """A text that is no quantity."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or range with its unit; a missing end is unknown (None). ``typ`` is the nominal value."""

    min: float | None
    typ: float | None
    max: float | None
    unit: str
    comparator: Comparator = ""

    @property
    def values(self) -> tuple[float, ...]:
        """Return the stated numbers, low to high."""
        return tuple(v for v in (self.min, self.typ, self.max) if v is not None)


#: Between a digit and an exponent, which NFKC would make one number: 10⁵ is not 105.
_RAISED = re.compile(r"(?<=[0-9])(?=[⁰¹²³⁴-⁹⁻])")
_POWER = re.compile(r"(?:(?<=[0-9])\s?([×x*])\s?|(?<![0-9.,^]))10\^([+-]?[0-9]{1,2})(?![0-9])")

_SIGNS = str.maketrans("−–‑‐―﹣∼〜˜μ", "------~~~µ")


def tidied(text: str) -> str:
    """Return NFKC text with one kind of minus, tilde, ± and micro, single blanks, and powers of ten as 1e5."""
    text = _RAISED.sub("^", " ".join(text.split()))
    text = unicodedata.normalize("NFKC", text).replace("+/-", "±").translate(_SIGNS).strip()
    return _POWER.sub(lambda match: ("" if match[1] else "1") + "e" + match[2], text) if "^" in text else text


def _number(text: str) -> float:
    value = float(text.replace(",", "").replace(" ", ""))
    if not math.isfinite(value):
        raise QuantityError("number too large")
    return value


def _unit(text: str, default: str) -> tuple[float, str]:
    """Return (multiplier, canonical unit) of what follows a number."""
    text = text.strip()
    if not text:
        return 1.0, default
    if text in _MULTIPLIERS:
        return _multiplied(text, default)
    if text == "度" and dimension_of(default) == "angle":
        return 1.0, default
    found = find_unit(text)
    if found:
        return 1.0, found.symbol
    for prefix in ("百万", "千", "万", "亿", "k", "K", "M", "G"):
        unit = find_unit(text[len(prefix) :].strip()) if text.startswith(prefix) else None
        if unit:
            return _MULTIPLIERS[prefix], unit.symbol
    raise QuantityError(f"unknown unit {text!r}")


def _multiplied(prefix: str, default: str) -> tuple[float, str]:
    """Return what a multiplier alone makes of the unit expected: "100M" in MHz are MHz, "10万" in 次 are 10^5 次."""
    own, named = find_unit(default) if default else None, find_unit(prefix)
    if named and (own is None or own.dimension == named.dimension):
        return 1.0, named.symbol
    bare = find_unit(default[1:]) if own else None
    if own is None or bare is None or bare.dimension != own.dimension:
        return _MULTIPLIERS[prefix], default
    meant = find_unit(prefix + default[1:])
    if meant is None or not math.isclose(meant.factor, bare.factor * _MULTIPLIERS[prefix], rel_tol=_BINARY):
        raise QuantityError(f"multiplier {prefix!r} before {default!r}")
    return 1.0, meant.symbol


def _step(source: str, target: str) -> float:
    """Return how many ``target`` a difference of one ``source`` is; decibels are the steps of every level."""
    a, b = find_unit(source), find_unit(target)
    if a and b and a.dimension == b.dimension:
        return a.factor / b.factor
    if a and b and a.symbol == "dB" and b.dimension in LEVEL_DIMENSIONS:
        return 1.0
    raise QuantityError("tolerance in another unit")


_TOLERANCE = re.compile(rf"^({_SIGNED})\s*([^\d±+~]*?)\s*(?:\(?±\s*({_NUMBER})\s*([^\d]*?)\)?)$")
_SPAN = re.compile(rf"^({_SIGNED})\s*((?![eE][+-]?\d)[^\d~]*?)\s*{_RANGE}\s*({_SIGNED})\s*([^\d]*)$", re.IGNORECASE)
_SYMMETRIC = re.compile(rf"^±\s*({_NUMBER})\s*([^\d]*)$")
_SINGLE = re.compile(rf"^({_SIGNED})\s*([^\d]*\S*)$")
#: One number and what is written behind it: by far the most quantities.
_USUAL = re.compile(r"([+-]?[0-9]{1,12}(?:\.[0-9]{1,9})?)((?![.,eE])[^0-9]*)")
_BEFORE = re.compile(rf"^(?:({_AT_LEAST})|({_AT_MOST}))\s*:?\s*", re.IGNORECASE)
_AFTER = re.compile(rf"\s*\(?\s*(?:({_AFTER_LEAST})|({_AFTER_MOST}))\s*\)?$", re.IGNORECASE)
_NOMINAL = re.compile(
    r"^(?:typically|typical|typ\.?|典型值?|大?约|≈|about|around|approx\.?|nominal|标称值?|固定|低至|down to)\s*:?\s*",
    re.IGNORECASE,
)
_NOMINAL_AFTER = re.compile(r"\s*\(?\s*(?:typ\.?|typical|典型值?|标称值?|左右|可调|adjustable)\s*\)?$", re.IGNORECASE)
_MINUTES = re.compile(r"[0-9]\s?min$")


def parse_quantity(text: str, default_unit: str = "") -> Quantity:
    """Read one quantity; the whole text must be understood.

    A tolerance widens the nominal value to a range; "±3" alone is the range -3~3; a comparator leaves the other
    end unknown. A text without unit takes ``default_unit``. Raises QuantityError.
    """
    if len(text) > MAX_TEXT:
        raise QuantityError("too long for a quantity")
    usual = _USUAL.fullmatch(text)
    read = _after_number(usual[2], default_unit) if usual else None
    return Quantity(None, float(usual[1]) * read[0], None, read[1]) if usual and read else _read(text, default_unit)


@lru_cache(1 << 12)
def _after_number(written: str, default_unit: str) -> tuple[float, str] | None:
    """Return what a single number counts by and its unit from what stands behind it; None where it is no single one."""
    try:
        one = _read("1" + written, default_unit)
    except ValueError:
        return None
    return (one.typ, one.unit) if one.typ is not None and one.values == (one.typ,) and not one.comparator else None


def _read(text: str, default_unit: str) -> Quantity:
    """Read one quantity of any kind."""
    plain = tidied(text)
    comparator: Comparator = ""
    for pattern in (_BEFORE, _AFTER):
        match = None if pattern is _AFTER and _is_minutes(plain, default_unit) else pattern.search(plain)
        if match and not comparator:
            comparator = ">=" if match[1] else "<="
            plain = (plain[: match.start()] + plain[match.end() :]).strip()
    plain = _NOMINAL.sub("", plain)
    plain = _NOMINAL_AFTER.sub("", plain)
    for reader in (_read_tolerance, _read_symmetric, _read_span, _read_single):
        found = reader(plain, default_unit)
        if found is not None and all(map(math.isfinite, found.values)):
            return _compared(found, comparator)
    raise QuantityError(f"no quantity in {text!r}")


def _is_minutes(text: str, default: str) -> bool:
    """Tell whether a "min" behind a number is its unit, not the minimum of something measured otherwise."""
    return (not default or dimension_of(default) == "time") and _MINUTES.search(text) is not None


def _compared(found: Quantity, comparator: Comparator) -> Quantity:
    if not comparator or found.typ is None or found.min is not None:
        return found
    if comparator == ">=":
        return Quantity(found.typ, None, None, found.unit, comparator)
    return Quantity(None, None, found.typ, found.unit, comparator)


def _read_tolerance(text: str, default: str) -> Quantity | None:
    match = _TOLERANCE.match(text)
    if not match:
        return None
    scale, unit = _unit(match[2], default)
    nominal = _number(match[1]) * scale
    spread, mark = _number(match[3]), match[4].strip()
    if mark in ("%", "%FS"):
        delta = abs(nominal) * spread / 100
    else:
        other_scale, other = _unit(mark, unit)
        if other != unit and match[2].strip():
            delta = spread * other_scale * _step(other, unit)
        else:
            unit, delta = other, spread * other_scale
    return Quantity(nominal - delta, nominal, nominal + delta, unit)


def _read_symmetric(text: str, default: str) -> Quantity | None:
    match = _SYMMETRIC.match(text)
    if not match:
        return None
    scale, unit = _unit(match[2], default)
    value = _number(match[1]) * scale
    return Quantity(-value, None, value, unit)


def _read_span(text: str, default: str) -> Quantity | None:
    match = _SPAN.match(text)
    if not match:
        return None
    high_scale, high_unit = _unit(match[4], default)
    low_scale, low_unit = _unit(match[2], high_unit) if match[2].strip() else (high_scale, high_unit)
    low, high = _number(match[1]) * low_scale, _number(match[3]) * high_scale
    if low_unit != high_unit:
        low = convert(low, low_unit, high_unit)
    if low > high:
        raise QuantityError("the low end is above the high end")
    return Quantity(low, None, high, high_unit)


def _read_single(text: str, default: str) -> Quantity | None:
    match = _SINGLE.match(text)
    if not match:
        return None
    scale, unit = _unit(match[2], default)
    return Quantity(None, _number(match[1]) * scale, None, unit)


def parse_quantities(text: str, default_unit: str = "") -> tuple[Quantity, ...]:
    """Read a compound value: "5V/3A" is two quantities, "2.4/5GHz" two of one unit. Raises QuantityError."""
    parts = re.split(r"\s*[/、;；]\s*(?=[+-]?\d)", tidied(text))
    quantities: list[Quantity] = []
    unit = default_unit
    for part in reversed(parts):
        quantity = parse_quantity(part, unit)
        quantities.append(quantity)
        unit = quantity.unit
    return tuple(reversed(quantities))


#: Units written with one letter or one Chinese character that mean something else in running text.
_NOT_IN_TEXT = frozenset(
    [
        "口",
        "节",
        "d",
        "h",
        "m",
        "g",
        "T",
        "C",
        "S",
        "x",
        "X",
        "分",
        "名",
        "度",
        "点",
        "位",
        "R",
        "y",
        "-",
        "份",
        "页",
        "帧",
        "套",
        "组",
        "件",
        "台",
        "种",
        "款",
        "项",
        "万",
        "回",
        "片",
        "只",
        "日",
        "区",
        "开",
        "F",
        "H",
        "B",
        "P",
        "CH",
    ]
)


_HYPHENED = re.compile(r"(\d)-([^\d\s.+-])")


@cache
def _scanner() -> re.Pattern[str]:
    """Return the pattern that finds quantities in running text, longest unit first."""
    choice = "|".join(sorted(_text_units(), key=len, reverse=True))
    ranged = rf"\s?(?:~|-|至|到|\bto\b|±)\s?[+-]?(?:{_NUMBER})"
    return re.compile(
        rf"(?=[\d.+-])(?<![A-Za-z0-9_.])[+-]?(?:{_NUMBER})(?:\s?(?:{choice})?{ranged})?[\s-]?(?:{choice})(?![A-Za-z0-9µμ]|/[A-Za-zµμ])",
    )


def _text_units() -> Iterator[str]:
    for name in unit_spellings():
        if name not in _NOT_IN_TEXT and not (len(name) == 1 and name.isascii() and name.islower()):
            yield re.escape(name).replace("μ", "[µu]")


def find_quantities(text: str) -> list[tuple[int, int, Quantity]]:
    """Return (start, end, quantity) for every quantity with a unit in running text (already NFKC)."""
    found: list[tuple[int, int, Quantity]] = []
    plain = text.replace("μ", "µ").replace("−", "-").replace("–", "-").replace("∼", "~")
    for match in _scanner().finditer(plain):
        quantity = _in_text(match[0])
        if quantity is not None:
            found.append((match.start(), match.end(), quantity))
    return found


@lru_cache(1 << 14)
def _in_text(written: str) -> Quantity | None:
    """Return the quantity of a passage, None when it is none; catalogues state the same ones again and again."""
    try:
        return parse_quantity(_HYPHENED.sub(r"\1\2", written))
    except ValueError:
        return None
