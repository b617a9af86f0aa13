"""Questions that ask nearly the same: TF-IDF over the terms of the portal's search."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from app.search.terms import document_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

K = TypeVar("K")

THRESHOLD = 0.3
"""Cosine from which on a question is shown as similar."""
MAX_SHOWN = 3


def similar(text: str, known: Mapping[K, str]) -> list[K]:
    """Return the keys of at most three known texts that ask nearly the same as ``text``, the nearest first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    wanted = set(document_terms(text))
    if not wanted or not known:
        return []
    vectors = TfidfVectorizer(analyzer=document_terms, sublinear_tf=True).fit_transform([text, *known.values()])
    scores = (vectors[1:] @ vectors[0].T).toarray().ravel()
    ranked = sorted(zip(known, scores, strict=True), key=lambda pair: -pair[1])
    return [key for key, score in ranked[:MAX_SHOWN] if score >= THRESHOLD]
