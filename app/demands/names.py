"""Codes as people call them, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import get_locale

from app.taxonomy import lists

if TYPE_CHECKING:
    from app.taxonomy.lists import CodeList

SEPARATOR = " › "


def locale() -> str:
    """Return the locale of the page as code lists know it."""
    return str(get_locale() or "zh_Hans_CN")


def chip(code: str) -> str:
    """Return the name of a chip category."""
    return _name(lists.chip_categories, code)


def terminal(code: str) -> str:
    """Return the name of a terminal category."""
    return _name(lists.terminal_categories, code)


def city(code: str) -> str:
    """Return the name of a city."""
    return _name(lists.cities, code)


def grade(code: str) -> str:
    """Return the name of a quality grade."""
    return _name(lists.quality_grades, code)


def industry(code: str) -> str:
    """Return the name of an industry."""
    return _name(lists.industries, code)


def second_level(codes: CodeList) -> list[tuple[str, str]]:
    """Return (code, "group › name") of every category of the second level, for a select."""
    groups = dict(codes.choices(locale(), level=1))
    return [(code, f"{groups[code[:3]]}{SEPARATOR}{name}") for code, name in codes.choices(locale(), level=2)]


def _name(codes: CodeList, code: str) -> str:
    return codes.label(code, locale()) if code else ""
