"""Read requirements out of a need's text and parameters out of a sheet's: dictionary keys, usual units, the place.

What comes out is a proposal for a person to confirm, so it is careful: a number without a parameter's name near it, or
with a unit that does not measure that parameter, or of implausible size, is left alone. Nothing raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.mentions import Name, Number, Word, find_names, find_numbers, fold
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity
from matching.reach import REACHING
from matching.readings import (
    ENDURED,
    ONE_OF,
    as_meant,
    counts,
    guessed,
    is_measured,
    is_version,
    joined,
    listed_pairs,
    nominal,
    one_end,
    paired,
)
from matching.records import Parameter, Requirement
from matching.shapes import find_shapes
from matching.stance import Span, is_refused, is_within, not_refused, old_values, succeeded
from matching.taxonomy import parameters_of
from matching.units import comparable, convert, dimension_of, find_unit
from matching.values import show_number
from matching.wordings import HARD, grouped, values_of, wanted, words_of

#: How far a name may stand before and behind its number.
BEFORE, BEHIND = 14, 3
_SOFT = re.compile(r"[,，、]")
_FILLER = re.compile(r"[\s:=为是约]+")
_LINK = re.compile(r"[\s的个之-]*")
_WISH = re.compile(r"最好|希望|优先|尽量|加分|可选|prefer|ideally|nice to have|optional|wish", re.IGNORECASE)
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
#: Place of a number -> the name that tells its parameter, and that parameter; None where it is no parameter.
Links = dict[int, tuple[Name, ParameterKind | None]]


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
    old = old_values(plain)
    found = [
        FoundRequirement(measured.start, measured.end, requirement)
        for measured in _measured(plain, categories, old)
        if (requirement := _requirement(measured, must=not _is_wish(plain, measured.end))) is not None
        and not is_refused(plain, measured.start, measured.end)
    ]
    words = [word for word in words_of(plain, categories) if not is_within(old, word.start)]
    stated = (_word_requirement(plain, group) for group in grouped(plain, not_refused(plain, words)))
    found += [one for one in stated if one is not None]
    unique: dict[tuple[str, str], FoundRequirement] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        unique.setdefault((one.requirement.key, one.requirement.op), one)
    return [FoundRequirement(places[f.start], places[f.end], f.requirement) for f in unique.values()]


def extract_parameters(text: str, categories: Sequence[str] = ()) -> list[FoundParameter]:
    """Return what a sheet's text states, in reading order, each parameter and condition once."""
    plain, places = fold(text)
    found = [FoundParameter(m.start, m.end, _parameter(m)) for m in _measured(plain, categories)]
    found += [
        FoundParameter(*_place_of(group), _word_parameter(group[0].key, values_of(group)))
        for group in grouped(plain, not_refused(plain, words_of(plain, categories)), across=True)
    ]
    unique: dict[tuple[str, str], FoundParameter] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        unique.setdefault((one.parameter.key, one.parameter.condition), one)
    return [FoundParameter(places[f.start], places[f.end], f.parameter) for f in unique.values()]


def _measured(plain: str, categories: Sequence[str], old: Sequence[Span] = ()) -> Iterator[_Measured]:
    """Yield the numbers of a folded text with the parameter each is about; old values only tell what new ones mean."""
    usual = list(dict.fromkeys(key for code in categories for key in parameters_of(code)))
    every = find_numbers(plain)
    rates = [(start, end) for start, end, key, _ in find_shapes(plain, categories) if key in ("decode", "encode")]
    own = [number for number in every if not _is_condition(plain, number) and not is_within(rates, number.core[0])]
    numbers = joined(plain, own)
    conditions = {number.start: plain[slice(*number.core)] for number in every}
    names = find_names(plain)
    links = _links(plain, names, numbers, usual)
    links = _renewed(plain, numbers, links, succeeded(numbers, names, old)) | _left_aside(numbers, old)
    unnamed = _unnamed(plain, numbers, links, usual)
    listed = listed_pairs(plain, numbers)
    for place, number in enumerate(numbers):
        name, kind = links.get(place) or (number, unnamed.get(place))
        quantity = _stated(plain, number, kind) if kind is not None and place not in listed else None
        if kind is not None and quantity is not None and _is_plausible(kind, quantity):
            start, end = min(name.start, number.start), max(name.end, number.end)
            condition = _condition_of(plain, number, conditions)
            yield _Measured(start, end, kind, quantity, condition, number.is_reached)
    yield from (_Measured(*counted) for counted in counts(plain, usual) if not is_within(old, counted[0]))


def _renewed(plain: str, numbers: Sequence[Number], links: Links, old: dict[int, list[int]]) -> Links:
    """Return the links of numbers without a name to what the old ones before them mean, each once, and the others."""
    found = dict(links)
    taken: set[str] = set()
    for place in (place for place in old if place not in links):
        kinds = (links[before][1] for before in old[place] if before in links)
        fitting = (kind for kind in kinds if kind is not None and as_meant(plain, numbers[place], kind))
        kind = next((kind for kind in fitting if kind.key not in taken), None)
        if kind is not None:
            taken.add(kind.key)
            found[place] = Name(numbers[place].start, numbers[place].end, (kind.key,)), kind
    return found


def _left_aside(numbers: Sequence[Number], old: Sequence[Span]) -> Links:
    """Return the links of old values: to no parameter."""
    places = (place for place, number in enumerate(numbers) if is_within(old, number.core[0]))
    return {place: (Name(numbers[place].start, numbers[place].end, _NO_PARAMETER), None) for place in places}


def _unnamed(plain: str, numbers: Sequence[Number], links: Links, usual: Sequence[str]) -> dict[int, ParameterKind]:
    """Return the parameters of numbers without a name: pairs, what a unit tells, a category's key figures."""
    found = paired(plain, numbers, {place: kind.key if kind else "" for place, (_, kind) in links.items()}, usual)
    for place, number in enumerate(numbers):
        kind = _told_by_unit(plain, number, usual)
        if kind is not None and place not in links:
            found.setdefault(place, kind)
    said = {kind.key for _, kind in links.values() if kind is not None} | {kind.key for kind in found.values()}
    return guessed(plain, numbers, {*links, *found}, said, usual) | found


def _stated(plain: str, number: Number, kind: ParameterKind) -> Quantity | None:
    """Return what a number states of a parameter, in the parameter's unit; None where it is no value of it."""
    quantity = as_meant(plain, number, kind)
    other = kind.key == "temp" and (plain[number.core[0]] == "±" or is_measured(plain, number))
    if quantity is None or other or (number.is_choice and kind.key in ONE_OF):
        return None
    return _in_usual_unit(kind, one_end(plain, number, kind, _towards_better(kind, number, quantity)))


def _is_condition(plain: str, number: Number) -> bool:
    return plain[: number.start].rstrip().endswith("@")


def _condition_of(plain: str, number: Number, conditions: dict[int, str]) -> str:
    """Return the quantity behind an "@" that follows a number."""
    match = re.compile(r"\s*@\s*").match(plain, number.end)
    return conditions.get(match.end(), "") if match else ""


def _links(plain: str, names: Sequence[Name], numbers: Sequence[Number], usual: Sequence[str]) -> Links:
    """Return place of a number -> the nearest name whose parameter its unit measures, and that parameter.

    There is none where what is named is no parameter.
    """
    found: Links = {}
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
            if not HARD.search(gap) and not _SOFT.search(gap):
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
    kinds = [kind for kind in kinds if not is_version(plain, name, number, kind)]
    return min(kinds, key=lambda kind: usual.index(kind.key) if kind.key in usual else len(usual), default=None)


def _told_by_unit(plain: str, number: Number, usual: Sequence[str]) -> ParameterKind | None:
    """Return the parameter that a unit alone tells; a range of degrees is the operating temperature."""
    quantity = number.quantity
    is_span = quantity.typ is None and None not in (quantity.min, quantity.max)
    if quantity.unit == "℃" and is_span:
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
    quantity, kind = nominal(measured.kind, measured.quantity), measured.kind
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


def _word_requirement(plain: str, group: Sequence[Word]) -> FoundRequirement | None:
    """Return the requirement that words state; None where they state none."""
    (start, end), key, need = _place_of(group), group[0].key, wanted(plain, group)
    if need is None:
        return None
    unit = "mm²" if key == "area" else ""
    return FoundRequirement(start, end, Requirement(key, *need, unit, not _is_wish(plain, end)))


def _place_of(group: Sequence[Word]) -> tuple[int, int]:
    return group[0].start, max(word.end for word in group)


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
