"""From text to index terms: words of the shared analyser, and pairs of Chinese characters.

Pairs make every Chinese word of two characters findable, wherever the segmenter would have cut. A term holds
letters, digits and ``_`` only, so that no operator of any query language can be part of one.
"""

from __future__ import annotations

import re

from matching.text import normalise, tokenize

_CHINESE = re.compile(r"[㐀-鿿]+")
_NOT_TERM = re.compile(r"[^\w]+")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=\w)|(?<=\w)-(?=[a-z])")
"""People write RS-485 and RS485, AEC-Q100 and AECQ100."""
MAX_TERM = 60
MAX_QUERY = 200
MAX_QUERY_TERMS = 24


def document_terms(text: str) -> list[str]:
    """Return the terms under which a text is found, each once."""
    words = [_term(token) for token in tokenize(text)]
    pairs = [pair for run in _CHINESE.findall(normalise(text)) for pair in _pairs(run)]
    return list(dict.fromkeys(filter(None, [*words, *pairs])))


def query_terms(text: str) -> list[str]:
    """Return the terms a document must have to answer a query; those marked ``*`` need only begin so."""
    terms: dict[str, None] = {}
    for token in tokenize(text[:MAX_QUERY]):
        for term in _wanted(_term(token)):
            terms[term] = None
    return list(terms)[:MAX_QUERY_TERMS]


def _wanted(term: str) -> list[str]:
    if not term:
        return []
    if _CHINESE.fullmatch(term):
        return _pairs(term) if len(term) > 1 else [f"{term}*"]
    return [f"{term}*"]


def _term(token: str) -> str:
    return _NOT_TERM.sub("_", _HYPHEN.sub("", token.casefold())).strip("_")[:MAX_TERM]


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]
