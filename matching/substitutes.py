"""Could this part stand in for that one, in this need? Grades from drop-in to none, and what gets better or worse.

The four grades are those of the trade's cross-reference lists (Texas Instruments, Cross-reference search: "drop-in
replacement with upgraded functionality", "pin-for-pin with same functionality", "same functionality with different
pin-out", "similar functionality"), with the weighing of parameters scoped to what one need asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from matching.compliance import Verdict, judge, requirements_of
from matching.offers import as_quantity, finite, is_stated, rows_of
from matching.parameters import ParameterKind, parameter_kind
from matching.records import Need, Parameter, Requirement, Sheet
from matching.taxonomy import siblings
from matching.units import comparable, convert
from matching.values import as_bool, as_resolution, fold, show, split_set

Grade = Literal["drop_in", "pin_compatible", "functional", "similar", "none"]
#: Grades, the best first.
GRADES: tuple[Grade, ...] = ("drop_in", "pin_compatible", "functional", "similar", "none")
Effect = Literal["same", "better", "worse", "different", "unknown"]
PinMap = Mapping[str, str]

#: Values this close (relative) are the same.
_EQUAL = 1e-9
#: Lengths of a package this far apart (mm) are the same: drawings round.
_SAME_LENGTH = 0.11
#: What the place on the board decides, and what only buying decides.
_BODY = frozenset({"package", "area"})
_TRADE = frozenset({"price", "lead_time", "longevity_until"})


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter of the two parts, as stated.

    effect : what the replacement brings, in the direction the parameter is judged; "different" is neither better nor
    worse, "unknown" not stated by the replacement or not comparable. arrow : "↑" or "↓" where a number rises or falls.
    """

    key: str
    effect: Effect
    before: str
    after: str
    arrow: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the replacement sits on the same pads: None where it cannot be told.

    moved : pins (number, function before, function after) that differ; is_map_known : both pin maps were compared.
    """

    is_same: bool | None
    moved: tuple[tuple[str, str, str], ...] = ()
    is_map_known: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """How far one part replaces another.

    changes : of every parameter in scope, worst first. missing : musts the replacement says nothing about;
    violated : musts it misses although the original does not.
    """

    original_id: str
    offer_id: str
    grade: Grade
    fit: Fit
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    violated: tuple[str, ...]

    @property
    def downgrades(self) -> tuple[Change, ...]:
        """Return what gets worse, or different."""
        return tuple(change for change in self.changes if change.effect in ("worse", "different"))

    @property
    def upgrades(self) -> tuple[Change, ...]:
        """Return what gets better."""
        return tuple(change for change in self.changes if change.effect == "better")


def substitution(
    original: Sheet, offer: Sheet, need: Need | None = None, *, pin_maps: Mapping[str, PinMap] | None = None
) -> Substitution:
    """Grade an offer as replacement of the original.

    With a need only what it asks for counts; without one, every parameter the original states is a must. pin_maps :
    by sheet id, pin number -> function. Drop-in: the same pads, every must known and met as far as the original meets
    it, and no parameter in scope worse or left open. Pin-compatible: the same pads, no must newly missed. Functional:
    the same kind of chip, no must newly missed. Similar: the same kind or one that may stand in after a redesign.
    """
    musts, scope = _scope(original, need)
    changes = tuple(sorted((compare(key, original, offer, wanted) for key, wanted in scope.items()), key=_by_effect))
    fit = _fit(original, offer, pin_maps or {})
    before, after = ([judge(must, sheet) for must in musts] for sheet in (original, offer))
    missing = _keys(v for v in after if v.status in ("unknown", "not_comparable"))
    if need is None:
        missing = tuple(change.key for change in changes if change.effect == "unknown")
    violated = _keys(new for old, new in zip(before, after, strict=True) if new.is_violated and not old.is_violated)
    is_open = bool(missing) or any(c.effect in ("worse", "different", "unknown") for c in changes)
    grade = _grade(_function(original, offer), fit, is_missed=bool(violated), is_open=is_open)
    return Substitution(original.id, offer.id, grade, fit, changes, missing, violated)


def substitutes(
    original: Sheet,
    offers: Iterable[Sheet],
    need: Need | None = None,
    *,
    pin_maps: Mapping[str, PinMap] | None = None,
) -> list[Substitution]:
    """Return the replacements among the offers, best grade first, then fewest downgrades, open points, by id."""
    found = [substitution(original, offer, need, pin_maps=pin_maps) for offer in offers if offer.id != original.id]
    found = [one for one in found if one.grade != "none"]
    return sorted(
        found, key=lambda s: (GRADES.index(s.grade), len(s.violated), len(s.downgrades), len(s.missing), s.offer_id)
    )


def compare(key: str, original: Sheet, offer: Sheet, wanted: str = "") -> Change:
    """Return what the offer brings for one parameter, in the direction the dictionary judges it.

    wanted : values separated by "|" to which sets are narrowed; "" does not narrow.
    """
    kind = parameter_kind(key)
    old, new = _pair(key, original, offer)
    before, after = _show(old), _show(new)
    if old is None or new is None:
        effect: Effect = "unknown" if old else "better" if new else "same"
        return Change(key, effect, before, after)
    if kind is None or kind.kind in ("num", "range"):
        numbers = _numbers(old, new)
        if numbers is not None:
            effect, arrow = _compare_numbers(kind.op if kind else "=", *numbers)
            return Change(key, effect, before, after, arrow)
        if kind is not None:
            return Change(key, "unknown", before, after)
    return Change(key, _compare_texts(kind, old.text or before, new.text or after, wanted), before, after)


def _scope(original: Sheet, need: Need | None) -> tuple[list[Requirement], dict[str, str]]:
    """Return the musts, and the keys that count with the values asked for: the need's, or all the original states."""
    if need is None:
        keys = dict.fromkeys([*(row.key for row in original.params), "temp", "grade", "asil"], "")
        stated = {key: "" for key in keys if any(map(is_stated, rows_of(key, original)))}
        return [], {key: "" for key in stated if key not in _BODY | _TRADE}
    requirements = requirements_of(need)
    wanted: dict[str, list[str]] = {}
    for requirement in requirements:
        if requirement.key not in _BODY | _TRADE:
            wanted.setdefault(requirement.key, []).append(requirement.value)
    return [r for r in requirements if r.must], {key: "|".join(values) for key, values in wanted.items()}


def _grade(function: str, fit: Fit, *, is_missed: bool, is_open: bool) -> Grade:
    if function != "same" or is_missed:
        return "similar" if function in ("same", "sibling") else "none"
    if not fit.is_same:
        return "functional"
    return "pin_compatible" if is_open else "drop_in"


def _function(original: Sheet, offer: Sheet) -> str:
    """Return whether the parts are of the same kind, of kinds that replace one another, or neither."""
    if original.id == offer.id or (original.category and original.category == offer.category):
        return "same"
    return "sibling" if offer.category in siblings(original.category) else "other"


def _keys(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(verdict.key for verdict in verdicts))


def _by_effect(change: Change) -> int:
    return ("worse", "different", "unknown", "better", "same").index(change.effect)


def _fit(original: Sheet, offer: Sheet, pin_maps: Mapping[str, PinMap]) -> Fit:
    """Compare the pads: package, number of pins, size where both state it, and the pin maps where both are known."""
    old, new = pin_maps.get(original.id), pin_maps.get(offer.id)
    if old is not None and new is not None:
        pins = sorted(old.keys() | new.keys(), key=lambda pin: (len(pin), pin))
        moved = tuple((pin, a, b) for pin in pins if fold(a := old.get(pin, "")) != fold(b := new.get(pin, "")))
        return Fit(False if moved else _same_body(original, offer), moved, is_map_known=True)
    return Fit(_same_body(original, offer))


def _same_body(original: Sheet, offer: Sheet) -> bool | None:
    """Tell whether two parts have the same outline; None when a package is not stated."""
    if original.id == offer.id:
        return True
    packages = [fold(sheet.package) for sheet in (original, offer)]
    if not all(packages):
        return None
    pins = [sheet.extras.get("pins") for sheet in (original, offer)]
    sizes = [_size(str(sheet.extras.get("size") or "")) for sheet in (original, offer)]
    if packages[0] != packages[1] or (all(pins) and pins[0] != pins[1]):
        return False
    a, b = sizes
    return not (a and b) or all(abs(x - y) <= _SAME_LENGTH for x, y in zip(a, b, strict=True))


def _size(text: str) -> tuple[float, float] | None:
    """Return the sides of "9.0×9.0" in mm, the longer first; None when it is not of that form."""
    length, _, width = text.casefold().replace("×", "x").replace("*", "x").partition("x")
    try:
        sides = sorted((float(length), float(width)), reverse=True)
    except ValueError:
        return None
    return sides[0], sides[1]


def _pair(key: str, original: Sheet, offer: Sheet) -> tuple[Parameter | None, Parameter | None]:
    """Return the rows to compare: those of the same condition where there are such, else the first ones."""
    old, new = ([row for row in rows_of(key, sheet) if is_stated(row)] for sheet in (original, offer))
    for left in old:
        for right in new:
            if left.condition == right.condition and comparable(left.unit, right.unit):
                return left, right
    return next(iter(old), None), next(iter(new), None)


def _show(row: Parameter | None) -> str:
    if row is None:
        return ""
    return show(finite(row.min), finite(row.typ), finite(row.max), row.unit) or row.text.strip()


Ends = tuple[float | None, float | None, float | None]


def _numbers(old: Parameter, new: Parameter) -> tuple[Ends, Ends] | None:
    """Return (min, typ, max) of both in the unit of the first, or None when they are no comparable numbers."""
    try:
        a, b = as_quantity(old), as_quantity(new)
        if not comparable(a.unit, b.unit):
            return None
        ends = [None if value is None else convert(value, b.unit, a.unit) for value in (b.min, b.typ, b.max)]
    except ValueError:
        return None
    return (a.min, a.typ, a.max), (ends[0], ends[1], ends[2])


def _compare_numbers(op: str, old: Ends, new: Ends) -> tuple[Effect, str]:
    if op == "covers":
        return _compare_ranges(old, new), ""
    order = (2, 1, 0) if op == "<=" else (0, 1, 2) if op == ">=" else (1, 0, 2)
    # The guaranteed end if both state it, else the typical one, else the other: like is held against like.
    a, b = next(
        ((old[i], new[i]) for i in order if old[i] is not None and new[i] is not None),
        (next(old[i] for i in order if old[i] is not None), next(new[i] for i in order if new[i] is not None)),
    )
    if a is None or b is None or math.isclose(a, b, rel_tol=_EQUAL):
        return "same", ""
    arrow = "↑" if b > a else "↓"
    if op not in ("<=", ">="):
        return "different", arrow
    return ("better" if (b > a) == (op == ">=") else "worse"), arrow


def _compare_ranges(old: Ends, new: Ends) -> Effect:
    """Compare ranges by containment; an end the original does not state asks for nothing."""
    (a, b), (c, d) = (
        (ends[0], ends[2]) if ends[0] is not None or ends[2] is not None else (ends[1], ends[1]) for ends in (old, new)
    )
    if (a is not None and c is None) or (b is not None and d is None):
        return "unknown"
    low, high = _step(a, c), _step(d, b)
    if low < 0 or high < 0:
        return "worse" if low <= 0 and high <= 0 else "different"
    return "better" if low > 0 or high > 0 else "same"


def _step(left: float | None, right: float | None) -> int:
    """Return 1 when the first lies above the second, -1 when below, 0 when equal or an end is open."""
    if left is None or right is None or math.isclose(left, right, rel_tol=_EQUAL, abs_tol=1e-12):
        return 0
    return 1 if left > right else -1


def _compare_texts(kind: ParameterKind | None, old: str, new: str, wanted: str) -> Effect:
    if fold(old) == fold(new):
        return "same"
    name = kind.kind if kind else "set"
    if kind is not None and name == "ord":
        return _by_rank(tuple(map(fold, kind.order)), fold(old), fold(new))
    if name in ("res", "resfps"):
        return _by_pixels(old, new)
    if name == "bool":
        a, b = as_bool(old), as_bool(new)
        return "unknown" if a is None or b is None else "same" if a == b else "better" if b else "worse"
    if name == "set":
        return _by_contents(_contents(old, wanted), _contents(new, wanted))
    return "different"


def _by_rank(order: tuple[str, ...], old: str, new: str) -> Effect:
    if old not in order or new not in order:
        return "unknown"
    return "better" if order.index(new) > order.index(old) else "worse"


def _by_pixels(old: str, new: str) -> Effect:
    a, b = as_resolution(old), as_resolution(new)
    if a is None or b is None or (a[1] is not None and b[1] is None):
        return "unknown"
    steps = {_step(float(b[0]), float(a[0])), _step(b[1], a[1])}
    return "different" if steps >= {1, -1} else "better" if 1 in steps else "worse" if -1 in steps else "same"


def _contents(text: str, wanted: str) -> set[str]:
    """Return the values of a set, only those asked for if any are."""
    asked = {fold(value) for value in split_set(wanted)}
    return {value for value in map(fold, split_set(text)) if not asked or value in asked}


def _by_contents(old: set[str], new: set[str]) -> Effect:
    return "same" if old == new else "better" if new > old else "worse" if new < old else "different"
