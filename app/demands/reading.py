"""Putting what the text of a need requires into its rows, for forms without a script; the person goes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.compliance.statements import requirements_in
from app.taxonomy import lists

if TYPE_CHECKING:
    from app.compliance import Asked
    from app.demands.forms import NeedForm

FIELDS = ("title", "end_product", "subsystem", "use_description", "software_needs")
"""Fields of the form that say something about the chip."""
MAX_TEXT = 4000


def take_over(form: NeedForm) -> int:
    """Add what the form's text requires and its rows do not say yet; return how many requirements were added."""
    text = "\n".join(filter(None, (str(form[name].data or "").strip() for name in FIELDS)))[:MAX_TEXT]
    codes = [entry.data for entry in form.categories.entries if entry.data in lists.chip_categories]
    return sum(_add(form, one.asked) for one in requirements_in(text, codes))


def _add(form: NeedForm, asked: Asked) -> bool:
    own = _own_fields(asked)
    if own:
        empty = {name: value for name, value in own.items() if form[name].data in (None, "")}
        for name, value in empty.items():
            form[name].data, form[name].raw_data = value, None
        return bool(empty)
    rows = [entry.form for entry in form.params.entries]
    if any((row.key.data, row.op.data) == (asked.key, asked.op) for row in rows):
        return False
    free = next((row for row in rows if not (row.key.data or row.value.data)), None)
    if free is None:
        if len(rows) >= (form.params.max_entries or 0):
            return False
        free = form.params.append_entry().form
    level = "must" if asked.is_must else "wish"
    values = {"key": asked.key, "op": asked.op, "value": asked.value, "unit": asked.unit, "level": level}
    for name, value in {**values, "condition": asked.condition}.items():
        free[name].data, free[name].raw_data = value, None
    return True


def _own_fields(asked: Asked) -> dict[str, object]:
    """Return the fields of the form that hold a requirement, none for those that are rows."""
    if asked.key == "grade":
        return {"quality_grade": asked.value}
    if asked.key == "temp" and asked.op == "covers":
        low, _, high = asked.value.partition("~")
        return {"temp_min": float(low), "temp_max": float(high)}
    return {}
