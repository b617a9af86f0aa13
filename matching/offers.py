"""What a sheet states about a parameter: its rows, its own fields, and the numbers in them."""

from __future__ import annotations

import math
import re
import unicodedata

from matching.meant import is_usual, with_likely_prefix
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity, QuantityError
from matching.records import Parameter, Sheet
from matching.stated import Reading, merged, read
from matching.units import find_unit

#: What people write where they have no value yet.
_NO_VALUE = frozenset(
    {"", "/", "?", "n/a", "na", "null", "tbd", "tbc", "tba", "notspecified", "unspecified", "unknown", "seedatasheet"}
    | {"refertodatasheet", "待定", "未定", "待确认", "待补充", "未知", "不详", "暂无", "保密", "面议", "见手册"}
    | {"见规格书", "详见规格书", "参见规格书", "参考规格书", "见数据手册", "详见数据手册", "参考手册"}
)
_BLANK = re.compile(r"[\s._\-−—–]+|(?<=\S)\([^()]*\)$")


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
    if any(finite(v) is not None for v in (row.min, row.typ, row.max)):
        return True
    return _BLANK.sub("", unicodedata.normalize("NFKC", row.text)).casefold() not in _NO_VALUE


def finite(value: float | None) -> float | None:
    """Return a number, or None for none, NaN and infinity."""
    return value if value is not None and math.isfinite(value) else None


def as_quantity(row: Parameter) -> Quantity:
    """Return the numbers of a parameter, read from its text when it has no numbers. Raises ValueError."""
    found = merged(readings_of(row))
    if len(found) != 1:
        raise QuantityError("several values")
    return found[0].quantity


def readings_of(row: Parameter, beside: str = "") -> tuple[Reading, ...]:
    """Return the values a row states, read from its text when it has no numbers. Raises ValueError.

    beside : the unit of a requirement, beside which a text without unit is in the parameter's own.
    """
    low, typical, high = finite(row.min), finite(row.typ), finite(row.max)
    if low is not None or typical is not None or high is not None:
        return (Reading(Quantity(low, typical, high, row.unit), row.condition),)
    kind = parameter_kind(row.key)
    assumed = kind is not None and not row.unit and _is_clear(row.text, kind, beside)
    found = _in_own_unit(row, kind) if kind is not None and assumed else ()
    return tuple(
        Reading(
            with_likely_prefix(row.key, one.quantity),
            ", ".join(filter(None, (row.condition, one.condition))),
            one.role,
        )
        for one in found or read(row.text, row.unit, row.key)
    )


def _is_clear(text: str, kind: ParameterKind, beside: str) -> bool:
    """Tell whether a text without unit can only be in the parameter's own: "512K", or a number beside that unit."""
    if beside in ("", "1"):
        return False
    own, other = find_unit(kind.unit), find_unit(beside)
    is_same = own is not None and other is not None and (own.dimension, own.factor) == (other.dimension, other.factor)
    return is_same or not text.strip()[-1:].isdigit() or kind.unit.startswith(f"{beside}/")


def _in_own_unit(row: Parameter, kind: ParameterKind) -> tuple[Reading, ...]:
    """Read a text as if in the parameter's own unit; nothing when that is of no usual size."""
    try:
        found = read(row.text, kind.unit, row.key)
    except ValueError:
        return ()
    return found if all(is_usual(kind, one.quantity) for one in found) else ()
