"""Reading single cells: a value as the sheet means it, and what is wrong with how it is written."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from app.catalog import codes, reading
from app.catalog.importing import composites
from app.catalog.importing.findings import Flaw
from app.catalog.importing.source import ErrorCell, Formula, Value, shown
from app.catalog.labels import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable

Read: TypeAlias = "tuple[Any, Flaw | None]"

NUMBERS = ("temp_min", "temp_max", "process_node_nm", "min", "typ", "max")
WHOLE = ("pins", "lead_time_weeks", "moq")
AMOUNTS = ("price_1k_cny", "price_10k_cny", "price_100k_cny")
_INJECTION = re.compile(r"=|[+@-](?=[A-Za-z]+\()|[+@-][^|]*\|.*!", re.DOTALL)
_ISO_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])(-\d\d)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
LARGEST = 1e18
NOT_A_NUMBER = Flaw("not_a_number", "This is no number.")
_UNSAVED = "The cell holds a formula. Paste its value instead."
_CODES = {
    "lifecycle_stage": WRITTEN["lifecycle_stage"],
    "quality_grade": WRITTEN["quality_grade"],
    "ip_core": WRITTEN["ip_core"],
    "foundry_region": WRITTEN["region"],
    "osat_region": WRITTEN["region"],
}


def read(key: str, value: Value, *, has_dates: bool) -> Read:
    """Return what a cell of the column ``key`` states and what is wrong with it; blank cells state nothing."""
    if isinstance(value, ErrorCell):
        return blank(key), Flaw("error_cell", "The cell shows an error of the spreadsheet.")
    if isinstance(value, Formula):
        return _formula(key, value, has_dates=has_dates)
    text = tidy(shown(value))
    if not text:
        return blank(key), None
    if key in NUMBERS or key in WHOLE or key in AMOUNTS:
        return _number(key, value)
    if key == "mp_since":
        return _month(value, has_dates=has_dates)
    if key == "is_sample_available":
        return _answer(value, text)
    if key == "part_number":
        return _part_number(value)
    read_text = _TEXTS.get(key)
    found = read_text(text) if read_text else _coded(key, text)
    return found, _injection(text)


def blank(key: str) -> Any:
    """Return what an empty cell of a column means."""
    if key in NUMBERS or key in WHOLE or key in AMOUNTS or key == "is_sample_available":
        return None
    return () if key in composites.READERS else ""


def tidy(text: str) -> str:
    """Return a text without control characters and without blanks of any width around it."""
    return _CONTROL.sub("", text).strip(" \t\n\u00a0\u3000\u200b\ufeff")


def unit_symbol(text: str) -> str:
    """Return the canonical symbol of a unit; an unknown one as it was written."""
    unit = codes.find_unit(text) or codes.find_unit(reading.fold(text))
    return unit.symbol if unit else text


def _formula(key: str, value: Formula, *, has_dates: bool) -> Read:
    """Offer what the formula last showed, when the workbook kept that and it can be read."""
    if value.cached is None:
        return blank(key), Flaw("formula_cell", _UNSAVED)
    found, flaw = read(key, value.cached, has_dates=has_dates)
    if flaw is not None:
        return blank(key), Flaw("formula_cell", _UNSAVED)
    return found, Flaw("formula_cell", _UNSAVED, shown(value.cached))


def _number(key: str, value: Value) -> Read:
    if isinstance(value, bool | dt.date):
        return None, NOT_A_NUMBER
    if isinstance(value, int | float):
        return _rounded(key, value, None) if abs(value) < LARGEST else (None, NOT_A_NUMBER)
    text = tidy(shown(value))
    try:
        number = reading.number(text)
    except ValueError:
        return None, NOT_A_NUMBER
    if text.isascii():
        return _rounded(key, number, None)
    message = "Write the number in plain half-width digits."
    return _rounded(key, number, Flaw("fullwidth_digits", message, f"{number:.15g}"))


def _rounded(key: str, number: float, flaw: Flaw | None) -> Read:
    if key in WHOLE:
        if not float(number).is_integer():
            return None, Flaw("not_a_whole_number", "This must be a whole number.")
        return int(number), flaw
    if key in AMOUNTS:
        return Decimal(f"{number:.4f}"), flaw
    return float(number), flaw


def _month(value: Value, *, has_dates: bool) -> Read:
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}", None
    text = tidy(shown(value))
    try:
        month = reading.month(text)
    except ValueError:
        return "", Flaw("bad_date", "Write year and month, such as 2026-11.")
    if has_dates and not _ISO_MONTH.fullmatch(text):
        return month, Flaw("date_as_text", "The date is written as text.", month)
    return month, None


def _answer(value: Value, text: str) -> Read:
    if isinstance(value, bool):
        return value, None
    known = {name.casefold(): answer for name, answer in WRITTEN["is_sample_available"].items()}
    answer = known.get(reading.fold(text).casefold())
    if answer is None:
        return None, Flaw("unknown_value", "Write 可 (yes) or 否 (no).")
    return answer == "yes", None


def _part_number(value: Value) -> Read:
    text = shown(value)
    plain = tidy(text)
    folded = reading.fold(plain)
    if folded != plain:
        message = "Write the part number in plain half-width characters."
        return folded, Flaw("fullwidth_digits", message, folded)
    if plain != text:
        return plain, Flaw("trailing_spaces", "There are blanks around the part number.", plain)
    return plain, _injection(plain)


def _coded(key: str, text: str) -> str:
    """Return the code of a word of the sheet or of its English name; anything else as it was written."""
    known = _CODES.get(key)
    if known is None:
        return text
    folded = reading.fold(text)
    code = re.sub(r"[\s_]+", "_", folded.casefold())
    return known.get(folded) or (code if code in known.values() else text)


def _injection(text: str) -> Flaw | None:
    if _INJECTION.match(text):
        return Flaw("formula_injection", "The text begins like a formula, which other people's spreadsheets would run.")
    return None


def _band(text: str) -> str:
    return re.sub(r"[~～–—至]", "-", reading.fold(text).replace(" ", "")).replace("＜", "<")


_TEXTS: dict[str, Callable[[str], Any]] = {
    **composites.READERS,
    "category": reading.category_code,
    "monthly_capacity_kpcs": _band,
    "cumulative_shipment_wan": _band,
    "functional_safety": lambda text: re.sub(r"^ASIL[\s-]*", "ASIL ", reading.fold(text).upper()),
    "unit": unit_symbol,
    "size_mm": lambda text: text.replace("*", "×"),
}
