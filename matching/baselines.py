"""Plain rankers to be measured against; each maker returns a function from a need's text to document scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.quantities import find_quantities
from matching.text import normalise, quantity_tokens, segment, stem, stop_words

Scores = NDArray[np.float64]
Scorer = Callable[[str], Scores]
_TOKEN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")
#: Reciprocal rank fusion: 1 / (this + place) of every list (Cormack et al. 2009, SIGIR).
FUSION = 60
#: Products that vote for their firm.
VOTERS = 200


def plain_tokens(text: str) -> list[str]:
    """Return lower-case English words and segmented Chinese, nothing else."""
    tokens: list[str] = []
    for run in _TOKEN.findall(normalise(text).casefold()):
        tokens += segment(run) if not run.isascii() else [run]
    return tokens


def simple_tokens(text: str) -> list[str]:
    """Return plain tokens, English stemmed, without stop words."""
    return [token for token in map(stem, plain_tokens(text)) if token not in stop_words()]


def unit_tokens(text: str) -> list[str]:
    """Return simple tokens with every quantity as one token in base units."""
    plain, found = normalise(text), list[str]()
    rest = plain
    for start, end, quantity in find_quantities(plain):
        tokens = quantity_tokens(quantity)
        found += tokens
        if tokens:
            rest = rest[:start] + " " * (end - start) + rest[end:]
    return [*simple_tokens(rest), *found]


def random_scores(texts: Sequence[str]) -> Scorer:
    """Return chance."""
    generator = np.random.default_rng(0)
    return lambda _: generator.random(len(texts))


def _cosine(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> Scorer:
    columns = vectorizer.fit_transform(texts).T.tocsr()
    return lambda text: np.asarray((vectorizer.transform([text]) @ columns).todense(), np.float64).ravel()


def tfidf_words(texts: Sequence[str]) -> Scorer:
    """Return word (1,2)-gram sublinear TF-IDF on segmented, stemmed text."""
    return _cosine(
        TfidfVectorizer(
            analyzer="word", tokenizer=simple_tokens, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True
        ),
        texts,
    )


def tfidf_characters(texts: Sequence[str]) -> Scorer:
    """Return character (2,4)-gram sublinear TF-IDF."""
    return _cosine(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True), texts)


def _bm25(tokens_of: Callable[[str], list[str]]) -> Callable[[Sequence[str]], Scorer]:
    """Return the maker of Lucene's BM25 by bm25s on these tokens; it raises ImportError without bm25s."""

    def make(texts: Sequence[str]) -> Scorer:
        import bm25s

        retriever = bm25s.BM25()
        retriever.index([tokens_of(text) or [""] for text in texts], show_progress=False)
        known = set(retriever.vocab_dict)

        def score(text: str) -> Scores:
            tokens = [token for token in tokens_of(text) if token in known]
            return np.asarray(retriever.get_scores(tokens), np.float64) if tokens else np.zeros(len(texts))

        return score

    return make


BASELINES: dict[str, Callable[[Sequence[str]], Scorer]] = {
    "random": random_scores,
    "BM25 plain": _bm25(plain_tokens),
    "BM25 stemmed": _bm25(simple_tokens),
    "BM25 + units": _bm25(unit_tokens),
    "TF-IDF words": tfidf_words,
    "TF-IDF characters": tfidf_characters,
}
#: Fusions of the scores above: of two cosines the sum, of unlike scores by reciprocal rank.
UNION, FUSED = "TF-IDF union", "reciprocal ranks"
SUMMED = ("TF-IDF words", "TF-IDF characters")
RANKED = ("BM25 + units", *SUMMED)
#: What a firm's votes are counted from, first choice first.
VOTING = ("BM25 + units", "TF-IDF words")


def fuse(scores: Mapping[str, Scores]) -> dict[str, Scores]:
    """Return the fusions of one need's scores; those whose parts are missing are left out."""
    found: dict[str, Scores] = {}
    if all(name in scores for name in SUMMED):
        found[UNION] = np.sum([scores[name] for name in SUMMED], axis=0)
    if all(name in scores for name in RANKED):
        found[FUSED] = np.sum([_reciprocal_ranks(scores[name]) for name in RANKED], axis=0)
    return found


def _reciprocal_ranks(scores: Scores) -> Scores:
    places = np.empty(len(scores))
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (FUSION + places), 0.0)


def catalogue_size(owners: Sequence[str]) -> dict[str, float]:
    """Return firm -> how many products it has: the same answer to every need."""
    found: dict[str, float] = {}
    for owner in owners:
        found[owner] = found.get(owner, 0.0) + 1
    return found


def firm_votes(scores: Scores, owners: Sequence[str], sizes: Mapping[str, float]) -> dict[str, float]:
    """Return firm -> votes of the best products + its best product + logarithm of its catalogue's size.

    A vote is a product's score over the best one's; the parts are brought to [0, 1].
    """
    top = max(float(scores.max(initial=0.0)), 1e-9)
    votes, best = dict.fromkeys(sizes, 0.0), dict.fromkeys(sizes, 0.0)
    for place in np.argsort(-scores, kind="stable")[:VOTERS]:
        share, owner = float(scores[place]) / top, owners[place]
        votes[owner] += share
        best[owner] = max(best[owner], share)
    most, largest = max(votes.values(), default=0.0) or 1.0, np.log1p(max(sizes.values(), default=1.0))
    return {firm: votes[firm] / most + best[firm] + float(np.log1p(size) / largest) for firm, size in sizes.items()}
