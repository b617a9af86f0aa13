"""Memory of past pairings: what did similar needs choose? Kept apart from text, so that newcomers can be guarded.

A past need counts by how well the heads agree (what is asked), more so when the rest agrees too (who asks, for what).
Its choice speaks for the sheet itself and, more softly, for every sheet of that category, seen before or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysis
from matching.index import TermIndex

#: Past needs asked; sharpness of head agreement; weight and sharpness of agreement in the rest.
NEIGHBOURS, HEAD_POWER, CONTEXT_WEIGHT, CONTEXT_POWER = 50, 8, 4.0, 2


@dataclass(slots=True)
class History:
    """Past needs with the sheets chosen for them and the strength of each choice (> 0)."""

    choices: list[list[tuple[str, float]]] = field(default_factory=list)
    heads: TermIndex = field(default_factory=lambda: TermIndex(1.2, 0.75))
    texts: TermIndex = field(default_factory=lambda: TermIndex(1.2, 0.3))

    def fit(self, needs: Sequence[Analysis], choices: Sequence[Sequence[tuple[str, float]]]) -> History:
        """Remember past needs; return self. Choices of strength ≤ 0 are left out."""
        self.choices = [[(sheet, strength) for sheet, strength in row if strength > 0] for row in choices]
        self.heads.fit([need.head for need in needs])
        self.texts.fit([need.words for need in needs])
        return self

    def votes(self, need: Analysis) -> dict[str, float]:
        """Return how strongly similar past needs speak for each sheet, the strongest 1; empty without any."""
        if not self.choices:
            return {}
        head, text = (_share(self.heads, need.head), _share(self.texts, need.words))
        nearness = head**HEAD_POWER * (1 + CONTEXT_WEIGHT * text**CONTEXT_POWER)
        found: dict[str, float] = {}
        for place in np.argsort(-nearness, kind="stable")[:NEIGHBOURS]:
            total = sum(strength for _, strength in self.choices[place])
            for sheet, strength in self.choices[place]:
                found[sheet] = found.get(sheet, 0.0) + float(nearness[place]) * strength / total
        best = max(found.values(), default=0.0)
        return {sheet: value / best for sheet, value in found.items() if value > 0} if best else {}


def _share(index: TermIndex, counts: dict[str, int]) -> NDArray[np.float64]:
    scores = index.scores(index.weigh(counts)).astype(np.float64)
    return scores / max(float(scores.max(initial=0.0)), 1e-9)
