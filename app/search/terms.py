"""From text to index terms: words of the shared analyser, pairs of Chinese characters, and what words mean.

Words that the desk taught are in no index: they are widened when somebody searches, so that they hold at once.
Pairs make every Chinese word of two characters findable, wherever the segmenter would have cut. Meanings are those of
the bilingual lexicon, so that 单片机 finds an MCU. A term holds letters, digits and ``_`` only, so that no operator of
any query language can be part of one; that of a meaning begins with ``_``, as no word does.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from app.taxonomy import knowledge, lists
from matching.lexicon import Concept, Translator, concepts, translator_of
from matching.text import normalise, spans, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CHINESE = re.compile(r"[㐀-鿿]+")
_NOT_TERM = re.compile(r"[^\w]+")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=\w)|(?<=\w)-(?=[a-z])")
"""People write RS-485 and RS485, AEC-Q100 and AECQ100."""
_OUTLINE = "pkg-"
MAX_TERM = 60
MAX_QUERY = 200
MAX_QUERY_WORDS = 24


class Wanted(NamedTuple):
    """A word or phrase of a query: a document has all of its terms, or one of its meanings, or all terms of another."""

    terms: tuple[str, ...]
    """Those marked ``*`` need only begin so."""
    meanings: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    """Terms of what the desk taught to mean the same."""


def document_terms(text: str) -> list[str]:
    """Return the terms under which a text is found, each once."""
    plain, tokens = normalise(text), tokenize(text)
    words = [_term(token) for token in tokens]
    pairs = [pair for run in _CHINESE.findall(plain) for pair in _pairs(run)]
    meanings = sorted(_meanings(translator_of().mentioned(plain, tokens)))
    return list(dict.fromkeys(filter(None, [*words, *pairs, *meanings])))


def query_words(text: str) -> list[Wanted]:
    """Return what a document must have to answer a query, each word or known phrase once."""
    translator, plain = _translator(knowledge.taught_words()), normalise(text[:MAX_QUERY])
    tokens = _asked(plain)
    forms = [form for form, _ in translator.from_chinese(plain) if len(form) > 1]
    phrases = [phrase for phrase, _ in translator.from_english(tokens)]
    wanted = [_wanted([form], translator.meanings(form)) for form in forms]
    for phrase in phrases:
        wanted.append(_wanted(phrase, translator.meanings(phrase)))
        tokens = _without(tokens, phrase)
    wanted += [_wanted([token]) for token in tokens if not any(token in form for form in forms)]
    return list(dict.fromkeys(one for one in wanted if one.terms))[:MAX_QUERY_WORDS]


def _asked(plain: str) -> list[str]:
    """Return the tokens of a query; a package outline (QFN-40, QFN40) asks for itself only, however it is written."""
    found = sorted(spans(plain), key=lambda span: span[:2])
    outlines = [(start, end) for start, end, token in found if token.startswith(_OUTLINE)]
    return [
        token
        for start, end, token in found
        if token.startswith(_OUTLINE) or not any(start >= first and end <= last for first, last in outlines)
    ]


def _without(tokens: list[str], phrase: tuple[str, ...]) -> list[str]:
    """Return the tokens without the first place at which the phrase stands."""
    size = len(phrase)
    start = next(place for place in range(len(tokens)) if tuple(tokens[place : place + size]) == phrase)
    return tokens[:start] + tokens[start + size :]


def _wanted(words: Iterable[str], meanings: Sequence[str] = ()) -> Wanted:
    terms = [term for word in words for term in _spelt(_term(word))]
    shipped = [name for name in meanings if _number(name) < len(concepts())]
    taught = [_number(name) - len(concepts()) for name in meanings if name not in shipped]
    others = [other for number in taught for other in _widened(knowledge.taught_words()[number])]
    return Wanted(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(_meanings(shipped))), tuple(dict.fromkeys(others)))


@lru_cache(maxsize=1)
def _translator(taught: tuple[knowledge.Taught, ...]) -> Translator:
    return Translator([Concept(one.zh, one.en) for one in taught]) if taught else translator_of()


def _widened(taught: knowledge.Taught) -> Iterator[tuple[str, ...]]:
    """Yield the terms of every form of an entry, and of the names of its category."""
    names = [term for codes in (lists.chip_categories, lists.terminal_categories) if (term := codes.get(taught.code))]
    for form in (*taught.zh, *taught.en, *(name for term in names for name in (term.zh, term.en))):
        terms = tuple(dict.fromkeys(term for token in _asked(normalise(form)) for term in _spelt(_term(token))))
        if terms:
            yield terms


def _spelt(term: str) -> list[str]:
    if not term:
        return []
    if _CHINESE.fullmatch(term):
        return _pairs(term) if len(term) > 1 else [f"{term}*"]
    return [f"{term}*"]


def _meanings(names: Iterable[str]) -> list[str]:
    return [_meaning(name) for name in names]


@cache
def _meaning(name: str) -> str:
    """Return the term of a concept: made of its first forms, for its number changes with every new entry."""
    concept = concepts()[_number(name)]
    return "_" + _NOT_TERM.sub("_", f"{concept.zh[0]}_{concept.en[0]}".casefold()).strip("_")[:MAX_TERM]


def _number(name: str) -> int:
    return int(name.removeprefix("#"))


def _term(token: str) -> str:
    return _NOT_TERM.sub("_", _HYPHEN.sub("", token.casefold())).strip("_")[:MAX_TERM]


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]
