"""Values that are words: what a listed value says however it is spelt, and which wanted values an offer contains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from matching.resources import read_rows
from matching.text import PACKAGE
from matching.values import fold, split_set

#: Between values of which each counts, and between values of which one is enough.
_AND = re.compile(r"\s*(?:以及|和|与|及|&)\s*|\s+and\s+", re.IGNORECASE)
_OR = re.compile(r"\s*或者?\s*|\s+or\s+", re.IGNORECASE)
#: Folded standards of which a later version serves the earlier ones too, with version and variant.
_VERSION = re.compile(r"(usbpd|usb|pd|ble|bt|bluetooth|蓝牙|pcie|hdmi|emmc|wifi)(\d{1,3}(?:\.\d{1,3})?)?(\D.*)?")
_INTEROPERABLE = frozenset({"usbpd", "usb", "pd", "ble", "bt", "bluetooth", "蓝牙", "pcie", "hdmi", "emmc"})
#: Folded values that contain another one.
_INCLUDED = {"canfd": "can", "cortexm4f": "cortexm4", "wifi6e": "wifi6"}
#: Parameters whose values differ where the words that people use for them are the same.
_AS_WRITTEN = frozenset({"core", "package"})
_SIZE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s?(?:mm)?\s?[x×*]\s?(\d{1,3}(?:\.\d{1,3})?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Missing:
    """The wanted values an offer lacks; ``is_open`` when it names all of them but leaves the version open."""

    values: tuple[str, ...]
    n_wanted: int
    is_open: bool = False


@cache
def _spellings() -> dict[tuple[str, str], str]:
    """Return (key, folded spelling) -> the folded value of the dictionary."""
    found: dict[tuple[str, str], str] = {}
    for row in read_rows("parameter_words.csv"):
        for form in (row["value"], *row["words"].split("|")):
            found.setdefault((row["key"], fold(form)), fold(row["value"]))
    return found


@lru_cache(1 << 12)
def canonical(key: str, value: str) -> str:
    """Return the folded value of the dictionary that a spelling means; other values folded."""
    folded = fold(value).removesuffix("hz") if key == "bands" else fold(value)
    return folded if key in _AS_WRITTEN else _spellings().get((key, folded), folded)


@lru_cache(1 << 12)
def missing(key: str, offered: str, wanted: str) -> Missing:
    """Return which wanted values an offer lacks. "A|B" and "A和B" want both, "A或B" one; a slash lists values."""
    offer = _offer(key, offered)
    asked = _asked(offer, wanted)
    lacking = [choices for choices in asked if not any(map(offer.has, choices))]
    is_open = bool(lacking) and all(any(map(offer.leaves_open, choices)) for choices in lacking)
    return Missing(tuple("|".join(choices) for choices in lacking), len(asked), is_open)


def _asked(offer: _Offer, wanted: str) -> list[tuple[str, ...]]:
    """Return what is wanted: choices of which one is enough; what the offer has as written is not taken apart."""
    asked: dict[tuple[str, ...], None] = {}
    for item in filter(str.strip, re.split(r"[|;；、,，]", wanted)):
        for part in [item] if offer.has(item) else _AND.split(item):
            whole = part if _OR.search(part) or offer.has(part) else part.replace("/", "|")
            for one in whole.split("|"):
                choices = tuple(filter(None, map(str.strip, _OR.split(one))))
                if choices:
                    asked[choices] = None
    return list(asked)


@dataclass(frozen=True, slots=True)
class _Offer:
    """The values an offer lists: folded names; of standards the latest version, of packages the sizes.

    versions : (standard, variant) -> latest; variant None is any. packages : (name, pins) -> sides, () if not stated;
    pins "" is any.
    """

    key: str
    names: frozenset[str]
    versions: dict[tuple[str, str | None], float]
    packages: dict[tuple[str, str], set[tuple[float, ...]]]

    def has(self, wanted: str) -> bool:
        """Tell whether a listed value is, or includes, a wanted one."""
        if fold(wanted) in self.names or canonical(self.key, wanted) in self.names:
            return True
        if self.key == "package":
            return self._has_package(wanted)
        need = _VERSION.fullmatch(canonical(self.key, wanted))
        latest = self.versions.get((need[1], need[3])) if need is not None else None
        if need is None or latest is None or need[2] is None:
            return latest is not None
        return need[1] in _INTEROPERABLE and latest >= float(need[2])

    def leaves_open(self, wanted: str) -> bool:
        """Tell whether a standard is listed without the version that is wanted."""
        need = _VERSION.fullmatch(canonical(self.key, wanted))
        return need is not None and need[2] is not None and need[1] in self.names

    def _has_package(self, wanted: str) -> bool:
        """Tell whether a package agrees in name, pins and size, as far as they are stated."""
        need = _package(wanted)
        if need is None:
            return False
        name, pins, sides = need
        offered = self.packages.get((name, pins), set())
        return bool(offered) and (not sides or () in offered or sides in offered)


@lru_cache(1 << 12)
def _offer(key: str, offered: str) -> _Offer:
    """Return the values listed: as written, and the parts of what is joined by words or slashes."""
    whole = split_set(offered)
    parts = (part.strip() for value in whole for joined in _AND.split(value) for part in re.split(r"/|或", joined))
    values = dict.fromkeys((*whole, *filter(None, parts)))
    names = {name for value in values for name in (fold(value), canonical(key, value))}
    names |= {_INCLUDED[name] for name in names & set(_INCLUDED)}
    packages = _packages(values) if key == "package" else {}
    return _Offer(key, frozenset(names), _versions(names), packages)


def _versions(names: Iterable[str]) -> dict[tuple[str, str | None], float]:
    found: dict[tuple[str, str | None], float] = {}
    for match in filter(None, map(_VERSION.fullmatch, names)):
        for variant in {match[3], None}:
            found[match[1], variant] = max(found.get((match[1], variant), 0.0), float(match[2] or 0))
    return found


def _packages(values: Iterable[str]) -> dict[tuple[str, str], set[tuple[float, ...]]]:
    """Return (name, pins) -> sides; a name that ends in a digit (SOT-23) says its pins, another may stand for any."""
    found: dict[tuple[str, str], set[tuple[float, ...]]] = {}
    for name, pins, sides in filter(None, map(_package, values)):
        for some in {pins} if name[-1].isdigit() else {pins, ""}:
            found.setdefault((name, some), set()).add(sides)
    return found


@lru_cache(1 << 12)
def _package(value: str) -> tuple[str, str, tuple[float, ...]] | None:
    """Return (name, pins, sides in mm) of a package."""
    match = PACKAGE.search(value)
    if match is None:
        return None
    size = _SIZE.search(value, match.end())
    sides = tuple(sorted((float(size[1]), float(size[2])))) if size else ()
    return fold(match[1]), "-".join(filter(None, (match[2], match[3]))), sides
