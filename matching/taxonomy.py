"""Chip and terminal categories in two levels, which of them replace one another, and what each is specified by."""

from __future__ import annotations

from dataclasses import dataclass
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


def _read(file: str) -> MappingProxyType[str, Category]:
    rows = read_rows(file)
    codes = {row["code"] for row in rows}
    parents = {code: code[:3] if len(code) > 3 and code[:3] in codes else "" for code in codes}
    return MappingProxyType({r["code"]: Category(r["code"], r["zh"], r["en"], parents[r["code"]]) for r in rows})


@cache
def chip_categories() -> MappingProxyType[str, Category]:
    """Return chip categories (C01…C99 and C0101…) by code, each parent before its children."""
    return _read("chip_categories.csv")


@cache
def terminal_categories() -> MappingProxyType[str, Category]:
    """Return terminal categories (T01… and T0101…) by code, each parent before its children."""
    return _read("terminal_categories.csv")


def children(code: str) -> tuple[Category, ...]:
    """Return the second-level categories of a first-level chip or terminal code."""
    table = chip_categories() if code.startswith("C") else terminal_categories()
    return tuple(category for category in table.values() if category.parent == code)


@cache
def _sibling_table() -> MappingProxyType[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _SIBLINGS.split("|"):
        left, right = pair.split()
        table.setdefault(left, set()).add(right)
        table.setdefault(right, set()).add(left)
    return MappingProxyType({code: frozenset(others) for code, others in table.items()})


def siblings(code: str) -> frozenset[str]:
    """Return the second-level codes whose products may replace one of ``code`` after a redesign."""
    return _sibling_table().get(code, frozenset())


@cache
def parameters_of(code: str) -> tuple[str, ...]:
    """Return the parameter keys a category is usually specified by, the most telling first."""
    rows = {row["category"]: tuple(row["keys"].split("|")) for row in read_rows("category_parameters.csv")}
    own = rows.get(code, ())
    inherited = rows.get(code[:3], ())
    keys = dict.fromkeys((*own, *inherited, *COMMON_PARAMETERS))
    return tuple(key for key in keys if key in parameter_dictionary())
