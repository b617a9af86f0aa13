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


_named: tuple[object, dict[str, str]] | None = None


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


def _categories() -> dict[str, str]:
    """Return codes by folded code and name: the names of today, and those that ship."""
    global _named  # noqa: PLW0603 - the names of one table of categories, made again when the desk changes it
    table = codes.chip_categories()
    if _named is None or _named[0] is not table:
        leaves = [one for one in (*codes.shipped_categories("C").values(), *table.values()) if one.parent]
        pairs = [(name, leaf.code) for leaf in leaves for name in (leaf.zh, leaf.en, leaf.code)]
        _named = (table, {fold(name).casefold(): codes.current(code) for name, code in pairs})
    return _named[1]


def category_code(text: str) -> str:
    """Return the code of "C0407", "C0407 BMS AFE" or a category's name; anything else as it was typed."""
    plain = fold(text)
    begins = re.match(r"C\d{4}\b", plain, re.IGNORECASE)
    if begins:
        return codes.current(begins[0].upper())
    return _categories().get(plain.casefold(), plain)
