"""Does an offer meet a requirement? Exact interval logic over min/typ/max; unknown is never a fail.

The guaranteed end decides: ``>=`` looks at min, ``<=`` at max. Where the guaranteed end is not stated, the typical
value, then the other end, stands in for it and the reason says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.offers import as_quantity, finite, is_stated, rows_of
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity, parse_quantity
from matching.reach import reach
from matching.records import Need, Parameter, Requirement, Sheet
from matching.units import LEVEL_DIMENSIONS, comparable, convert, dimension_of
from matching.values import as_resolution, fold, show, show_number
from matching.worded import EQUAL, NARROW_SHARE, Status, judge_words

#: A miss is narrow up to these: decibels, degrees; else a share of the requirement.
NARROW_LEVEL, NARROW_DEGREES = 2.0, 15.0
_AUTOMOTIVE = "automotive_"
OPERATORS = frozenset({">=", "<=", "=", "covers", "has", "in"})

#: Every reason code with its plain English and Chinese wording.
REASONS: dict[str, tuple[str, str]] = {
    "met": ("The guaranteed value meets the requirement.", "保证值满足要求"),
    "met_typical": ("Met by the typical value; no guaranteed value is stated.", "典型值满足，未给出保证值"),
    "met_other_end": ("Met by the only value stated.", "按所给出的唯一数值满足"),
    "typical_only": (
        "The typical value meets it, the guaranteed value does not.",
        "典型值满足，保证值不满足",
    ),
    "narrowly_violated": ("Missed by a little.", "略有差距"),
    "violated": ("The requirement is not met.", "不满足要求"),
    "missing_value": ("The sheet does not state this value.", "产品未给出该参数"),
    "one_end_missing": ("The sheet states only one end of the range.", "产品只给出了范围的一端"),
    "unit_mismatch": ("The units measure different things.", "单位量纲不同，不可比"),
    "unit_unknown": ("A unit is not in the dictionary.", "单位不在词典中"),
    "unreadable_requirement": ("The requirement cannot be read as a value.", "需求条件无法识别为数值"),
    "unreadable_value": ("The offered value cannot be read.", "产品参数值无法识别"),
    "contradictory_requirement": ("The requirement contradicts itself.", "需求条件自相矛盾"),
    "left_open": (
        "It is named, but only as an option, or without the version or the number that is asked for.",
        "有此项，但仅为选配，或未写明所要求的版本、数量",
    ),
    "contradictory_value": ("The sheet's minimum is above its maximum.", "产品参数最小值大于最大值"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one requirement says about one offer.

    offered : as the sheet states it; required : in the requirement's own unit; converted : the deciding value in the
    requirement's unit, "" if it needs no conversion. margin : positive is better than required; a share of the
    requirement, but decibels for levels and degrees for temperatures; None where there is no distance.
    """

    status: Status
    offered: str
    required: str
    margin: float | None
    condition: str
    reason: str
    key: str = ""
    must: bool = True
    name: str = ""
    converted: str = ""

    @property
    def is_violated(self) -> bool:
        """Tell whether the value is known and misses the requirement."""
        return self.status == "violated"


def judge(requirement: Requirement, offer: Sheet | Iterable[Parameter]) -> Verdict:
    """Judge one requirement against a sheet or its parameters. Never raises on what people typed."""
    rows = rows_of(requirement.key, offer) if isinstance(offer, Sheet) else tuple(offer)
    rows = tuple(row for row in rows if row.key == requirement.key and is_stated(row))
    return _judge(requirement, rows)


@lru_cache(1 << 14)
def _judge(requirement: Requirement, rows: tuple[Parameter, ...]) -> Verdict:
    """Judge stated rows; many sheets state the same, or nothing."""
    kind = parameter_kind(requirement.key)
    if not rows:
        return _verdict(requirement, "unknown", "missing_value")
    if _is_numeric(requirement, kind, rows):
        return _judge_number(requirement, _pick(requirement, rows))
    return _judge_text(requirement, kind, rows[0])


def judge_all(need: Need, sheet: Sheet) -> list[Verdict]:
    """Judge every requirement of a need, then its temperature range and quality grade.

    Temperature and an automotive grade are musts; another grade is a wish, since its temperatures already count.
    """
    return [judge(requirement, sheet) for requirement in requirements_of(need)]


def requirements_of(need: Need) -> tuple[Requirement, ...]:
    """Return a need's requirements with temperature and grade written out as such."""
    stated = {requirement.key for requirement in need.params}
    extra: list[Requirement] = []
    if need.temp_min is not None and need.temp_max is not None and "temp" not in stated:
        extra.append(Requirement("temp", "covers", f"{show_number(need.temp_min)}~{show_number(need.temp_max)}", "℃"))
    if need.quality_grade and "grade" not in stated:
        automotive = need.quality_grade.startswith(_AUTOMOTIVE)
        extra.append(Requirement("grade", ">=", need.quality_grade, must=automotive))
    return (*need.params, *extra)


def judge_value(requirement: Requirement, value: float | str | None, unit: str = "") -> Verdict:
    """Judge a bid's committed value against an indicator.

    A commitment is a promise, so a single number counts as guaranteed. None or "" is unknown.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return _verdict(requirement, "unknown", "missing_value")
    if isinstance(value, str):
        parameter = Parameter(requirement.key, unit=unit or _own_unit(requirement, value), text=value)
    else:
        parameter = Parameter(requirement.key, min=value, typ=value, max=value, unit=unit or requirement.unit)
    verdict = judge(requirement, (parameter,))
    return replace(verdict, reason="met") if verdict.reason == "met_typical" else verdict


def _own_unit(requirement: Requirement, value: str) -> str:
    """Return "" when the text carries its own unit, else the requirement's."""
    try:
        return parse_quantity(value).unit or requirement.unit
    except ValueError:
        return requirement.unit


def is_numeric(requirement: Requirement) -> bool:
    """Tell whether a requirement compares numbers wherever a sheet states some."""
    kind = parameter_kind(requirement.key)
    return requirement.op not in ("has", "in") if kind is None else kind.kind in ("num", "range")


def _is_numeric(requirement: Requirement, kind: ParameterKind | None, rows: Sequence[Parameter]) -> bool:
    if kind is not None:
        return kind.kind in ("num", "range")
    if requirement.op in ("has", "in"):
        return False
    if any(finite(v) is not None for row in rows for v in (row.min, row.typ, row.max)):
        return True
    try:
        parse_quantity(requirement.value, requirement.unit)
    except ValueError:
        return requirement.op in (">=", "<=", "covers") and as_resolution(requirement.value) is None
    return True


def _pick(requirement: Requirement, rows: Sequence[Parameter]) -> Parameter:
    """Return the row to judge: same condition first, then a comparable unit, then the first."""
    fitting = [row for row in rows if comparable(row.unit, requirement.unit)] or list(rows)
    condition = _folded(requirement.condition)
    same = [row for row in fitting if condition and _folded(row.condition) == condition]
    return (same or fitting)[0]


@lru_cache(1 << 12)
def _folded(condition: str) -> str:
    """Return a condition as compared: "Ta = 25 °C" and "@25℃" are one."""
    return fold(condition).lstrip("@").removeprefix("ta=")


def _verdict(
    requirement: Requirement,
    status: Status,
    reason: str,
    *,
    offered: str = "",
    margin: float | None = None,
    condition: str = "",
    converted: str = "",
) -> Verdict:
    unit = requirement.unit if requirement.unit not in ("", "1") else ""
    sign = {">=": "≥", "<=": "≤", "=": "=", "covers": "⊇", "has": "∋", "in": "∈"}.get(requirement.op, requirement.op)
    required = f"{sign} {requirement.value}" + (f" {unit}" if unit else "")
    return Verdict(
        status,
        offered,
        required,
        margin,
        condition,
        reason,
        requirement.key,
        requirement.must,
        requirement.name,
        converted,
    )


_parsed = lru_cache(1024)(parse_quantity)


def wanted_quantity(requirement: Requirement) -> Quantity:
    """Return what a requirement asks for as a quantity; a limit of "±4" is the size 4. Raises ValueError."""
    wanted = _parsed(requirement.value, requirement.unit)
    if requirement.op not in OPERATORS:
        raise ValueError(f"unknown operator {requirement.op!r}")
    if requirement.op in (">=", "<=") and wanted.max is not None and wanted.min == -wanted.max:
        return Quantity(None, None, wanted.max, wanted.unit)
    return wanted


def is_error(key: str) -> bool:
    """Tell whether a parameter is an error to either side, whose size counts: -1~0.3 is as bad as ±1."""
    kind = parameter_kind(key)
    return kind is not None and "±" in kind.name_zh


def are_comparable(key: str, offered: str, wanted: str) -> bool:
    """Tell whether units can be compared: whose own parameter in ℃ or K is a point or a difference, nobody knows."""
    if not comparable(offered, wanted):
        return False
    return (
        offered == wanted
        or dimension_of(wanted) != "temperature"
        or parameter_kind(key) is not None
        or (convert(0, offered, wanted) == 0)
    )


def _judge_number(requirement: Requirement, row: Parameter) -> Verdict:
    try:
        wanted = wanted_quantity(requirement)
    except ValueError as error:
        reason = "contradictory_requirement" if "above" in str(error) else "unreadable_requirement"
        return _verdict(requirement, "not_comparable", reason)
    try:
        offer = as_quantity(row)
    except ValueError:
        return _verdict(requirement, "not_comparable", "unreadable_value", offered=row.text, condition=row.condition)
    shown = show(offer.min, offer.typ, offer.max, offer.unit)
    if offer.min is not None and offer.max is not None and offer.min > offer.max:
        reason = "contradictory_value"
    elif dimension_of(offer.unit) is None or dimension_of(wanted.unit) is None:
        reason = "unit_unknown"
    elif not are_comparable(requirement.key, offer.unit, wanted.unit):
        reason = "unit_mismatch"
    else:
        return _compare(requirement, wanted, offer, row.condition, shown)
    return _verdict(requirement, "not_comparable", reason, offered=shown, condition=row.condition)


def _in_unit(value: float | None, offer: Quantity, unit: str) -> float | None:
    """Return a value in another unit. Raises ValueError when there is none, or it is too large for a number."""
    converted = None if value is None else convert(value, offer.unit, unit)
    if converted is not None and not math.isfinite(converted):
        raise ValueError("number too large")
    return converted


def _compare(requirement: Requirement, wanted: Quantity, offer: Quantity, condition: str, shown: str) -> Verdict:
    """Compare numbers once units agree."""
    try:
        low, typical, high = (_in_unit(v, offer, wanted.unit) for v in (offer.min, offer.typ, offer.max))
    except ValueError:
        return _verdict(requirement, "not_comparable", "unreadable_value", offered=shown, condition=condition)
    numbers = Quantity(low, typical, high, wanted.unit)
    if is_error(requirement.key) and min(numbers.values) < 0:
        numbers = _sizes(numbers)
    elif requirement.op == ">=":
        numbers = reach(requirement.key, numbers)
    judged = {">=": _at_least, "<=": _at_most, "=": _equal, "covers": _covers}.get(requirement.op, _equal)
    status, reason, margin, decisive = judged(wanted, numbers)
    same = offer.unit == wanted.unit or decisive is None
    converted = "" if same or decisive is None else show(None, decisive, None, wanted.unit)
    return _verdict(requirement, status, reason, offered=shown, margin=margin, condition=condition, converted=converted)


def _sizes(error: Quantity) -> Quantity:
    """Return the size of an error that is stated with its sign."""
    ends = [abs(end) for end in (error.min, error.max) if end is not None]
    typical = None if error.typ is None else abs(error.typ)
    return Quantity(None, typical, max(ends, default=None), error.unit)


Judged = tuple[Status, str, float | None, float | None]


def is_level(unit: str) -> bool:
    """Tell whether a unit is that of a level, such as decibels."""
    return dimension_of(unit) in LEVEL_DIMENSIONS


def _margin(slack: float, reference: float, unit: str) -> float:
    """Return the distance to the requirement: decibels, degrees, or a share of it."""
    if is_level(unit) or dimension_of(unit) == "temperature":
        return slack
    return slack / abs(reference) if reference else math.copysign(math.inf, slack) if slack else 0.0


def _miss(slack: float, reference: float, unit: str) -> str:
    if is_level(unit):
        return "narrowly_violated" if -slack <= NARROW_LEVEL + EQUAL else "violated"
    if dimension_of(unit) == "temperature":
        return "narrowly_violated" if -slack <= NARROW_DEGREES + EQUAL else "violated"
    return "narrowly_violated" if -slack <= NARROW_SHARE * abs(reference) * (1 + EQUAL) else "violated"


def _enough(slack: float, *sizes: float) -> bool:
    """Tell whether slack ≥ 0, allowing for what conversion rounds away."""
    return slack >= -EQUAL * max(map(abs, sizes))


def _one_sided(limit: float, ends: tuple[float | None, float | None, float | None], sign: int, unit: str) -> Judged:
    """Judge against one limit. ``ends`` = (guaranteed, typical, other); sign 1 means the offer must be larger."""
    guaranteed, typical, other = ends
    decisive, good = next(
        (value, reason)
        for value, reason in ((guaranteed, "met"), (typical, "met_typical"), (other, "met_other_end"))
        if value is not None
    )
    slack = sign * (decisive - limit)
    margin = _margin(slack, limit, unit)
    if _enough(slack, decisive, limit):
        return "met", good, max(margin, 0.0), decisive
    if guaranteed is not None and typical is not None and _enough(sign * (typical - limit), typical, limit):
        return "marginal", "typical_only", margin, decisive
    return "violated", _miss(slack, limit, unit), margin, decisive


def _at_least(wanted: Quantity, offer: Quantity) -> Judged:
    return _one_sided(wanted.values[-1], (offer.min, offer.typ, offer.max), 1, wanted.unit)


def _at_most(wanted: Quantity, offer: Quantity) -> Judged:
    return _one_sided(wanted.values[0], (offer.max, offer.typ, offer.min), -1, wanted.unit)


def _equal(wanted: Quantity, offer: Quantity) -> Judged:
    """Equal at the nominal value, or settable to it inside the offered range."""
    low, high = wanted.values[0], wanted.values[-1]
    middle, nominal = low / 2 + high / 2, offer.typ
    if nominal is None and offer.min is not None and offer.max is not None:
        nominal = min(max(middle, offer.min), offer.max)
    if nominal is None:
        nominal = offer.values[0]
    slack = min(nominal - low, high - nominal)
    if _enough(slack, nominal, low, high):
        return "met", "met", None, nominal
    return "violated", _miss(slack, middle, wanted.unit), _margin(slack, middle, wanted.unit), nominal


def _covers(wanted: Quantity, offer: Quantity) -> Judged:
    """Judge whether the offered range contains the wanted one; an unknown end that would decide leaves it open."""
    low, high = wanted.values[0], wanted.values[-1]
    bottom, top = offer.min, offer.max
    if bottom is None and top is None:
        bottom = top = offer.typ
    gaps = [
        (bottom - low, low) if bottom is not None else None,
        (high - top, high) if top is not None else None,
    ]
    known = [gap for gap in gaps if gap is not None]
    slack, reference = min(((-gap, end) for gap, end in known), key=lambda pair: pair[0])
    decisive = bottom if reference == low and bottom is not None else top
    margin = _margin(slack, reference, wanted.unit)
    if not _enough(slack, reference, decisive or 0.0):
        return "violated", _miss(slack, reference, wanted.unit), margin, decisive
    if len(known) == 1:
        return "unknown", "one_end_missing", None, None
    return "met", "met", max(margin, 0.0), decisive


def _judge_text(requirement: Requirement, kind: ParameterKind | None, row: Parameter) -> Verdict:
    offered = row.text.strip() or show(row.min, row.typ, row.max, row.unit)
    status, reason, margin = judge_words(requirement, kind, offered)
    return _verdict(requirement, status, reason, offered=offered, margin=margin, condition=row.condition)
