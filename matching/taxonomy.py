"""Chip and terminal categories in two levels, which of them replace one another, and what each is specified by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from matching.parameters import parameter_dictionary
from matching.resources import read_rows

#: Parameters any chip may be asked for.
COMMON_PARAMETERS = ("temp", "grade", "package", "area", "price", "lead_time", "longevity_until")

#: Pairs whose products may stand in for one another after a redesign.
_SIBLINGS = (
    "C0201 C0202|C0202 C0203|C0202 C0204|C0301 C0302|C0301 C0305|C0401 C0406|C0401 C0402|C0404 C0405|C0501 C0502|"
    "C0602 C0605|C0602 C0603|C0603 C0604|C0705 C1106|C0702 C0708|C0901 C0903|C0902 C0903|C0902 C0909|C0905 C0910|"
    "C0101 C0105|C0104 C0105|C0101 C0106|C1301 C0206|C1301 C1304|C1301 C1306|C1402 C1403|C1601 C1602|C1602 C1603|"
    "C0302 C0303|C0306 C0304|C0403 C0405|C0502 C0504|C0904 C0902|C1001 C1005|C1002 C1005|C1201 C1203|C1204 C1203|"
    "C1404 C1402|C1501 C1505|C1503 C0902|C1603 C1604|C1108 C1109|C0206 C1304|C0203 C0201"
)


#: The last two digits of codes that no release ships and administrators may add.
ADDED_NUMBERS = range(51, 100)
_ADDED_CODE = re.compile(r"[CT]\d\d(?:5[1-9]|[6-9]\d)")


@dataclass(frozen=True, slots=True)
class Category:
    """A category; ``parent`` is "" on the first level."""

    code: str
    zh: str
    en: str
    parent: str = ""

    def name(self, lang: str) -> str:
        """Return the name in Chinese for "zh…", else in English."""
        return self.zh if lang.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Changes:
    """What administrators change about the shipped categories.

    names : code -> Chinese and English name. merged : second-level code -> the code that took its place.
    added : new second-level code -> Chinese and English name. keys : new chip code -> parameters it is specified by;
    those that the dictionary does not know are left out. withdrawn : codes that were added once.
    """

    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()


_changes = Changes()


def lay_over(changes: Changes) -> None:
    """Lay changes over the shipped categories, for this process; replaces those before.

    Raises ValueError for a new category whose code ships or may ship, whose parent is not of the shipped first level
    or that lacks a name; and for a merge that is none: codes must be shipped or new, of one kind and of the second
    level, and the place taken by one that is not merged itself.
    """
    global _changes  # noqa: PLW0603 - the categories are one table for the whole process
    shipped = {**shipped_categories("C"), **shipped_categories("T")}
    _check_added(changes, shipped)
    second_level = {code for code, one in shipped.items() if one.parent} | changes.added.keys()
    for code, into in changes.merged.items():
        is_sound = code in second_level and into in second_level and code[:1] == into[:1]
        if not is_sound or code == into or into in changes.merged:
            raise ValueError(f"{code!r} cannot be merged into {into!r}")
    _changes = changes
    for table in (chip_categories, terminal_categories, _sibling_table, parameters_of, terminals_of):
        table.cache_clear()


def _check_added(changes: Changes, shipped: Mapping[str, Category]) -> None:
    for code in (*changes.added, *changes.withdrawn):
        parent = shipped.get(code[:3])
        if code in shipped or not _ADDED_CODE.fullmatch(code) or parent is None or parent.parent:
            raise ValueError(f"{code!r} cannot be added")
    for code, names in changes.added.items():
        if not all(name.strip() for name in names) or code in changes.withdrawn:
            raise ValueError(f"{code!r} cannot be added: it has no name or was withdrawn")
    if not changes.keys.keys() <= changes.added.keys():
        raise ValueError("only a category that was added has parameters of its own")


def current(code: str) -> str:
    """Return the code that took the place of a merged one, the family of a withdrawn one, else the code itself."""
    return code[:3] if code in _changes.withdrawn else _changes.merged.get(code, code)


def added_categories() -> tuple[Category, ...]:
    """Return the categories that administrators added, each with the code it goes by now."""
    codes = {code: current(code) for code in _changes.added}
    return tuple(Category(now, *_changes.added[code], now[:3]) for code, now in codes.items())


@cache
def shipped_categories(kind: str) -> MappingProxyType[str, Category]:
    """Return the categories of the data file by code: "C" for chips, "T" for terminals."""
    rows = read_rows({"C": "chip_categories.csv", "T": "terminal_categories.csv"}[kind])
    codes = {row["code"] for row in rows}
    parents = {code: code[:3] if len(code) > 3 and code[:3] in codes else "" for code in codes}
    return MappingProxyType({r["code"]: Category(r["code"], r["zh"], r["en"], parents[r["code"]]) for r in rows})


def _current(kind: str) -> MappingProxyType[str, Category]:
    shipped = shipped_categories(kind)
    codes = sorted((*shipped, *(code for code in _changes.added if code.startswith(kind))))
    return MappingProxyType({code: _named(code, shipped.get(code)) for code in codes if code not in _changes.merged})


def _named(code: str, shipped: Category | None) -> Category:
    if shipped is None:
        return Category(code, *_changes.added[code], code[:3])
    return Category(code, *_changes.names.get(code, (shipped.zh, shipped.en)), shipped.parent)


@cache
def chip_categories() -> MappingProxyType[str, Category]:
    """Return chip categories (C01…C99 and C0101…) by code, each parent before its children."""
    return _current("C")


@cache
def terminal_categories() -> MappingProxyType[str, Category]:
    """Return terminal categories (T01… and T0101…) by code, each parent before its children."""
    return _current("T")


def children(code: str) -> tuple[Category, ...]:
    """Return the second-level categories of a first-level chip or terminal code."""
    table = chip_categories() if code.startswith("C") else terminal_categories()
    return tuple(category for category in table.values() if category.parent == code)


@cache
def _sibling_table() -> MappingProxyType[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _SIBLINGS.split("|"):
        left, right = map(current, pair.split())
        if left != right:
            table.setdefault(left, set()).add(right)
            table.setdefault(right, set()).add(left)
    return MappingProxyType({code: frozenset(others) for code, others in table.items()})


def siblings(code: str) -> frozenset[str]:
    """Return the second-level codes whose products may replace one of ``code`` after a redesign."""
    return _sibling_table().get(code, frozenset())


@cache
def parameters_of(code: str) -> tuple[str, ...]:
    """Return the parameter keys a category is usually specified by, most telling first, then those of merged ones."""
    rows = {row["category"]: tuple(row["keys"].split("|")) for row in read_rows("category_parameters.csv")}
    merged = [old for old, into in _changes.merged.items() if into == code]
    rows = {**rows, **_changes.keys}
    own = tuple(key for one in (code, *merged) for key in rows.get(one, ()))
    inherited = rows.get(code[:3], ())
    keys = dict.fromkeys((*own, *inherited, *COMMON_PARAMETERS))
    return tuple(key for key in keys if key in parameter_dictionary())


@cache
def terminals_of(code: str) -> MappingProxyType[str, int]:
    """Return the terminal categories whose products hold chips of a category: 3 for the usual ones, else 1."""
    found: dict[str, int] = {}
    for row in read_rows("terminal_chips.csv"):
        for column, weight in (("also", 1), ("core", 3)):
            if code in map(current, row[column].split()):
                found[current(row["terminal"])] = max(weight, found.get(current(row["terminal"]), 0))
    return MappingProxyType(found)
