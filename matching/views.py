"""The indexes of a catalogue: one per view of the texts, rows in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysis
from matching.bilingual import translate
from matching.intervals import Intervals
from matching.lexicon import Translator
from matching.packing import Packed
from matching.stage import Ground, Query
from matching.view import View

#: Views by the part of an analysis they index: BM25's k1 and b, or the cosine.
SETTINGS = {
    "words": (1.2, 0.75, False),
    "concepts": (1.2, 0.75, False),
    "pieces": (0.0, 0.0, True),
    "head": (1.2, 0.6, False),
    "phrases": (0.0, 0.0, True),
}


@dataclass(slots=True)
class Views:
    """Word, concept, piece and head indexes of the same rows; ``chinese`` marks rows written in Chinese."""

    indexes: dict[str, View] = field(default_factory=dict)
    chinese: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    intervals: Intervals = field(default_factory=Intervals)

    def fit(self, parts: Sequence[Packed]) -> Views:
        """Index these rows, forgetting others; return self."""
        self.indexes = {
            name: View(*setting).fit([part.bags[name] for part in parts]) for name, setting in SETTINGS.items()
        }
        self.chinese, self.intervals = np.zeros(0, np.bool_), Intervals()
        return self._note(parts)

    def add(self, parts: Sequence[Packed]) -> Views:
        """Append rows."""
        for name, index in self.indexes.items():
            index.add([part.bags[name] for part in parts])
        return self._note(parts)

    def _note(self, parts: Sequence[Packed]) -> Views:
        self.intervals = Intervals.joined([self.intervals, *(part.intervals for part in parts)])
        self.chinese = np.concatenate([self.chinese, *(part.chinese for part in parts)])
        return self

    def ground(self, chinese: bool, alive: NDArray[np.bool_]) -> Ground:
        """Return the living rows, those of one language apart from the others."""
        return Ground(self.chinese == chinese, alive, self.indexes["words"])


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
