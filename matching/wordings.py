"""Values that are words: those of a text by parameter, and whether all of them are wanted or one is enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from matching.mentions import Word, find_numbers, find_words
from matching.parameters import parameter_kind
from matching.shapes import find_shapes

#: Between them nothing counts as one sentence.
HARD = re.compile(r"[。;；\n!?！？→]|\.\s|产生|得到|转换?[为成]")
_BANDS = {2.4: "2.4G", 5.0: "5G", 6.0: "6G"}
_OR = re.compile(r"或|\bor\b", re.IGNORECASE)
_AND = re.compile(r"和|与|及|并|且|同时|[+&]|\band\b", re.IGNORECASE)
_LONG_GAP = 10
_ENOUGH = (
    r"任选|任意|任一|任何一|其中之?一|之一|[二三四]选一|(?:支持|满足|有|中的?|选)一[种个项款]|均可|皆可|都可以?|都行|也行|也可以?|"
    r"都能?接受|either|any one|(?:at least )?one of|any of|whichever"
)
#: So many of several values: no comparison says that.
_SOME = re.compile(
    r"[^,;；。\n]{0,6}?(?:"
    r"(?:至少|任[意选]?|其中|不少于|最少)[^,;；。\n]{0,4}?[两二三四2-9][种个项款]|any (?:two|three|2|3))"
)
_ONE_IS_ENOUGH = re.compile(rf"[^,;；。\n]{{0,6}}?(?:{_ENOUGH})", re.IGNORECASE)
_ENOUGH_BEFORE = re.compile(rf"(?:{_ENOUGH})[^,;；。\n]{{0,4}}$", re.IGNORECASE)
#: A chip has one of these, so several are alternatives whatever stands between them.
_EXCLUSIVE = frozenset({"package", "shutter"})
_NAME = r"[A-Z][A-Z0-9][A-Za-z0-9.+-]*[A-Za-z0-9+]"
_LINKED = r"\s?(?:接口|封装|内核|协议|系统|总线)?\s?(?:或者?|\bor\b)\s?(?:支持)?\s?"
_ALSO_BEHIND = re.compile(rf"{_LINKED}({_NAME})(?![A-Za-z0-9])")
_ALSO_BEFORE = re.compile(rf"(?<![A-Za-z0-9.+-])({_NAME}){_LINKED}$")


def words_of(plain: str, categories: Sequence[str]) -> list[Word]:
    """Return the values of folded text that are words, radio bands, packages with their size, or pictures' sizes."""
    words = find_words(plain)
    words += [Word(start, end, "bands", name) for start, end, name in _bands(plain)]
    return words + [Word(start, end, key, value) for start, end, key, value in find_shapes(plain, categories)]


def _bands(plain: str) -> Iterable[tuple[int, int, str]]:
    """Yield the radio bands of a text that speaks of Wi-Fi or names two of them."""
    numbers = [n for n in find_numbers(plain) if n.quantity.unit == "GHz" and n.quantity.typ in _BANDS]
    if len({n.quantity.typ for n in numbers}) > 1 or re.search(r"wi-?fi|wlan|无线网", plain, re.IGNORECASE):
        yield from ((n.start, n.end, _BANDS[n.quantity.typ or 0.0]) for n in numbers)


def grouped(plain: str, words: Iterable[Word], *, across: bool = False) -> list[list[Word]]:
    """Return words of one parameter together: those of the first sentence that has some, or ``across`` sentences."""
    groups: dict[str, list[Word]] = {}
    for word in sorted(words, key=lambda word: (word.start, -word.end)):
        group = groups.setdefault(word.key, [])
        if not group or (_is_set(word.key) and (across or not HARD.search(plain, group[0].start, word.start))):
            group.append(word)
    return list(groups.values())


def _is_set(key: str) -> bool:
    kind = parameter_kind(key)
    return kind is None or kind.kind == "set"


def values_of(group: Sequence[Word]) -> tuple[str, ...]:
    """Return the values of a group, each once."""
    return tuple(dict.fromkeys(word.value for word in group))


def wanted(plain: str, group: Sequence[Word]) -> tuple[str, str] | None:
    """Return how a group of words is compared and with what: all of them, or one where the text says so.

    None where the text says what no comparison says: two of three.
    """
    if not _is_set(group[0].key):
        return _usual(group[0].key), group[0].value
    values, others = values_of(group), _unknown_choices(plain, group)
    gaps = [plain[left.end : right.start] for left, right in pairwise(group)]
    is_choice, is_sum = any(_joins(_OR, gap) for gap in gaps), any(_is_sum(gap) for gap in gaps)
    if (others and is_sum) or (len(group) > 1 and _SOME.match(plain, group[-1].end)):
        return None
    if is_choice and is_sum:
        return "has", _mixed(group, gaps)
    if others or (len(values) > 1 and (is_choice or _is_enough(plain, group))):
        return "in", "|".join((*values, *others))
    return _together(group[0].key, values, gaps, is_sum=is_sum), "|".join(values)


def _usual(key: str) -> str:
    kind = parameter_kind(key)
    return kind.op if kind is not None else "has"


def _together(key: str, values: Sequence[str], gaps: Sequence[str], *, is_sum: bool) -> str:
    """Return how values without a word of choice are compared: a sum and a list of interfaces are all wanted."""
    is_listed = key == "if" and len(values) > 1 and not any(gap.strip()[:1] == "/" for gap in gaps)
    return "has" if (is_sum or is_listed) and key not in _EXCLUSIVE else _usual(key)


def _joins(pattern: re.Pattern[str], gap: str) -> bool:
    """Tell whether what stands between two words joins them by a conjunction."""
    return len(gap) <= _LONG_GAP and "," not in gap and pattern.search(gap) is not None


def _is_sum(gap: str) -> bool:
    """Tell whether what stands between two words wants both; "and/or" does not."""
    return _joins(_AND, gap) and not _joins(_OR, gap)


def _is_enough(plain: str, group: Sequence[Word]) -> bool:
    """Tell whether the words around several values say that one of them is enough."""
    start, end = group[0].start, max(word.end for word in group)
    before = plain[max(0, start - 24) : start]
    return bool(_ONE_IS_ENOUGH.match(plain, end) or _ENOUGH_BEFORE.search(before))


def _mixed(group: Sequence[Word], gaps: Sequence[str]) -> str:
    """Return values of which all are wanted, where some of them are alternatives: PD3.0|QC3.0或UFCS."""
    value = group[0].value
    for word, gap in zip(group[1:], gaps, strict=True):
        value += ("或" if _joins(_OR, gap) else "|") + word.value
    return value


def _unknown_choices(plain: str, group: Sequence[Word]) -> tuple[str, ...]:
    """Return the alternatives beside a group that no list knows, as they are written."""
    start, end = group[0].start, max(word.end for word in group)
    before = _ALSO_BEFORE.search(plain[max(0, start - 24) : start])
    found = (match[1] for match in (before, _ALSO_BEHIND.match(plain, end)) if match is not None)
    return tuple(name for name in found if not find_words(name))
