"""The bilingual lexicon: surface forms -> concepts, and the terminal maker's words -> chip categories.

The files under ``data/lexicon`` are plain lines ``中文,中文 = English, English @codes``; README.md there tells how to
add to them. More entries can be given at run time (an administrator's own words).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_FILES = ("chips.txt", "terminals.txt", "engineering.txt")
_SYMPTOMS = ("symptoms.txt", "situations.txt")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning: its Chinese and English surface forms and the categories it points to; either language may lack."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    codes: tuple[str, ...] = ()


def parse_concepts(text: str) -> list[Concept]:
    """Read lexicon lines. Raises ValueError naming the line that is none."""
    found: list[Concept] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        zh, separator, rest = line.partition("=")
        en, _, codes = rest.partition("@")
        concept = Concept(_forms(zh), _forms(en), tuple(codes.split()))
        if not separator or not concept.zh or not concept.en:
            raise ValueError(f"line {number}: expected 中文 = English")
        found.append(concept)
    return found


def parse_symptoms(text: str) -> dict[str, tuple[str, ...]]:
    """Read lines ``code = phrase, phrase``. Raises ValueError naming the line that is none."""
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        code, separator, phrases = line.partition("=")
        if not separator or not _forms(phrases):
            raise ValueError(f"line {number}: expected code = phrases")
        found[code.strip()] = (*found.get(code.strip(), ()), *_forms(phrases))
    return found


def _forms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.strip() for form in re.split("[,，]", text) if form.strip()))


def _read(name: str) -> str:
    return (resources.files("matching.data.lexicon") / name).read_text(encoding="utf-8")


@cache
def concepts() -> tuple[Concept, ...]:
    """Return the shipped concepts."""
    return tuple(concept for name in _FILES for concept in parse_concepts(_read(name)))


@cache
def symptoms() -> Mapping[str, tuple[str, ...]]:
    """Return the shipped phrases of terminal makers by chip category."""
    return parse_symptoms("\n".join(map(_read, _SYMPTOMS)))


@cache
def everyday() -> tuple[Concept, ...]:
    """Return the shipped groups of everyday words, each of one meaning or one scene."""
    return tuple(parse_concepts(_read("everyday.txt")))


def terminals_named(meanings: Iterable[str]) -> set[str]:
    """Return the terminal categories that shipped concepts of a text point to."""
    numbers = (int(meaning[1:]) for meaning in meanings)
    known = concepts()
    return {code for n in numbers if n < len(known) for code in known[n].codes if code.startswith("T")}


def n_surface_forms() -> int:
    """Return how many different surface forms the lexicon knows."""
    forms = {form.casefold() for concept in concepts() for form in (*concept.zh, *concept.en)}
    return len(forms | {phrase for phrases in symptoms().values() for phrase in phrases})


@cache
def chinese_words() -> tuple[str, ...]:
    """Return the Chinese words the segmenter must keep whole."""
    words = {form for concept in concepts() for form in concept.zh if len(form) > 1 and _HAN.search(form)}
    return tuple(sorted(word for word in words if all("㐀" <= ch <= "鿿" for ch in word)))


def _sizes(forms: Iterable[str | tuple[str, ...]]) -> dict[str, list[int]]:
    """Return the lengths of the forms that begin with each character or token, the longest first."""
    found: dict[str, set[int]] = {}
    for form in forms:
        if form:
            found.setdefault(form[0], set()).add(len(form))
    return {first: sorted(lengths, reverse=True) for first, lengths in found.items()}


def _sizes_by_two(forms: Iterable[str]) -> dict[str, list[int]]:
    """Return the lengths of the forms that begin with each two characters, or are this one, the longest first."""
    found: dict[str, set[int]] = {}
    for form in filter(None, forms):
        found.setdefault(form[:2], set()).add(len(form))
    alone = {form: {1} for form in found if len(form) == 1}
    return {begin: sorted(sizes | alone.get(begin[0], set()), reverse=True) for begin, sizes in found.items()}


class Translator:
    """Phrase dictionary in both directions, made from concepts with the engine's own analyser.

    Chinese is matched on characters, English on stems; the longest form wins.
    """

    def __init__(self, entries: Iterable[Concept] = ()) -> None:
        from matching.text import tokenize

        self._meanings: dict[str | tuple[str, ...], list[str]] = {}
        self._chinese: dict[str, list[tuple[str, ...]]] = {}
        self._english: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for number, concept in enumerate([*concepts(), *entries]):
            zh = [tuple(tokenize(form)) for form in concept.zh if _HAN.search(form)]
            en = [tuple(tokenize(form)) for form in concept.en]
            for form in concept.zh:
                if _HAN.search(form):
                    _extend(self._chinese.setdefault(form.casefold(), []), en)
                    self._meanings.setdefault(form.casefold(), []).append(f"#{number}")
            for tokens in en:
                if tokens:
                    _extend(self._english.setdefault(tokens, []), zh)
                    self._meanings.setdefault(tokens, []).append(f"#{number}")
        self._longest_zh = max(map(len, self._chinese), default=1)
        self._longest_en = max(map(len, self._english), default=1)
        self._sizes_zh, self._sizes_en = _sizes_by_two(self._chinese), _sizes(self._english)
        self._begins_zh = re.compile(f"[{re.escape(''.join({form[0] for form in self._chinese}))}]")

    def concepts(self, plain: str, tokens: Sequence[str]) -> list[str]:
        """Return the concepts a text names in either language; a word of several meanings gives all of them."""
        forms: list[str | tuple[str, ...]] = [form for form, _ in self.from_chinese(plain)]
        forms += [phrase for phrase, _ in self.from_english(tokens)]
        return [meaning for form in forms for meaning in self._meanings[form]]

    def mentioned(self, plain: str, tokens: Sequence[str]) -> set[str]:
        """Return the concepts of every known form in a text, also of those inside longer ones."""
        text = plain.casefold()
        runs: list[str | tuple[str, ...]] = []
        for start in range(len(text)):
            runs += [text[start : start + size] for size in range(2, self._longest_zh + 1)]
        for start in range(len(tokens)):
            runs += [tuple(tokens[start : start + size]) for size in range(1, self._longest_en + 1)]
        return {meaning for run in runs for meaning in self._meanings.get(run, ())}

    def meanings(self, form: str | tuple[str, ...]) -> list[str]:
        """Return the concepts of one known form."""
        return self._meanings[form]

    def from_chinese(self, plain: str) -> list[tuple[str, list[tuple[str, ...]]]]:
        """Return (Chinese form, English phrases) for every known form in normalised text, longest first."""
        if not _HAN.search(plain):  # every form holds a Chinese character
            return []
        text, found, end = plain.casefold(), [], 0
        sizes, forms = self._sizes_zh, self._chinese
        for place in map(re.Match.start, self._begins_zh.finditer(text)):
            begin = text[place : place + 2] if place >= end else ""
            for size in sizes.get(begin) or sizes.get(begin[:1]) or ():
                form = text[place : place + size]
                if len(form) == size and form in forms:
                    found.append((form, forms[form]))
                    end = place + size
                    break
        return found

    def from_english(self, tokens: Sequence[str]) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
        """Return (English phrase, Chinese phrases) for every known phrase of a token list, longest first."""
        found, place = [], 0
        while place < len(tokens):
            for size in self._sizes_en.get(tokens[place], ()):
                phrase = tuple(tokens[place : place + size])
                if len(phrase) == size and phrase in self._english:
                    found.append((phrase, self._english[phrase]))
                    place += size
                    break
            else:
                place += 1
        return found


def _extend(known: list[tuple[str, ...]], others: Iterable[tuple[str, ...]]) -> None:
    known.extend(other for other in others if other and other not in known)


@lru_cache(maxsize=4)
def translator_of(entries: tuple[Concept, ...] = ()) -> Translator:
    """Return the translator of the shipped lexicon and more concepts; making one takes a tenth of a second."""
    return Translator(entries)
