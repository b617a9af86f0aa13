"""The second stage: features of a pair -> logit. Linear, so that every reason adds up."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.resources import read_text

Matrix = NDArray[np.float64]

#: Column names of the feature matrix, in order.
FEATURES = (
    "words",
    "words_rel",
    "head",
    "head_rel",
    "title",
    "title_rel",
    "phrases_rel",
    "concepts",
    "pieces",
    "pieces_rel",
    "quantities",
    "intervals",
    "category",
    "history",
    "history_category",
    "met",
    "violated",
    "narrow",
    "faultless",
    "wishes",
    "maturity",
    "stuffing",
    "bare",
)


@dataclass(frozen=True, slots=True)
class Ranker:
    """logit = intercept + Σ weight × feature; ``version`` names where the weights come from."""

    weights: Mapping[str, float]
    intercept: float
    version: str

    @classmethod
    def default(cls) -> Ranker:
        """Return the weights shipped with the package."""
        stored = json.loads(read_text("ranker.json"))
        return cls(stored["weights"], stored["intercept"], stored["version"])

    def logits(self, features: Matrix) -> NDArray[np.float64]:
        """Return one logit per row of (n, len(FEATURES))."""
        vector = np.array([self.weights.get(name, 0.0) for name in FEATURES])
        result: NDArray[np.float64] = features @ vector + self.intercept
        return result

    def highest(self, names: Iterable[str]) -> float:
        """Return the most that features of at most 1 can add to a logit."""
        return sum(max(0.0, self.weights.get(name, 0.0)) for name in names)

    def contributions(self, row: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
        """Return (name, value) of one row that add up to its logit, beginning with the base rate."""
        pairs = zip(FEATURES, row.tolist(), strict=True)
        values = [(name, self.weights.get(name, 0.0) * value) for name, value in pairs]
        return (("base", self.intercept), *((name, value) for name, value in values if value))


def probability(logit: float) -> float:
    """Return 1 / (1 + exp(-logit))."""
    return 1 / (1 + math.exp(-max(-700.0, min(logit, 700.0))))
