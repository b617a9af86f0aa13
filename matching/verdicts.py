"""Requirements held against many sheets at once: the verdicts of ``compliance``, without their words.

Statements of one row with numbers are compared in arrays, exactly as ``judge`` does one by one; others one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.compliance import (
    are_comparable,
    condition_of,
    is_numeric,
    judge,
    wanted_quantity,
)
from matching.limits import NARROW_DEGREES, NARROW_LEVEL, is_level
from matching.meant import is_dated
from matching.quantities import Quantity
from matching.reach import may_reach
from matching.records import Requirement
from matching.signs import is_error, loss_sign
from matching.statements import Statements
from matching.units import convert, dimension_of, find_unit
from matching.worded import EQUAL, NARROW_SHARE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Judged = tuple[NDArray[np.int8], Flags]

UNKNOWN, MET, MARGINAL, VIOLATED, NOT_COMPARABLE = range(5)
_CODES = {"unknown": UNKNOWN, "met": MET, "marginal": MARGINAL, "violated": VIOLATED, "not_comparable": NOT_COMPARABLE}


@dataclass(frozen=True, slots=True)
class Held:
    """What a requirement says of each of many offers: ``status`` as a code, ``narrow`` where it is missed by little."""

    status: NDArray[np.int8]
    narrow: Flags


def hold(requirement: Requirement, statements: Statements, rows: NDArray[np.int64]) -> Held:
    """Return what a requirement says of each row."""
    said = statements.of(requirement.key, rows)
    different, places = np.unique(said, return_inverse=True)
    held = Held(np.full(len(different), UNKNOWN, np.int8), np.zeros(len(different), np.bool_))
    plain = different >= 0
    plain[plain] = statements.plain[different[plain]]
    plain[plain] = ~_counts_otherwise(requirement, statements.numbers[different[plain]])
    if plain.any() and is_numeric(requirement) and not _is_special(requirement):
        _compare(requirement, statements, different, plain, held)
    else:
        plain[:] = False
    for place in np.flatnonzero(~plain & (different >= 0)).tolist():
        verdict = judge(requirement, statements.rows(int(different[place])))
        held.status[place] = _CODES[verdict.status]
        held.narrow[place] = verdict.reason == "narrowly_violated"
    return Held(held.status[places], held.narrow[places])


def _is_special(requirement: Requirement) -> bool:
    """Tell whether more than numbers count: a condition, the sign of a loss, what is a calendar year."""
    return bool(condition_of(requirement) or loss_sign(requirement.key)) or is_dated(requirement.key)


def _counts_otherwise(requirement: Requirement, ends: Floats) -> Flags:
    """Tell for which offers something else than their ends may count: an error's size, how far a range reaches."""
    of_errors: Flags = np.any(ends < 0, axis=1) & np.full(len(ends), is_error(requirement.key))
    if requirement.op != ">=":
        return of_errors
    return of_errors | may_reach(requirement.key, ends[:, 0], ends[:, 2])


def _compare(
    requirement: Requirement, statements: Statements, numbers: NDArray[np.int32], some: Flags, held: Held
) -> None:
    """Judge plain statements by their numbers."""
    held.status[some] = NOT_COMPARABLE
    try:
        wanted_quantity(requirement)
    except ValueError:
        return
    ends = statements.numbers[numbers]
    backwards = ends[:, 0] > ends[:, 2]
    units = statements.units.codes[numbers]
    for code in np.unique(units[some]).tolist():
        unit = statements.units.names[code]
        places = np.flatnonzero(some & (units == code) & ~backwards)
        wanted = wanted_quantity(requirement, unit)
        if not len(places) or not are_comparable(requirement.key, unit, wanted.unit):
            continue
        offers, fine = _converted(ends[places], unit, wanted.unit)
        judged = {">=": _at_least, "<=": _at_most, "=": _equal, "covers": _covers}.get(requirement.op, _equal)
        status, narrow = judged(wanted, offers)
        held.status[places] = np.where(fine, status, NOT_COMPARABLE)
        held.narrow[places] = narrow & fine


def _converted(ends: Floats, source: str, target: str) -> tuple[Floats, Flags]:
    """Return numbers in another unit, and for which rows that is possible."""
    a, b = find_unit(source or "1"), find_unit(target or "1")
    fine = np.ones(len(ends), np.bool_)
    if a is None or b is None or a.dimension != b.dimension:
        found = np.full_like(ends, np.nan)
        for place in np.argwhere(~np.isnan(ends)).tolist():
            try:
                found[tuple(place)] = convert(float(ends[tuple(place)]), source, target)
            except ValueError:
                fine[place[0]] = False
        fine[np.isinf(found).any(axis=1)] = False
        return found, fine
    if a.factor == b.factor and a.offset == b.offset:
        return ends, fine
    with np.errstate(over="ignore"):
        found = (ends * a.factor + a.offset - b.offset) / b.factor
    fine[np.isinf(found).any(axis=1)] = False
    return found, fine


def _narrow(slack: Floats, reference: Floats | float, unit: str) -> Flags:
    """Tell which misses are narrow."""
    if is_level(unit):
        return -slack <= NARROW_LEVEL + EQUAL
    if dimension_of(unit) == "temperature":
        return -slack <= NARROW_DEGREES + EQUAL
    return -slack <= NARROW_SHARE * np.abs(reference) * (1 + EQUAL)


def _enough(slack: Floats, *sizes: Floats | float) -> Flags:
    """Tell where slack ≥ 0, allowing for what conversion rounds away."""
    largest = np.abs(sizes[0])
    for size in sizes[1:]:
        largest = np.maximum(largest, np.abs(size))
    return slack >= -EQUAL * largest


def _one_sided(limit: float, guaranteed: Floats, typical: Floats, other: Floats, sign: int, unit: str) -> Judged:
    decisive = np.where(np.isnan(guaranteed), np.where(np.isnan(typical), other, typical), guaranteed)
    slack = sign * (decisive - limit)
    met = _enough(slack, decisive, limit)
    open_end = met & np.isnan(guaranteed) & np.isnan(typical) & (sign < 0)
    nearly = ~met & ~np.isnan(guaranteed) & ~np.isnan(typical) & _enough(sign * (typical - limit), typical, limit)
    status = np.where(met, np.where(open_end, UNKNOWN, MET), np.where(nearly, MARGINAL, VIOLATED)).astype(np.int8)
    return status, (status == VIOLATED) & _narrow(slack, limit, unit)


def _at_least(wanted: Quantity, ends: Floats) -> Judged:
    return _one_sided(wanted.values[-1], ends[:, 0], ends[:, 1], ends[:, 2], 1, wanted.unit)


def _at_most(wanted: Quantity, ends: Floats) -> Judged:
    return _one_sided(wanted.values[0], ends[:, 2], ends[:, 1], ends[:, 0], -1, wanted.unit)


def _equal(wanted: Quantity, ends: Floats) -> Judged:
    low, high = wanted.values[0], wanted.values[-1]
    middle = low / 2 + high / 2
    settable = np.minimum(np.maximum(middle, ends[:, 0]), ends[:, 2])
    single = np.where(np.isnan(ends[:, 0]), ends[:, 2], ends[:, 0])
    nominal = np.where(np.isnan(ends[:, 1]), np.where(np.isnan(settable), single, settable), ends[:, 1])
    slack = np.minimum(nominal - low, high - nominal)
    met = _enough(slack, nominal, low, high)
    return np.where(met, MET, VIOLATED).astype(np.int8), ~met & _narrow(slack, middle, wanted.unit)


def _covers(wanted: Quantity, ends: Floats) -> Judged:
    low, high = wanted.values[0], wanted.values[-1]
    alone = np.isnan(ends[:, 0]) & np.isnan(ends[:, 2])
    bottom, top = (np.where(alone, ends[:, 1], ends[:, place]) for place in (0, 2))
    below, above = low - bottom, top - high
    first = ~np.isnan(below) & (np.isnan(above) | (below <= above))
    slack, reference = np.where(first, below, above), np.where(first, low, high)
    decisive = np.where((reference == low) & ~np.isnan(bottom), bottom, top)
    enough = _enough(slack, reference, np.nan_to_num(decisive))
    both = ~np.isnan(bottom) & ~np.isnan(top)
    status = np.where(enough, np.where(both, MET, UNKNOWN), VIOLATED).astype(np.int8)
    return status, ~enough & _narrow(slack, reference, wanted.unit)


def compliance_columns(requirements: Sequence[Requirement], statements: Statements, rows: NDArray[np.int64]) -> Floats:
    """Return the compliance features of rows, (rows, features); see ``features.compliance_row``."""
    met, wishes = np.zeros(len(rows)), np.zeros(len(rows))
    violated, narrow = np.zeros(len(rows)), np.zeros(len(rows))
    for requirement in requirements:
        held = hold(requirement, statements, rows)
        missed = held.status == VIOLATED
        if requirement.must:
            met += (held.status == MET) + 0.7 * (held.status == MARGINAL)
            narrow += missed & held.narrow
            violated += missed & ~held.narrow
        else:
            wishes += (held.status == MET) * 1.0 - missed
    n_musts = sum(requirement.must for requirement in requirements)
    met /= max(1, n_musts)
    faultless = np.where((violated == 0) & (narrow == 0), met, 0.0)
    balance = wishes / max(1, len(requirements) - n_musts)
    return np.column_stack([met, np.minimum(violated, 4), np.minimum(narrow, 4), faultless, balance])
