"""What the text of a data sheet states, proposed to the form of a sheet: nothing is taken over unless it is ticked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.catalog import codes, labels, reading
from app.compliance.statements import Statement, statements

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.catalog.forms import ParamRow, ProductForm

MAX_TEXT, SHOWN = 8000, 60
_UNOFFERED = frozenset({"price"})
"""A price in a text names no quantity, and prices are nobody's reading matter."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
VALUES = ("min", "typ", "max", "value_text")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One statement as a person ticks it; ``code`` names it again when the form comes back."""

    code: str
    name: str
    shown: str
    words: str
    is_stated: bool
    """Whether the form says something about it already."""


def proposals(form: ProductForm) -> list[Proposal]:
    """Return what the pasted text states, in reading order."""
    return [
        Proposal(_code(one), labels.param_name(one.key), _shown(one), one.words, _target(form, one) is None)
        for one in _found(form)
    ]


def take_over(form: ProductForm, ticked: Collection[str]) -> int:
    """Put the ticked statements into the form where it says nothing yet; return how many were put in."""
    n_taken = 0
    for one in _found(form):
        target = _target(form, one) if _code(one) in ticked else None
        if target is not None:
            _fill(form, one, target)
            n_taken += 1
    return n_taken


def _found(form: ProductForm) -> list[Statement]:
    category = form.category.data or ""
    found = statements((form.sheet_text.data or "")[:MAX_TEXT], [category] if category else [])
    return [one for one in found if one.key not in _UNOFFERED][:SHOWN]


def _shown(one: Statement) -> str:
    text = str(labels.GRADES.get(one.text, one.text)) if one.key == "grade" else one.text
    value = labels.value_range(one.min, one.typ, one.max, one.unit, text)
    return f"{value} @ {one.condition}" if one.condition else value


def _code(one: Statement) -> str:
    return f"{one.key}@{one.condition}"


_Values = dict[str, object]
"""Fields of the form and what they get; without any, the statement becomes a row of its own."""


def _target(form: ProductForm, one: Statement) -> _Values | None:
    """Return where a statement goes, or None when the form states it already."""
    own = _own_fields(form, one)
    if own is not None:
        return {name: value for name, value in own.items() if form[name].data in (None, "")} or None
    if one.key == "if":
        new = [name for name in one.text.split("|") if name in codes.INTERFACES]
        has = form.interfaces.data or []
        return {"interfaces": [*has, *new]} if set(new) - set(has) else None
    row = _row_of(form, one)
    is_full = row is None and len(form.params.entries) >= (form.params.max_entries or 0)
    return None if is_full or (row is not None and _is_filled(row)) else {}


def _own_fields(form: ProductForm, one: Statement) -> _Values | None:
    """Return the fields of the form that hold a parameter, or None for those that are rows."""
    if one.key == "temp":
        return {"temp_min": one.min, "temp_max": one.max}
    if one.key == "grade":
        return {"quality_grade": one.text} if one.text in codes.GRADES else {}
    if one.key == "asil":
        return {"functional_safety": one.text} if one.text in codes.SAFETY_LEVELS else {}
    if one.key == "package":
        return {"package": one.text.split("|")[0]}
    if one.key == "area":
        size = _SIZE.search(one.words)
        return {"size_mm": f"{size[1]}×{size[2]}"} if size else {}
    weeks = next((value for value in (one.max, one.typ) if value is not None), None)
    if one.key == "lead_time" and weeks is not None:
        return {"lead_time_weeks": round(weeks)} if one.unit == "wk" else {}
    return None


def _row_of(form: ProductForm, one: Statement) -> ParamRow | None:
    """Return the row about a statement's parameter and condition; an empty one takes any condition."""
    rows: list[ParamRow] = [entry.form for entry in form.params.entries]
    named = [row for row in rows if reading.parameter_key(row.key.data or "") == one.key]
    same = [row for row in named if _is_filled(row) and (row.condition.data or "") == one.condition]
    return next(iter([*same, *(row for row in named if not _is_filled(row))]), None)


def _is_filled(row: ParamRow) -> bool:
    return any(row[part].data not in (None, "") for part in VALUES)


def _fill(form: ProductForm, one: Statement, target: _Values) -> None:
    if target:
        for name, value in target.items():
            form[name].data, form[name].raw_data = value, None
        return
    values = {
        "min": one.min, "typ": one.typ, "max": one.max, "unit": one.unit,
        "value_text": one.text, "condition": one.condition,
    }  # fmt: skip
    row = _row_of(form, one)
    if row is None:
        form.params.append_entry({"key": labels.shown_key(one.key), **values})
        return
    for part, value in values.items():
        row[part].data, row[part].raw_data = value, None
