"""Words heaped up to be found: repeated far beyond what the catalogue's sheets do, or far more of them than in any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.bags import Bags

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
    def of(cls, words: Bags) -> Honesty:
        """Learn from the words of a catalogue; a few stuffed sheets do not move it."""
        if not len(words):
            return cls()
        repetition = float(np.quantile(_repetition(words), _SHARE, method="lower"))
        different = float(np.quantile(words.lengths, _SHARE, method="lower"))
        return cls(repetition + MORE_REPETITION, max(LEAST_WORDS, MORE_WORDS * different))

    def stuffing(self, words: Bags) -> NDArray[np.float64]:
        """Return how far each sheet is beyond: 0 for an honest one, about 1 for nothing but repetition."""
        allowed = min(self.repetition, 0.9)
        repeated = np.maximum(0.0, _repetition(words) - allowed) / (1 - allowed)
        return repeated + np.maximum(0.0, np.log2(np.maximum(words.lengths, 1) / self.words) / 2)


def _repetition(words: Bags) -> NDArray[np.float64]:
    """Return the share of words that stand there more than ``FREE`` times."""
    counts = words.counts.astype(np.float64)
    repeated = np.bincount(words.owners, np.maximum(0.0, counts - FREE), len(words))
    share: NDArray[np.float64] = repeated / np.maximum(1.0, np.bincount(words.owners, counts, len(words)))
    return share
