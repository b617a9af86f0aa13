"""Does an offer meet a requirement? Exact interval logic over min/typ/max; unknown is never a fail.

The guaranteed end decides: ``>=`` looks at min, ``<=`` at max. Where the guaranteed end is not stated, the typical
value, then the other end, stands in for it and the reason says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.conditions import is_same
from matching.limits import limit_judge
from matching.meant import as_dated, with_unit_beside
from matching.offers import finite, is_stated, readings_of, rows_of
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity, QuantityError, parse_quantity
from matching.reach import is_settable, reach
from matching.records import Need, Parameter, Requirement, Sheet
from matching.signs import is_against_sign, is_error, size, with_usual_sign
from matching.stated import Reading, merged, read
from matching.units import comparable, convert, dimension_of
from matching.values import as_resolution, show, show_number
from matching.worded import Status, judge_words

_AUTOMOTIVE = "automotive_"
OPERATORS = frozenset({">=", "<=", "=", "covers", "has", "in"})

#: Every reason code with its plain English and Chinese wording.
REASONS: dict[str, tuple[str, str]] = {
    "met": ("The guaranteed value meets the requirement.", "保证值满足要求"),
    "met_typical": ("Met by the typical value; no guaranteed value is stated.", "典型值满足，未给出保证值"),
    "met_other_end": ("Met by the only value stated.", "按所给出的唯一数值满足"),
    "other_condition": (
        "Met, but stated under another condition than the one asked for.",
        "数值满足，但所给条件与需求条件不同",
    ),
    "typical_only": (
        "The typical value meets it, the guaranteed value does not.",
        "典型值满足，保证值不满足",
    ),
    "narrowly_violated": ("Missed by a little.", "略有差距"),
    "violated": ("The requirement is not met.", "不满足要求"),
    "missing_value": ("The sheet does not state this value.", "产品未给出该参数"),
    "left_open": (
        "It is named, but only as an option, or without the version or the number that is asked for.",
        "有此项，但仅为选配，或未写明所要求的版本、数量",
    ),
    "one_end_missing": ("The sheet states only one end of the range.", "产品只给出了范围的一端"),
    "unit_mismatch": ("The units measure different things.", "单位量纲不同，不可比"),
    "unit_unknown": ("A unit is not in the dictionary.", "单位不在词典中"),
    "unreadable_requirement": ("The requirement cannot be read as a value.", "需求条件无法识别为数值"),
    "unreadable_value": ("The offered value cannot be read.", "产品参数值无法识别"),
    "contradictory_requirement": ("The requirement contradicts itself.", "需求条件自相矛盾"),
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
    same = [row for row in fitting if is_same(condition_of(requirement), row.condition)]
    return (same or fitting)[0]


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


@lru_cache(1024)
def _parsed(value: str, unit: str, key: str) -> Quantity:
    try:
        return parse_quantity(value, unit)
    except QuantityError as error:
        try:
            found = merged(read(value, unit, key))
        except QuantityError:
            raise error from None
        if len(found) != 1 or "above" in str(error):
            raise
        return found[0].quantity


def wanted_quantity(requirement: Requirement, beside: str = "") -> Quantity:
    """Return what a requirement asks for as a quantity; a limit of "±4" is the size 4. Raises ValueError.

    beside : the unit of the offer, which tells what a requirement without unit means.
    """
    unit, key = requirement.unit.partition("@")[0].strip(), requirement.key
    wanted = as_dated(key, with_unit_beside(key, _parsed(requirement.value, unit, key), beside))
    if requirement.op not in OPERATORS:
        raise ValueError(f"unknown operator {requirement.op!r}")
    if requirement.op in (">=", "<=") and wanted.max is not None and wanted.min == -wanted.max:
        return Quantity(None, None, wanted.max, wanted.unit)
    return wanted


def condition_of(requirement: Requirement) -> str:
    """Return under which condition a value is asked for, which may stand behind its unit: TOPS@INT8."""
    return requirement.condition or requirement.unit.partition("@")[2].strip()


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
        offers, asked = readings_of(row, beside=wanted.unit), condition_of(requirement)
        fitting = merged([one for one in offers if is_same(asked, one.condition)] or offers)
    except ValueError:
        return _verdict(requirement, "not_comparable", "unreadable_value", offered=row.text, condition=row.condition)
    return _agreed(requirement, fitting, row)


def _judge_reading(requirement: Requirement, reading: Reading) -> Verdict:
    """Judge one value, whose condition may be another than the one asked for."""
    offer = as_dated(requirement.key, reading.quantity)
    wanted = wanted_quantity(requirement, offer.unit)
    shown = show(offer.min, offer.typ, offer.max, offer.unit)
    if offer.min is not None and offer.max is not None and offer.min > offer.max:
        reason = "contradictory_value"
    elif dimension_of(offer.unit) is None or dimension_of(wanted.unit) is None:
        reason = "unit_unknown"
    elif not are_comparable(requirement.key, offer.unit, wanted.unit):
        reason = "unit_mismatch"
    else:
        verdict = _compare(requirement, wanted, offer, reading.condition, shown)
        asked = condition_of(requirement)
        if verdict.status == "met" and asked and reading.condition and not is_same(asked, reading.condition):
            return replace(verdict, status="marginal", reason="other_condition")
        return verdict
    return _verdict(requirement, "not_comparable", reason, offered=shown, condition=reading.condition)


def _agreed(requirement: Requirement, readings: Sequence[Reading], row: Parameter) -> Verdict:
    """Return what is true of several values in a row: of all of them, or of one where one can be chosen."""
    verdicts = [_judge_reading(requirement, one) for one in readings]
    states = {verdict.status for verdict in verdicts}
    if len(states) == 1 and not (states == {"violated"} and _may_reach_over(requirement, readings)):
        return verdicts[0]
    met = next((verdict for verdict in verdicts if verdict.status == "met"), None)
    if met is not None and _is_choice(requirement, readings):
        return met
    if met is not None and all(verdict.condition for verdict in verdicts):
        return replace(met, status="marginal", reason="other_condition")
    return _verdict(requirement, "not_comparable", "unreadable_value", offered=row.text, condition=row.condition)


def _is_choice(requirement: Requirement, readings: Sequence[Reading]) -> bool:
    """Tell whether a row of values is what can be set: rates, fixed voltages, ±2/±4 g; not ranges of several pins."""
    if requirement.op == ">=":
        return is_settable(requirement.key)
    spans = [one.quantity for one in readings if one.quantity.min is not None or one.quantity.max is not None]
    return requirement.op in ("covers", "=") and all(span.min == -(span.max or 0.0) for span in spans if span.min)


def _may_reach_over(requirement: Requirement, readings: Sequence[Reading]) -> bool:
    """Tell whether single values may be meant as the ends of a range that would cover what is asked."""
    if len(readings) < 2 or requirement.op != "covers":
        return False
    values = [value for reading in readings for value in reading.quantity.values]
    over = Reading(Quantity(min(values), None, max(values), readings[0].quantity.unit))
    return _judge_reading(requirement, over).status == "met"


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
    numbers = with_usual_sign(requirement.key, Quantity(low, typical, high, wanted.unit, offer.comparator))
    op = requirement.op
    if is_against_sign(requirement.key, wanted):
        op, wanted = _usual_operator(requirement), with_usual_sign(requirement.key, wanted)
    if is_error(requirement.key) and min(numbers.values) < 0:
        numbers = size(numbers)
    elif op == ">=":
        numbers = reach(requirement.key, numbers)
    status, reason, margin, decisive = limit_judge(op)(wanted, numbers)
    same = offer.unit == wanted.unit or decisive is None
    converted = "" if same or decisive is None else show(None, decisive, None, wanted.unit)
    return _verdict(requirement, status, reason, offered=shown, margin=margin, condition=condition, converted=converted)


def _usual_operator(requirement: Requirement) -> str:
    """Return what is meant by a limit to a loss written with the other sign: no more loss, no less suppression."""
    kind = parameter_kind(requirement.key)
    return kind.op if kind is not None and requirement.op in (">=", "<=") else requirement.op


def _judge_text(requirement: Requirement, kind: ParameterKind | None, row: Parameter) -> Verdict:
    offered = row.text.strip() or show(row.min, row.typ, row.max, row.unit)
    status, reason, margin = judge_words(requirement, kind, offered)
    return _verdict(requirement, status, reason, offered=offered, margin=margin, condition=row.condition)
