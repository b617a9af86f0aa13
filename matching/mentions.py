"""What a text mentions, with the place where: names of parameters, numbers with units, and values that are words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from matching.numerals import respelt
from matching.parameters import parameter_dictionary
from matching.quantities import Comparator, Quantity, parse_quantity
from matching.resources import read_rows
from matching.text import simplify
from matching.units import unit_spellings

LONGEST = 6_000
"""Characters read; a need's form and a sheet's hold less."""
_FOLDS = str.maketrans({"−": "-", "–": "-", "∼": "~", "〜": "~", "μ": "µ", "\u2126": "Ω"})
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,12})?)"
_LEAST = (
    r"≥|⩾|>=|>|不低于|不小于|不少于|不得低于|不得小于|不能低于|不能小于|至少|最少|大于等于|大于|高于|超过|优于|起码|"
    r"better than|at least|no less than|not less than|minimum of|minimum|min\.?|more than|over|above|from"
)
_MOST = (
    r"≤|⩽|<=|<|不高于|不大于|不超过|不多于|不得高于|不得大于|不得超过|不能超过|不能大于|不要超过|别超过|至多|最多|"
    r"小于等于|小于|低于|控制在|压到|降到|at most|no more than|not more than|maximum of|maximum|max\.?|up to|"
    r"less than|under|below|within"
)
_AFTER_LEAST = r"及?以上|或以上|起|or more|or higher|or better|minimum|min\b"
_AFTER_MOST = r"及?以下|以内|之内|or less|or lower|maximum|max\b"
_JOIN = r"\s?(?:~|至|到|…|\.{2,3}|\bto\b|-)\s?"
_LONGEST_WORD = 24
_BEFORE = re.compile(rf"(?:({_LEAST})|(?:{_MOST}))\s*(?:约|about\s)?\s*$", re.IGNORECASE)
_AFTER = re.compile(rf"\s?(?:({_AFTER_LEAST})|(?:{_AFTER_MOST}))", re.IGNORECASE)
#: A number before these is an ordinal, a date, a version or a list's number.
_NO_UNIT_AFTER = r"(?![A-Za-z0-9_µΩ°%.^⁰¹²³⁴-⁹]|-[A-Za-z0-9])"
_MAINS = re.compile(r"(?<=V)(?:AC|DC|ac|dc)(?![A-Za-z])")
#: Units that people leave unfinished: 168M, 64k.
_LOOSE = frozenset({"M", "k"})
#: Values that only a field says: in running text these words are about other things.
_NOT_IN_TEXT = frozenset({"global", "rolling"})
#: Folded, the exponent of 10⁵ would make it 105.
_EXPONENTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter's name at a place; ``keys`` are the dictionary keys it may mean, the usual one first."""

    start: int
    end: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity at a place; ``core`` is where the digits begin and the unit ends, without words of comparison.

    ``is_better`` where the comparison is "or better": which side that is, the parameter says. ``is_choice`` where the
    range stands for alternatives ("3.3V或5V"); ``is_reached`` where the text says "up to".
    """

    start: int
    end: int
    core: tuple[int, int]
    quantity: Quantity
    is_better: bool = False
    is_choice: bool = False
    is_reached: bool = False

    @property
    def is_tolerance(self) -> bool:
        """Tell whether the range is a nominal value with its tolerance."""
        return None not in (self.quantity.min, self.quantity.typ, self.quantity.max)


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is a word at a place."""

    start: int
    end: int
    key: str
    value: str


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Return half-width simplified text of one kind of dash, and for each of its characters the place in the original.

    The places have one more entry: the end. Texts are cut at LONGEST.
    """
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text[:LONGEST]):
        folded = unicodedata.normalize("NFKC", character).translate(_FOLDS)
        folded = " " if unicodedata.category(character) in ("Cc", "Cf") and character != "\n" else folded
        plain.append(character if character in _EXPONENTS and plain and plain[-1][-1:].isdigit() else folded)
        places += [place] * len(folded)
    spelt, kept = respelt(simplify("".join(plain)), places)
    return spelt, (*kept, len(text[:LONGEST]))


def _scanners(forms: Iterable[str], flags: int = 0) -> tuple[re.Pattern[str], ...]:
    """Return patterns that find forms, longest first; forms that begin or end with a Latin letter stand alone there."""
    latin: list[str] = []
    other: list[str] = []
    for form in sorted(set(forms), key=lambda form: (-len(form), form)):
        right = r"(?![A-Za-z0-9])" if form[-1].isascii() and form[-1].isalnum() else ""
        written = re.escape(form).replace(r"\ ", r"\s+") + right
        (latin if form[0].isascii() and form[0].isalnum() else other).append(written)
    patterns = [f"(?<![A-Za-z0-9])(?:{'|'.join(latin)})"] if latin else []
    return tuple(re.compile(pattern, flags) for pattern in [*patterns, *(["|".join(other)] if other else [])])


def _scan(scanners: Iterable[re.Pattern[str]], plain: str) -> list[re.Match[str]]:
    """Return matches in order of place; of overlapping ones the first, and of those the longest."""
    found: list[re.Match[str]] = []
    matches = (match for scanner in scanners for match in scanner.finditer(plain))
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if not found or match.start() >= found[-1].end():
            found.append(match)
    return found


def _key_of(form: str) -> str:
    """Return the form as looked up: one blank, small letters unless it is a short symbol."""
    joined = " ".join(form.split())
    return joined if len(joined) <= 3 else joined.casefold()


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in read_rows("parameter_names.csv"):
        for form in row["names"].split("|"):
            found[_key_of(form)] = (*found.get(_key_of(form), ()), *row["keys"].split("|"))
    for kind in parameter_dictionary().values():
        for form in (kind.name_zh.replace("(±)", ""), kind.name_en):
            found[_key_of(form)] = tuple(dict.fromkeys((kind.key, *found.get(_key_of(form), ()))))
    return found


@cache
def _name_scanners() -> tuple[re.Pattern[str], ...]:
    short = [form for form in _names() if len(form) <= 3]
    long = [form for form in _names() if len(form) > 3]
    return (*_scanners(long, re.IGNORECASE), *_scanners(short))


def find_names(plain: str) -> list[Name]:
    """Return the names of parameters in folded text, in order, the longest where several begin."""
    return [Name(m.start(), m.end(), _names()[_key_of(m[0])]) for m in _scan(_name_scanners(), plain)]


@cache
def _number_scanner() -> re.Pattern[str]:
    spellings = {unicodedata.normalize("NFKC", name).translate(_FOLDS) for name in unit_spellings()} - {"-"}
    folded = {name.replace("µ", mark) for name in spellings for mark in ("µ", "u")} | _LOOSE
    unit = "|".join(re.escape(name) for name in sorted(folded, key=lambda name: (-len(name), name)))
    marked = rf"(?!节点)(?:V(?:AC|DC|ac|dc)|{unit})(?:(?<=[㐀-鿿])|(?![A-Za-z0-9µΩ]|/[A-Za-zµ]))"
    signed = rf"(?:[+±]\s?)?-?{_NUMBER}"
    return re.compile(
        rf"(?<![A-Za-z0-9_.])(?<!\d-)(?<![A-Za-z]-){signed}(?:\s?(?:{unit})?(?:{_JOIN}|\s?±\s?){signed})?"
        rf"(?:[\s-]?{marked}(?:\s?(?:\(±\s?{_NUMBER}\s?%\)|±\s?{_NUMBER}\s?(?:%|{marked})))?|{_NO_UNIT_AFTER})"
    )


def find_numbers(plain: str) -> list[Number]:
    """Return the numbers of folded text that can be read, also those without a unit; "2.4/5GHz" gives two."""
    found: list[Number] = []
    for match in _number_scanner().finditer(plain):
        number = _number(match)
        if number is not None:
            found.append(number)
    return _shared_units(plain, found)


def _number(match: re.Match[str]) -> Number | None:
    try:
        quantity = parse_quantity(_MAINS.sub("", re.sub(r"(\d)-([^\d\s.+-])", r"\1\2", match[0])))
    except ValueError:
        return None
    plain, (start, end) = match.string, match.span()
    before = _BEFORE.search(plain[max(0, start - _LONGEST_WORD) : start])
    after = _AFTER.match(plain, end)
    comparator: Comparator = ""
    if before is not None:
        comparator = ">=" if before[1] else "<="
        start -= len(before[0])
    elif after is not None:
        comparator = ">=" if after[1] else "<="
    said = (before[0] if before is not None else after[0] if after is not None else "").casefold()
    better = "优于" in said or "better" in said
    stated, reached = compared(quantity, comparator), said.startswith("up to")
    return Number(start, after.end() if after else end, match.span(), stated, better, is_reached=reached)


def compared(quantity: Quantity, comparator: Comparator) -> Quantity:
    """Put a single value at the end that the comparison says; a range stays one."""
    if not comparator or quantity.typ is None or quantity.min is not None:
        return quantity
    low, high = (quantity.typ, None) if comparator == ">=" else (None, quantity.typ)
    return Quantity(low, None, high, quantity.unit, comparator)


def _shared_units(plain: str, numbers: Sequence[Number]) -> list[Number]:
    """Give a number before a slash the unit of the one behind it."""
    found: list[Number] = list(numbers)
    for place in range(len(found) - 2, -1, -1):
        left, right = found[place], found[place + 1]
        joined = plain[left.end : right.start].strip() == "/"
        if joined and not left.quantity.unit and right.quantity.unit:
            q = left.quantity
            shared = Quantity(q.min, q.typ, q.max, right.quantity.unit, q.comparator)
            found[place] = Number(left.start, left.end, left.core, shared, left.is_better)
    return found


@cache
def _words() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("parameter_words.csv"):
        for form in row["words"].split("|"):
            found.setdefault(" ".join(form.split()).casefold(), []).append((row["key"], row["value"]))
    return found


@cache
def _word_scanners() -> tuple[re.Pattern[str], ...]:
    return _scanners(_words().keys() - _NOT_IN_TEXT, re.IGNORECASE)


def find_words(plain: str) -> list[Word]:
    """Return the values that are words; one spelling may be a value of several parameters."""
    matches = _scan(_word_scanners(), plain)
    return [Word(m.start(), m.end(), key, value) for m in matches for key, value in _words()[_word_key(m[0])]]


def _word_key(form: str) -> str:
    return " ".join(form.split()).casefold()
