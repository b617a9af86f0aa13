"""Values that are words: what a listed value says however it is spelt, and which wanted values an offer contains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from matching.listed import Listed, completed, listed, read
from matching.parameters import parameter_kind
from matching.resources import read_rows
from matching.text import PACKAGE, normalise
from matching.values import fold

#: Between values of which each counts, and between values of which one is enough.
_AND = re.compile(r"\s*(?:以及|和|与|及|&)\s*|\s+and\s+", re.IGNORECASE)
_OR = re.compile(r"\s*或者?\s*|\s+or\s+", re.IGNORECASE)
#: Folded standards with version and variant, and those of which a later version serves the earlier ones, too.
_VERSION = re.compile(
    r"(usbpd|usb|pd(?![a-z])|ble|bt|pcie|hdmi|emmc|ufs|dp(?![a-z])|wifi)(\d{1,3}(?:\.\d{1,3})?)?(\D.*)?"
)
_INTEROPERABLE = frozenset({"usbpd", "usb", "pd", "ble", "bt", "pcie", "hdmi", "emmc", "ufs", "dp"})
#: How folded names of a standard begin that are written otherwise.
_ALSO = {"bluetoothle": "ble", "btle": "ble", "低功耗蓝牙": "ble", "bluetooth": "bt", "蓝牙": "bt", "displayport": "dp"}
#: From this version on the newer kind of radio is part of the standard.
_BLE_SINCE = 4.0
#: Folded values that contain another one, and kinds of one that say more than its name.
_INCLUDED = {"canfd": "can", "cortexm4f": "cortexm4", "wifi6e": "wifi6"}
_KINDS = {"freertos": "rtos", "rtthread": "rtos", "zephyr": "rtos", "threadx": "rtos"}
_SIZED = re.compile(r"(aes|rsa)\d+")
_CORE = re.compile(r"[amr]\d{1,3}[f+]?")
#: Parameters whose values differ where the words that people use for them are the same.
_AS_WRITTEN = frozenset({"core", "cpu", "package"})
#: How packages are written otherwise: pins first, the kind of ball grid; names of one outline; the thin kinds of one.
_PINS_FIRST = re.compile(r"^(\d{1,4})[\s-]*(?:引?脚|pins?|ld)?[\s-]*([A-Za-z]{2,6})(?=$|\s)", re.IGNORECASE)
_BGA = re.compile(r"(?<![a-z])[a-z]{2}bga", re.IGNORECASE)
_SAME_OUTLINE = {"soic": "sop", "so": "sop"}
_THIN = re.compile(r"^[vwuthx](?=qfn|dfn)|^[a-z](?=bga)")
_SIZE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s?(?:mm)?\s?[x×*]\s?(\d{1,3}(?:\.\d{1,3})?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Missing:
    """The wanted values an offer lacks; ``is_open`` when it names all of them but leaves the version open."""

    values: tuple[str, ...]
    n_wanted: int
    is_open: bool = False


@cache
def _spellings() -> dict[tuple[str, str], str]:
    """Return (key, folded spelling) -> the folded value of the dictionary; key "" is any parameter of one's own."""
    found: dict[tuple[str, str], str] = {}
    for row in read_rows("parameter_words.csv"):
        for form in (row["value"], *row["words"].split("|")):
            for key in (row["key"], ""):
                found.setdefault((key, fold(form)), fold(row["value"]))
    return found


@lru_cache(1 << 12)
def canonical(key: str, value: str) -> str:
    """Return the folded value of the dictionary that a spelling means; other values folded."""
    folded = fold(value).replace("pciegen", "pcie")
    folded = folded.removesuffix("hz") if key == "bands" else folded
    if key in _AS_WRITTEN:
        return f"cortex{folded}" if key != "package" and _CORE.fullmatch(folded) else folded
    if folded in _KINDS or _SIZED.fullmatch(folded):
        return folded
    known = _spellings().get((key if parameter_kind(key) is not None else "", folded))
    begin = next((begin for begin in _ALSO if folded.startswith(begin)), "") if known is None else ""
    return known or (_ALSO[begin] + folded.removeprefix(begin) if begin else folded)


@lru_cache(1 << 12)
def level_in(key: str, text: str, order: tuple[str, ...]) -> str:
    """Return the folded level that a text names, if need be among other words; "" for none or a denied one."""
    plain, levels = normalise(text), {canonical(key, level) for level in order}
    level = canonical(key, plain)
    if level in levels or read(plain).presence != "held":
        return level if level in levels else ""
    forms = [form for owner, form in _spellings() if owner == key and form in fold(plain)]
    return canonical(key, max(forms, key=len, default=""))


def _kind_of(name: str) -> str:
    """Return the name of which a folded one is a kind, "" for none: AES-256 is AES, FreeRTOS an RTOS."""
    sized = _SIZED.fullmatch(name)
    return sized[1] if sized is not None else _KINDS.get(name, "")


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
    """The values an offer lists: folded names and how many of each; of standards the latest version, of packages sizes.

    listed : the names as they stand; names : with those that they include; options : what is not simply there.
    versions : (standard, variant) -> latest; variant None is any. packages : (name, pins) -> sides, () if not stated;
    pins "" is any.
    """

    key: str
    listed: frozenset[str]
    names: frozenset[str]
    options: frozenset[str]
    counts: Mapping[str, int]
    versions: Mapping[tuple[str, str | None], float]
    packages: Mapping[tuple[str, str], set[tuple[float, ...]]]

    def has(self, wanted: str) -> bool:
        """Tell whether a listed value is, or includes, a wanted one, and as often as is wanted."""
        if self.key == "package":
            return fold(wanted) in self.names or self._has_package(wanted)
        item = read(wanted)
        return any(self._has(name) and self._is_enough(name, item.count) for name in item.names)

    def leaves_open(self, wanted: str) -> bool:
        """Tell whether a value is an option, or listed without the version, the size or the number that is wanted."""
        item = read(wanted)
        return any(self._leaves_open(canonical(self.key, name), item.count) for name in item.names)

    def _has(self, name: str) -> bool:
        folded = canonical(self.key, name)
        if fold(name) in self.names or folded in self.names:
            return True
        need = _VERSION.fullmatch(folded)
        latest = self.versions.get((need[1], need[3])) if need is not None else None
        if need is None or latest is None or need[2] is None:
            return latest is not None
        return need[1] in _INTEROPERABLE and latest >= float(need[2])

    def _is_enough(self, name: str, count: int | None) -> bool:
        """Tell whether there are so many; one is there where no number is said."""
        folded = canonical(self.key, name)
        need = _VERSION.fullmatch(folded)
        return (count or 1) <= self.counts.get(folded, self.counts.get(need[1], 1) if need is not None else 1)

    def _leaves_open(self, name: str, count: int | None) -> bool:
        need = _VERSION.fullmatch(name)
        family = need[1] if need is not None and need[2] is not None else _kind_of(name)
        is_uncounted = (count or 1) > 1 and name in self.names and name not in self.counts
        return name in self.options or family in self.listed or is_uncounted

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
    """Return the values listed: as written, without the words around them, and the parts of what is joined."""
    values = [value for item in listed(offered) for value in _parts(item)]
    held, options = ([value for value in values if value.presence == presence] for presence in ("held", "open"))
    counts: dict[str, int] = {}
    for value in held:
        for name in _including(_names(key, value)) if value.count is not None else ():
            counts[name] = max(counts.get(name, 0), value.count or 0)
    names = {name for value in held for name in _names(key, value)}
    begins = {canonical(key, begin) for value in held if key != "package" for begin in value.begins}
    return _Offer(
        key,
        frozenset(names),
        frozenset(including := _including(names | begins)),
        frozenset(name for value in options for name in (*_names(key, value), *map(fold, value.begins))),
        counts,
        _versions(including),
        _packages(value.text for value in held) if key == "package" else {},
    )


def _including(names: set[str]) -> set[str]:
    """Return folded names with what each includes or is a kind of, standards without their version, too."""
    kinds = {_kind_of(name) or _INCLUDED.get(name, name) for name in names}
    families = {match[1] for match in map(_VERSION.fullmatch, names) if match is not None}
    return names | kinds | families


def _parts(item: Listed) -> Iterator[Listed]:
    """Yield a listed value and the parts of what words or slashes join in it."""
    yield item
    whole = item.names[-1]
    for joined in _AND.split(whole):
        for part in completed([part.strip() for part in re.split("/|或", joined)]):
            if part and part != whole:
                value = read(part)
                presence = value.presence if item.presence == "held" else item.presence
                yield replace(value, presence=presence, count=value.count or item.count)


def _names(key: str, value: Listed) -> set[str]:
    """Return the folded names of a listed value; a package is called as it is written."""
    if key == "package":
        return {fold(value.text)}
    return {name for said in value.names for name in (fold(said), canonical(key, said))}


def _versions(names: Iterable[str]) -> dict[tuple[str, str | None], float]:
    found: dict[tuple[str, str | None], float] = {}
    for match in filter(None, map(_VERSION.fullmatch, names)):
        version = float(match[2] or 0)
        for family in {match[1], "ble" if match[1] == "bt" and version >= _BLE_SINCE else match[1]}:
            for variant in {match[3], None}:
                found[family, variant] = max(found.get((family, variant), 0.0), version)
    return found


def _packages(values: Iterable[str]) -> dict[tuple[str, str], set[tuple[float, ...]]]:
    """Return (name, pins) -> sides; a name that ends in a digit (SOT-23) says its pins, another may stand for any."""
    found: dict[tuple[str, str], set[tuple[float, ...]]] = {}
    for name, pins, sides in filter(None, map(_package, values)):
        for called in {name, _THIN.sub("", name)}:
            for some in {pins} if name[-1].isdigit() else {pins, ""}:
                found.setdefault((called, some), set()).add(sides)
    return found


@lru_cache(1 << 12)
def _package(value: str) -> tuple[str, str, tuple[float, ...]] | None:
    """Return (name, pins, sides in mm) of a package."""
    value = _PINS_FIRST.sub(r"\2-\1", _BGA.sub("bga", value))
    match = PACKAGE.search(value)
    if match is None:
        return None
    size = _SIZE.search(value, match.end())
    sides = tuple(sorted((float(size[1]), float(size[2])))) if size else ()
    name = fold(match[1])
    return _SAME_OUTLINE.get(name, name), "-".join(filter(None, (match[2], match[3]))), sides
