"""A requirement's limits held against the three numbers of an offer: status, reason, margin, the deciding number.

The guaranteed end decides; where it is not stated the typical value, then the other end stands in for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from matching.quantities import Quantity
from matching.units import LEVEL_DIMENSIONS, dimension_of
from matching.worded import EQUAL, NARROW_SHARE, Status

#: A miss is narrow up to these: decibels, degrees; else a share of the requirement.
NARROW_LEVEL, NARROW_DEGREES = 2.0, 15.0

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


def _one_sided(
    limit: float, ends: tuple[float | None, float | None, float | None], sign: int, unit: str, *, is_rating: bool
) -> Judged:
    """Judge against one limit. ``ends`` = (guaranteed, typical, other); sign 1 means the offer must be larger.

    The other end alone proves a miss; only of a rating it tells, too, that the limit is reached.
    """
    guaranteed, typical, other = ends
    decisive, good = next(
        (value, reason)
        for value, reason in ((guaranteed, "met"), (typical, "met_typical"), (other, "met_other_end"))
        if value is not None
    )
    slack = sign * (decisive - limit)
    margin = _margin(slack, limit, unit)
    if _enough(slack, decisive, limit):
        if good == "met_other_end" and not is_rating:
            return "unknown", "one_end_missing", None, None
        return "met", good, max(margin, 0.0), decisive
    if guaranteed is not None and typical is not None and _enough(sign * (typical - limit), typical, limit):
        return "marginal", "typical_only", margin, decisive
    return "violated", _miss(slack, limit, unit), margin, decisive


def at_least(wanted: Quantity, offer: Quantity) -> Judged:
    """Judge a lower limit: the maximum of a rating is what it reaches, unless it is written as a bound ("<5 kV")."""
    ends = offer.min, offer.typ, offer.max
    return _one_sided(wanted.values[-1], ends, 1, wanted.unit, is_rating=offer.comparator != "<=")


def at_most(wanted: Quantity, offer: Quantity) -> Judged:
    """Judge an upper limit, which a minimum can only miss."""
    return _one_sided(wanted.values[0], (offer.max, offer.typ, offer.min), -1, wanted.unit, is_rating=False)


def equal(wanted: Quantity, offer: Quantity) -> Judged:
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


def covers(wanted: Quantity, offer: Quantity) -> Judged:
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


def limit_judge(op: str) -> Callable[[Quantity, Quantity], Judged]:
    """Return what judges an operator."""
    return {">=": at_least, "<=": at_most, "=": equal, "covers": covers}.get(op, equal)
