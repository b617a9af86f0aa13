"""Plain rankers to be measured against; each returns a function from a need's text to document scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.text import normalise, segment, stem, stop_words

Scorer = Callable[[str], NDArray[np.float64]]
_TOKEN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")


def simple_tokens(text: str) -> list[str]:
    """Return segmented Chinese and stemmed English without anything this engine adds."""
    tokens: list[str] = []
    for run in _TOKEN.findall(normalise(text).casefold()):
        tokens += segment(run) if not run.isascii() else [stem(run)]
    return [token for token in tokens if token not in stop_words()]


def random_scores(texts: Sequence[str]) -> Scorer:
    """Return chance."""
    generator = np.random.default_rng(0)
    return lambda _: generator.random(len(texts))


def _cosine(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> Scorer:
    rows = vectorizer.fit_transform(texts)
    return lambda text: np.asarray((vectorizer.transform([text]) @ rows.T).todense(), np.float64).ravel()


def tfidf_words(texts: Sequence[str]) -> Scorer:
    """Return word (1,2)-gram sublinear TF-IDF on segmented, stemmed text."""
    return _cosine(
        TfidfVectorizer(
            analyzer="word",
            tokenizer=simple_tokens,
            token_pattern=None,
            ngram_range=(1, 2),
            sublinear_tf=True,
        ),
        texts,
    )


def tfidf_characters(texts: Sequence[str]) -> Scorer:
    """Return character (2,4)-gram sublinear TF-IDF."""
    return _cosine(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True), texts)


def bm25(texts: Sequence[str]) -> Scorer:
    """Return Lucene's BM25 by bm25s on segmented, stemmed text. Raises ImportError without bm25s."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([simple_tokens(text) or [""] for text in texts], show_progress=False)
    known = set(retriever.vocab_dict)

    def score(text: str) -> NDArray[np.float64]:
        tokens = [token for token in simple_tokens(text) if token in known]
        return np.asarray(retriever.get_scores(tokens), np.float64) if tokens else np.zeros(len(texts))

    return score


BASELINES: dict[str, Callable[[Sequence[str]], Scorer]] = {
    "random": random_scores,
    "TF-IDF words": tfidf_words,
    "TF-IDF characters": tfidf_characters,
    "BM25 stemmed": bm25,
}
