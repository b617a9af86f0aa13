"""The indexes of a catalogue: one per view of the texts, rows in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysis
from matching.bilingual import translate
from matching.index import TermIndex
from matching.intervals import Intervals
from matching.lexicon import Translator

Scores = NDArray[np.float64]
#: Views by the part of an analysis they index: BM25's k1 and b, or the cosine.
SETTINGS = {
    "words": (1.2, 0.75, False),
    "concepts": (1.2, 0.75, False),
    "pieces": (1.2, 0.75, False),
    "head": (1.2, 0.6, False),
    "phrases": (0.0, 0.0, True),
}
#: The best scores of a language's sheets say what is a good score there: this many, but at most this share.
TOP, TOP_SHARE = 50, 0.1
#: Scores whose peak is looked at together.
STRETCH = 32


@dataclass(slots=True)
class Views:
    """Word, concept, piece and head indexes of the same rows; ``chinese`` marks rows written in Chinese."""

    indexes: dict[str, TermIndex] = field(default_factory=dict)
    chinese: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    intervals: Intervals = field(default_factory=Intervals)

    def fit(self, analyses: Sequence[Analysis]) -> Views:
        """Index these rows, forgetting others; return self."""
        self.indexes = {
            name: TermIndex(*setting).fit([getattr(analysis, name) for analysis in analyses])
            for name, setting in SETTINGS.items()
        }
        self.chinese = np.array([analysis.chinese for analysis in analyses], np.bool_)
        self.intervals = Intervals().add([analysis.intervals for analysis in analyses])
        return self

    def add(self, analyses: Sequence[Analysis]) -> Views:
        """Append rows."""
        for name, index in self.indexes.items():
            index.add([getattr(analysis, name) for analysis in analyses])
        self.intervals.add([analysis.intervals for analysis in analyses])
        self.chinese = np.concatenate([self.chinese, [analysis.chinese for analysis in analyses]]).astype(np.bool_)
        return self


@dataclass(frozen=True, slots=True)
class Query:
    """A need as weighted terms: ``own`` for sheets of its language, ``other`` for the rest (through the lexicon)."""

    own: Mapping[str, float]
    other: Mapping[str, float]

    def for_row(self, same_language: bool) -> Mapping[str, float]:
        """Return the weights that apply to a row."""
        return self.own if same_language else self.other


@dataclass(frozen=True, slots=True)
class ViewScores:
    """Per row: ``cover`` is the share of the need's weight found, ``standing`` that against the language's best."""

    cover: Scores
    standing: Scores


def word_query(views: Views, analysis: Analysis, counts: Mapping[str, float], translator: Translator) -> Query:
    """Return word weights for both languages."""
    index = views.indexes["words"]
    own = index.weigh(counts)
    if (views.chinese == analysis.chinese).all():
        return Query(own, {})
    return Query(own, translate(translator, analysis.plain, analysis.tokens, analysis.chinese, index))


def phrase_query(views: Views, analysis: Analysis, query: Query) -> Query:
    """Return the unit vector of words and pairs for sheets of the need's language; rendered words for the others."""
    size = sum(weight * weight for weight in query.other.values()) ** 0.5 or 1.0
    other = {term: weight / size for term, weight in query.other.items()}
    return Query(views.indexes["phrases"].weigh(analysis.phrases), other)


def score(views: Views, name: str, query: Query, same: NDArray[np.bool_]) -> ViewScores:
    """Score every row in a view. Languages are standardised apart, so that neither crowds the other out."""
    index = views.indexes[name]
    totals = [1.0 if index.cosine else max(sum(weights.values()), 1e-9) for weights in (query.own, query.other)]
    cover = index.scores(query.own).astype(np.float64) / totals[0]
    if not same.all():
        across = index.scores(query.other).astype(np.float64) / max(totals[1], 0.5 * totals[0])
        cover = np.where(same, cover, across)
    levels = {kind: _level(cover[same == kind]) for kind in (True, False)}
    floor = 0.5 * max(levels.values())
    standing = cover / np.where(same, max(levels[True], floor, 1e-9), max(levels[False], floor, 1e-9))
    return ViewScores(cover, standing)


def _level(scores: Scores) -> float:
    """Return the mean of the best scores of a language, 0 when it has no rows."""
    if not len(scores):
        return 0.0
    n = max(1, min(TOP, round(len(scores) * TOP_SHARE)))
    return float(scores[best_places(scores, n)].mean())


def best_places(scores: Scores, n: int) -> NDArray[np.int64]:
    """Return the places of the n highest scores in rising order, the first ones of equal scores.

    The n-th highest of the peaks of short stretches is no higher than the n-th highest score: that leaves few to sort.
    """
    if n >= len(scores):
        return np.arange(len(scores))
    whole = len(scores) // STRETCH * STRETCH
    peaks = scores[:whole].reshape(-1, STRETCH).max(axis=1)
    places = np.arange(len(scores))
    if len(peaks) > n:
        places = np.flatnonzero(scores >= np.partition(peaks, len(peaks) - n)[len(peaks) - n])
    best = places[np.argsort(-scores[places], kind="stable")[:n]]
    return np.sort(best)
