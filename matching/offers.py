"""What a sheet states about a parameter: its rows, its own fields, and the numbers in them."""

from __future__ import annotations

import math

from matching.quantities import Quantity, parse_quantity
from matching.records import Parameter, Sheet

#: What people write where they have no value yet.
_NO_VALUE = frozenset(
    ["", "-", "--", "—", "——", "/", "n/a", "na", "tbd", "tbc", "tba", "待定", "未定", "待确认", "待补充"]
)


def rows_of(key: str, sheet: Sheet) -> tuple[Parameter, ...]:
    """Return the sheet's parameters of a key; some keys are fields of the sheet itself."""
    own = tuple(row for row in sheet.params if row.key == key)
    if own:
        return own
    if key == "temp":
        return (Parameter(key, min=sheet.temp_min, max=sheet.temp_max, unit="℃"),)
    texts = {"grade": sheet.quality_grade, "package": sheet.package, "if": "|".join(sheet.interfaces)}
    if key in texts:
        return (Parameter(key, text=texts[key]),)
    extra = sheet.extras.get(key)
    units = {"price": "元/颗", "lead_time": "wk", "area": "mm²"}
    if isinstance(extra, int | float) and not isinstance(extra, bool):
        return (Parameter(key, typ=float(extra), unit=units.get(key, "")),)
    return (Parameter(key, text=str(extra), unit=units.get(key, "")),) if extra not in (None, "") else ()


def is_stated(row: Parameter) -> bool:
    """Tell whether a row states any value."""
    said = row.text.strip().casefold()
    return said not in _NO_VALUE or any(finite(v) is not None for v in (row.min, row.typ, row.max))


def finite(value: float | None) -> float | None:
    """Return a number, or None for none, NaN and infinity."""
    return value if value is not None and math.isfinite(value) else None


def as_quantity(row: Parameter) -> Quantity:
    """Return the numbers of a parameter, read from its text when it has no numbers. Raises ValueError."""
    low, typical, high = finite(row.min), finite(row.typ), finite(row.max)
    if low is None and typical is None and high is None:
        return parse_quantity(row.text, row.unit)
    return Quantity(low, typical, high, row.unit)
