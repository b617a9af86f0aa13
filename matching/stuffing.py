"""Words heaped up to be found: repeated far beyond what the catalogue's sheets do, or far more of them than in any."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.analysis import Analysis

#: A word may stand this often before it counts as repeated.
FREE = 3
#: What is still honest: so much repetition, and so many different words, beyond nine tenths of the catalogue.
MORE_REPETITION, MORE_WORDS, LEAST_WORDS = 0.25, 5.0, 400.0
_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Honesty:
    """How much a sheet of a catalogue may repeat itself (share of its words) and how many words it may hold."""

    repetition: float = MORE_REPETITION
    words: float = LEAST_WORDS

    @classmethod
    def of(cls, analyses: Sequence[Analysis]) -> Honesty:
        """Learn from a catalogue; a few stuffed sheets do not move it."""
        if not analyses:
            return cls()
        repetition = np.quantile([_repetition(analysis) for analysis in analyses], _SHARE, method="lower")
        words = np.quantile([len(analysis.words) for analysis in analyses], _SHARE, method="lower")
        return cls(float(repetition) + MORE_REPETITION, max(LEAST_WORDS, MORE_WORDS * float(words)))

    def stuffing(self, analysis: Analysis) -> float:
        """Return how far a sheet is beyond, 0 for an honest one, about 1 for one that is nothing but repetition."""
        allowed = min(self.repetition, 0.9)
        repeated = max(0.0, _repetition(analysis) - allowed) / (1 - allowed)
        return repeated + max(0.0, math.log2(max(len(analysis.words), 1) / self.words) / 2)


def _repetition(analysis: Analysis) -> float:
    """Return the share of words that stand there more than ``FREE`` times."""
    return sum(max(0, count - FREE) for count in analysis.words.values()) / max(1, sum(analysis.words.values()))
