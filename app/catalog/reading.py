"""Reading what people type or paste into single cells: numbers, months, names of parameters and categories."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

from app.catalog import codes

_MONTH = re.compile(r"((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:月|(?:[-/.月]\s*\d{1,2}日?))?(?:\s+[\d:]+)?")
_THOUSANDS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
_MINUS = str.maketrans({"−": "-", "–": "-", "－": "-", "﹣": "-"})


def fold(text: str) -> str:
    """Return the text in half-width characters without blanks around it."""
    return unicodedata.normalize("NFKC", text.translate(_MINUS)).strip()


def number(text: str) -> float:
    """Return the finite number a text states, in full-width digits or with thousands set apart. Raises ValueError."""
    plain = _THOUSANDS.sub("", fold(text)).replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", plain):
        raise ValueError(text)
    value = float(plain)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def month(text: str) -> str:
    """Return ``2024-05`` for "2024-05-01", "2024/5" or "2024年5月". Raises ValueError."""
    found = _MONTH.fullmatch(fold(text))
    if found is None or not 1 <= int(found[2]) <= 12:
        raise ValueError(text)
    return f"{found[1]}-{int(found[2]):02d}"


@cache
def _names() -> dict[str, str]:
    """Return parameter keys by folded key and name; a name that two parameters share names neither."""
    names: dict[str, str | None] = {}
    for kind in codes.parameter_dictionary().values():
        for name in {kind.key, kind.name_zh, kind.name_en}:
            folded = fold(name).casefold()
            names[folded] = kind.key if names.get(folded, kind.key) == kind.key else None
    exact = {key.casefold(): key for key in codes.parameter_dictionary()}
    return {name: key for name, key in names.items() if key} | exact


def parameter_key(text: str) -> str:
    """Return the dictionary's key for a key or a name in either language; anything else as it was typed."""
    plain = fold(text)
    return _names().get(plain.casefold(), plain)


@cache
def _categories() -> dict[str, str]:
    leaves = [category for category in codes.chip_categories().values() if category.parent]
    return {fold(name).casefold(): leaf.code for leaf in reversed(leaves) for name in (leaf.zh, leaf.en, leaf.code)}


def category_code(text: str) -> str:
    """Return the code of "C0407", "C0407 BMS AFE" or a category's name; anything else as it was typed."""
    plain = fold(text)
    begins = re.match(r"C\d{4}\b", plain, re.IGNORECASE)
    return begins[0].upper() if begins else _categories().get(plain.casefold(), plain)
