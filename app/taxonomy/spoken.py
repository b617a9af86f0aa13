"""Values and units as people read and type them; stored and judged are the symbols of the dictionary."""

from __future__ import annotations

import re
from functools import cache

from flask_babel import get_locale

from app.taxonomy.lists import quality_grades, unit_names, value_words
from matching.units import find_unit

NARROW_SPACE = "\u202f"
UNSPOKEN_UNITS = ("", "1", "年份")
"""What stands behind a bare number, a version or a year."""
_COUNTED = re.compile(r"(.*[\d)])\s?([^\d\s)]+)")


def unit_name(unit: str) -> str:
    """Return what a unit is called in the reader's language."""
    return unit_names.label(unit, _locale())


def unit_symbol(typed: str) -> str:
    """Return the symbol of the unit that somebody means, or what was typed."""
    unit = find_unit(typed) if typed else None
    return unit.symbol if unit else typed


def with_unit(value: str, unit: str) -> str:
    """Return a value with the name of its unit behind it, never wrapped apart."""
    return value if unit in UNSPOKEN_UNITS else f"{value}{NARROW_SPACE}{unit_name(unit)}"


def words_of(key: str, value: str) -> str:
    """Return a value in words, or several with | between, in the reader's language."""
    return "|".join(_word(key, word) for word in value.split("|"))


def value_of(key: str, typed: str) -> str:
    """Return a value as it is stored from how ``words_of`` shows it; anything else stays as it was typed."""
    known = _read_back().get(key)
    return "|".join(known.get(word.strip().casefold(), word) for word in typed.split("|")) if known else typed


def said(key: str, text: str) -> str:
    """Return what the engine writes of a requirement or an offer, ``≥ 16 路`` or ``∋ UART|SPI``, as people say it."""
    counted = _COUNTED.fullmatch(text)
    if counted and counted[2] in UNSPOKEN_UNITS:
        return counted[1]
    if counted and unit_name(counted[2]) != counted[2]:
        return f"{counted[1]} {unit_name(counted[2])}"
    sign, blank, value = text.rpartition(" ")
    return f"{sign}{blank}{words_of(key, value)}".replace("|", " | ")


def _word(key: str, word: str) -> str:
    return (quality_grades if key == "grade" else value_words).label(word, _locale())


@cache
def _read_back() -> dict[str, dict[str, str]]:
    """Return by parameter the stored words behind those of either language."""
    found = {"grade": {name.casefold(): term.code for term in quality_grades for name in (term.zh, term.en)}}
    for term in value_words:
        for key in filter(None, term.attributes["keys"].split("|")):
            found.setdefault(key, {})[term.en.casefold()] = term.code
    return found


def _locale() -> str:
    return str(get_locale() or "zh")
