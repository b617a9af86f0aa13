"""Ranking quality with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return nDCG@k with linear gain (Järvelin & Kekäläinen 2002, TOIS 20:422), in [0, 1]."""
    gains = [grades.get(item, 0) for item in ranking[:k]]
    ideal = sorted(grades.values(), reverse=True)[:k]
    best = sum(gain / np.log2(place + 2) for place, gain in enumerate(ideal))
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)) / best) if best else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Return the share of relevant items among the first k."""
    relevant = {item for item, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return 1 / place of the first relevant item among the first k, or 0."""
    return next((1 / place for place, item in enumerate(ranking[:k], 1) if grades.get(item, 0) > 0), 0.0)


def bootstrap_interval(values: Values, *, n: int = 2000, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean over queries."""
    if not len(values):
        return 0.0, 0.0
    draws = np.random.default_rng(seed).integers(0, len(values), (n, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def calibration_error(scores: Values, relevant: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Return the expected calibration error over equal-width bins (Naeini et al. 2015, AAAI)."""
    if not len(scores):
        return 0.0
    places = np.minimum((scores * bins).astype(int), bins - 1)
    weights = np.bincount(places, minlength=bins)
    gaps = np.abs(np.bincount(places, scores, bins) - np.bincount(places, relevant.astype(float), bins))
    return float(gaps.sum() / weights.sum())


def reliability(scores: Values, relevant: NDArray[np.bool_], *, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean score, share relevant, how many) of every equal-width bin that holds anything, lowest first."""
    places = np.minimum((scores * bins).astype(int), bins - 1)
    return [
        (float(scores[places == place].mean()), float(relevant[places == place].mean()), int((places == place).sum()))
        for place in np.unique(places)
    ]
