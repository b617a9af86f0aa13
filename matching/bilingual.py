"""Ask sheets of the other language: the need's terms through the lexicon, Latin tokens as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from matching.index import TermIndex
from matching.lexicon import Translator
from matching.text import has_han


def translate(
    translator: Translator, plain: str, tokens: tuple[str, ...], chinese: bool, index: TermIndex
) -> dict[str, float]:
    """Return weighted terms of the other language.

    The weight of a form is shared by its renderings the index knows; a phrase of n words gives each 1/√n of it.
    """
    kept = Counter(token for token in tokens if not has_han(token))
    weights = index.weigh(kept) if chinese else {}
    found = translator.from_chinese(plain) if chinese else translator.from_english(tokens)
    forms = Counter(form for form, _ in found)
    renderings = dict(found)
    idfs = _idfs(index, [term for phrases in renderings.values() for phrase in phrases for term in phrase])
    for form, count in forms.items():
        known = [[t for t in phrase if t in idfs] for phrase in renderings[form]]
        known = [phrase for phrase in known if phrase]
        for phrase in known:
            share = 2 * count / (count + 1) / len(known) / len(phrase) ** 0.5
            _raise(weights, {term: idfs[term] * share for term in phrase})
    if not chinese:
        _raise(weights, index.weigh(kept))
    return weights


def _idfs(index: TermIndex, terms: list[str]) -> dict[str, float]:
    """Return the idf of the terms that the index knows."""
    known = [term for term, number in zip(terms, index.vocabulary.places(terms), strict=True) if number >= 0]
    return dict(zip(known, index.idfs(known), strict=True))


def _raise(weights: dict[str, float], others: Mapping[str, float]) -> None:
    for term, weight in others.items():
        if weight > weights.get(term, 0.0):
            weights[term] = weight
