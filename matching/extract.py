"""Read requirements out of a need's text and parameters out of a sheet's: dictionary keys, usual units, the place.

What comes out is a proposal for a person to confirm, so it is careful: a number without a parameter's name near it, or
with a unit that does not measure that parameter, or of implausible size, is left alone. Nothing raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.mentions import Name, Number, Word, find_names, find_numbers, find_words, fold
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity
from matching.reach import REACHING
from matching.readings import (
    ENDURED,
    ONE_OF,
    as_meant,
    counts,
    guessed,
    joined,
    listed_pairs,
    one_end,
    paired,
)
from matching.records import Parameter, Requirement
from matching.shapes import find_shapes
from matching.taxonomy import parameters_of
from matching.units import comparable, convert, dimension_of, find_unit
from matching.values import show_number

#: How far a name may stand before and behind its number.
BEFORE, BEHIND = 14, 3
_HARD = re.compile(r"[。;；\n!?！？→]|\.\s|产生|得到|转换?[为成]")
_SOFT = re.compile(r"[,，、]")
_FILLER = re.compile(r"[\s:=为是约]+")
_LINK = re.compile(r"[\s的个之-]*")
_WISH = re.compile(r"最好|希望|优先|尽量|加分|可选|prefer|ideally|nice to have|optional|wish", re.IGNORECASE)
_NEGATED = re.compile(r"(?:不需要|无需|不用|不要|不必|不带|没有|无|without|no)\s*$", re.IGNORECASE)
#: Units that measure one thing only in this trade.
_TELLING = {
    "TOPS": "npu", "dBSPL": "aop", "µA/MHz": "run_i", "kV/µs": "cmti", "V/µs": "slew", "kLE": "logic_kle",
    "fps": "fps", "mdps/√Hz": "gyro_noise", "°/h": "bias_instab", "kVrms": "viso", "µVrms": "noise_out", "nC": "qg",
    "页/min": "print_speed", "次/s": "sign_rate", "A/W": "resp", "串": "cells", "MP": "resolution",
    "万像素": "resolution",
}  # fmt: skip
_COMPOUND = re.compile(r"[㐀-鿿](?<![的要求需为且和与持点个路])")
#: What is named there is no parameter of the dictionary, nor of any name further off.
_NO_PARAMETER = ("-",)
_CLOSE = 4
_ROUNDING = 1e-9
_BANDS = {2.4: "2.4G", 5.0: "5G", 6.0: "6G"}


@dataclass(frozen=True, slots=True)
class FoundRequirement:
    """A requirement and where in the text it stands."""

    start: int
    end: int
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class FoundParameter:
    """A parameter and where in the text it stands."""

    start: int
    end: int
    parameter: Parameter


@dataclass(frozen=True, slots=True)
class _Measured:
    """A number whose parameter is known; places are those of the folded text. ``is_reached`` where it says "up to"."""

    start: int
    end: int
    kind: ParameterKind
    quantity: Quantity
    condition: str = ""
    is_reached: bool = False


def extract_requirements(text: str, categories: Sequence[str] = ()) -> list[FoundRequirement]:
    """Return what a need's text requires, in reading order, each parameter and comparison once.

    categories : chip categories; they decide what an ambiguous name ("supply", "resolution") means.
    """
    plain, places = fold(text)
    found = [
        FoundRequirement(measured.start, measured.end, requirement)
        for measured in _measured(plain, categories)
        if (requirement := _requirement(measured, must=not _is_wish(plain, measured.end))) is not None
    ]
    for start, end, key, values in _worded(plain, categories):
        found.append(FoundRequirement(start, end, _word_requirement(plain, start, end, key, values)))
    unique: dict[tuple[str, str], FoundRequirement] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        unique.setdefault((one.requirement.key, one.requirement.op), one)
    return [FoundRequirement(places[f.start], places[f.end], f.requirement) for f in unique.values()]


def extract_parameters(text: str, categories: Sequence[str] = ()) -> list[FoundParameter]:
    """Return what a sheet's text states, in reading order, each parameter and condition once."""
    plain, places = fold(text)
    found = [FoundParameter(m.start, m.end, _parameter(m)) for m in _measured(plain, categories)]
    found += [
        FoundParameter(start, end, _word_parameter(key, values))
        for start, end, key, values in _worded(plain, categories)
    ]
    unique: dict[tuple[str, str], FoundParameter] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        unique.setdefault((one.parameter.key, one.parameter.condition), one)
    return [FoundParameter(places[f.start], places[f.end], f.parameter) for f in unique.values()]


def _measured(plain: str, categories: Sequence[str]) -> Iterator[_Measured]:
    """Yield the numbers of a folded text with the parameter each is about."""
    usual = list(dict.fromkeys(key for code in categories for key in parameters_of(code)))
    every = find_numbers(plain)
    numbers = joined(plain, [number for number in every if not _is_condition(plain, number)])
    conditions = {number.start: plain[slice(*number.core)] for number in every}
    links = _links(plain, find_names(plain), numbers, usual)
    unnamed = _unnamed(plain, numbers, links, usual)
    listed = listed_pairs(plain, numbers)
    for place, number in enumerate(numbers):
        name, kind = links.get(place) or (number, unnamed.get(place))
        quantity = _stated(plain, number, kind) if kind is not None and place not in listed else None
        if kind is not None and quantity is not None and _is_plausible(kind, quantity):
            start, end = min(name.start, number.start), max(name.end, number.end)
            condition = _condition_of(plain, number, conditions)
            yield _Measured(start, end, kind, quantity, condition, number.is_reached)
    yield from (_Measured(*counted) for counted in counts(plain, usual))


def _unnamed(
    plain: str, numbers: Sequence[Number], links: dict[int, tuple[Name, ParameterKind | None]], usual: Sequence[str]
) -> dict[int, ParameterKind]:
    """Return the parameters of numbers without a name: pairs, what a unit tells, a category's key figures."""
    found = paired(plain, numbers, links, usual)
    for place, number in enumerate(numbers):
        kind = _told_by_unit(plain, number, usual)
        if kind is not None and place not in links:
            found.setdefault(place, kind)
    said = {kind.key for _, kind in links.values() if kind is not None} | {kind.key for kind in found.values()}
    return guessed(plain, numbers, {*links, *found}, said, usual) | found


def _stated(plain: str, number: Number, kind: ParameterKind) -> Quantity | None:
    """Return what a number states of a parameter, in the parameter's unit; None where it is no value of it."""
    quantity = as_meant(plain, number, kind)
    swing = kind.key == "temp" and plain[number.core[0]] == "±"
    if quantity is None or swing or (number.is_choice and kind.key in ONE_OF):
        return None
    return _in_usual_unit(kind, one_end(plain, number, kind, _towards_better(kind, number, quantity)))


def _is_condition(plain: str, number: Number) -> bool:
    return plain[: number.start].rstrip().endswith("@")


def _condition_of(plain: str, number: Number, conditions: dict[int, str]) -> str:
    """Return the quantity behind an "@" that follows a number."""
    match = re.compile(r"\s*@\s*").match(plain, number.end)
    return conditions.get(match.end(), "") if match else ""


def _links(
    plain: str, names: Sequence[Name], numbers: Sequence[Number], usual: Sequence[str]
) -> dict[int, tuple[Name, ParameterKind | None]]:
    """Return place of a number -> the nearest name whose parameter its unit measures, and that parameter.

    There is none where what is named is no parameter.
    """
    found: dict[int, tuple[Name, ParameterKind | None]] = {}
    taken: dict[Name, int] = {}
    for place, number in enumerate(numbers):
        for name in _near(plain, names, number):
            if name.keys == _NO_PARAMETER and name.end + _CLOSE >= number.start and number.end + _CLOSE >= name.start:
                found[place] = (name, None)
                break
            free = taken.get(name, place) == place or _continues(plain, numbers, taken[name], place)
            kind = _fitting(plain, name, number, usual) if free else None
            if kind is not None:
                found[place] = (name, kind)
                taken[name] = place
                break
    return found


def _near(plain: str, names: Sequence[Name], number: Number) -> list[Name]:
    """Return the names that may belong to a number, nearest first, those before it first at equal distance."""
    near: list[tuple[int, int, Name]] = []
    for name in names:
        if name.end <= number.start and number.start - name.end <= BEFORE:
            gap = plain[name.end : number.start]
            if not _HARD.search(gap) and not _SOFT.search(gap):
                near.append((len(_FILLER.sub("", gap)), 0, name))
        elif number.end <= name.start <= number.end + BEHIND and _LINK.fullmatch(plain, number.end, name.start):
            near.append((len(plain[number.end : name.start].strip()), 1, name))
        elif number.core[0] < name.start < number.core[1]:
            near.append((0, 2, name))
    return [name for _, _, name in sorted(near, key=lambda one: (one[0], one[1], -one[2].start))]


def _continues(plain: str, numbers: Sequence[Number], before: int, place: int) -> bool:
    """Tell whether a number is the next part of a compound value ("5V/3A")."""
    return before == place - 1 and plain[numbers[before].end : numbers[place].start].strip() in ("/", "、", "|")


def _fitting(plain: str, name: Name, number: Number, usual: Sequence[str]) -> ParameterKind | None:
    """Return the parameter a name means here: one that the unit measures, the category's own before others.

    A key with "?" is meant only where the category is usually specified by it and the name is not a part of another.
    """
    weak = not _COMPOUND.search(plain[: name.start][-1:])
    keys = [key.lstrip("?") for key in name.keys if not key.startswith("?") or (weak and key[1:] in usual)]
    kinds = [kind for kind in map(parameter_kind, keys) if kind is not None and as_meant(plain, number, kind)]
    return min(kinds, key=lambda kind: usual.index(kind.key) if kind.key in usual else len(usual), default=None)


def _told_by_unit(plain: str, number: Number, usual: Sequence[str]) -> ParameterKind | None:
    """Return the parameter that a unit alone tells; a range of degrees is the operating temperature."""
    quantity = number.quantity
    if quantity.unit == "℃" and quantity.typ is None and None not in (quantity.min, quantity.max):
        return parameter_kind("temp")
    if quantity.unit == "串" and "bat_cells" in usual and "cells" not in usual:
        return parameter_kind("bat_cells")
    if quantity.unit == "帧" and "fps" in usual:
        return parameter_kind("fps")
    return parameter_kind(_TELLING.get(quantity.unit, ""))


def _towards_better(kind: ParameterKind, number: Number, quantity: Quantity) -> Quantity:
    """Return the quantity with "or better" on the side that is better for its parameter."""
    if not number.is_better or kind.op != "<=" or quantity.min is None or quantity.comparator != ">=":
        return quantity
    return Quantity(None, None, quantity.min, quantity.unit, "<=")


def _in_usual_unit(kind: ParameterKind, quantity: Quantity) -> Quantity | None:
    """Return the numbers in the dictionary's unit of the same dimension; None when they cannot be told in it."""
    own = next((unit for unit in kind.units if _same_dimension(unit, quantity.unit)), None)
    own = own or next((unit for unit in kind.units if comparable(unit, quantity.unit)), None)
    if own is None:
        return None
    try:
        low, typical, high = (
            convert(value, quantity.unit, own) if value is not None else None
            for value in (quantity.min, quantity.typ, quantity.max)
        )
    except ValueError:
        return None
    if kind.kind == "num" and low is not None and high is not None and low == -high:
        low, typical, high = None, high, None  # "±60 V" states one size
    return Quantity(low, typical, high, own, quantity.comparator)


def _same_dimension(left: str, right: str) -> bool:
    a, b = find_unit(left or "1"), find_unit(right or "1")
    return a is not None and b is not None and a.dimension == b.dimension


def _is_plausible(kind: ParameterKind, quantity: Quantity) -> bool:
    """Tell whether every number is of a size the parameter can have; sizes are stated in its first unit only."""
    if kind.units and quantity.unit != kind.unit:
        return True
    low = -math.inf if kind.sane_min is None else kind.sane_min - _ROUNDING * abs(kind.sane_min)
    high = math.inf if kind.sane_max is None else kind.sane_max + _ROUNDING * abs(kind.sane_max)
    return all(low <= value <= high for value in quantity.values)


def _requirement(measured: _Measured, *, must: bool) -> Requirement | None:
    """Return the requirement a number states; None where a single value says nothing (one temperature)."""
    quantity, kind = measured.quantity, measured.kind
    low, high = quantity.values[0], quantity.values[-1]
    op = ">=" if measured.is_reached and kind.op == ">=" else _operator(kind, quantity)
    if kind.key == "temp" and (op != "covers" or low == high):
        return None
    if op == "covers":
        value = f"{show_number(low)}~{show_number(high)}"
    elif quantity.typ is not None and kind.op != "<=":
        value = show_number(quantity.typ)
    else:
        value = show_number(high if op == "<=" or kind.key in REACHING else low)
    unit = "" if quantity.unit == "1" else quantity.unit
    return Requirement(kind.key, op, value, unit, must, measured.condition)


def _operator(kind: ParameterKind, quantity: Quantity) -> str:
    """Return how a need's number compares; what its supply is at most must be covered, a distance reached."""
    if kind.key in ENDURED and quantity.comparator == "<=":
        return kind.op
    if kind.key == "range" and dimension_of(quantity.unit) == "length" and len(quantity.values) == 1:
        return ">="
    return quantity.comparator or kind.op


def _parameter(measured: _Measured) -> Parameter:
    q = measured.quantity
    unit = "" if q.unit == "1" else q.unit
    return Parameter(measured.kind.key, q.min, q.typ, q.max, unit, condition=measured.condition)


def _word_parameter(key: str, values: tuple[str, ...]) -> Parameter:
    if key == "area":
        return Parameter(key, typ=float(values[0]), unit="mm²")
    return Parameter(key, text="|".join(values))


def _is_wish(plain: str, end: int) -> bool:
    """Tell whether the clause up to a place says that this would be nice rather than needed."""
    clause = re.split(r"[。;；\n!?！？,，]", plain[max(0, end - 60) : end])[-1]
    return _WISH.search(clause) is not None


def _worded(plain: str, categories: Sequence[str]) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """Yield (start, end, key, values) of values that are words, one entry a parameter and sentence."""
    words = [word for word in find_words(plain) if not _NEGATED.search(plain[max(0, word.start - 8) : word.start])]
    words += [Word(start, end, "bands", name) for start, end, name in _bands(plain)]
    words += [Word(start, end, key, value) for start, end, key, value in find_shapes(plain, categories)]
    for group in _grouped(plain, words):
        values = tuple(dict.fromkeys(word.value for word in group))
        yield group[0].start, max(word.end for word in group), group[0].key, values


def _grouped(plain: str, words: Iterable[Word]) -> list[list[Word]]:
    """Return words of one parameter together; those of a later sentence count with the first."""
    groups: dict[str, list[Word]] = {}
    for word in sorted(words, key=lambda word: (word.start, -word.end)):
        group = groups.setdefault(word.key, [])
        kind = parameter_kind(word.key)
        single = kind is not None and kind.kind != "set"
        if not group or (not single and not _HARD.search(plain, group[0].start, word.start)):
            group.append(word)
    return list(groups.values())


def _bands(plain: str) -> Iterator[tuple[int, int, str]]:
    """Yield the radio bands of a text that speaks of Wi-Fi or names two of them."""
    numbers = [n for n in find_numbers(plain) if n.quantity.unit == "GHz" and n.quantity.typ in _BANDS]
    if len({n.quantity.typ for n in numbers}) > 1 or re.search(r"wi-?fi|wlan|无线网", plain, re.IGNORECASE):
        yield from ((n.start, n.end, _BANDS[n.quantity.typ or 0.0]) for n in numbers)


def _word_requirement(plain: str, start: int, end: int, key: str, values: tuple[str, ...]) -> Requirement:
    """Return the requirement words state: all of them, unless the text says "or" or one of them is enough."""
    kind = parameter_kind(key)
    op = kind.op if kind is not None else "has"
    said_or = re.search(r"或|/|\bor\b", plain[start:end]) is not None
    if op == "in" and key == "if" and len(values) > 1 and not said_or:
        op = "has"
    value, unit = "|".join(values), "mm²" if key == "area" else ""
    return Requirement(key, op, value, unit, not _is_wish(plain, end))
