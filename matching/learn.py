"""Fit the ranker's weights to judged pairs: listwise for the order, then a logistic scale for the probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matching.rank import FEATURES, Matrix, Ranker

#: Least size of some weights, before scaling: what judgements cannot teach for lack of cases, reason can. A negative
#: one can only speak against a sheet; every feature not named here can only speak for it.
LEAST = {
    "violated": -0.5,
    "narrow": -0.25,
    "met": 0.5,
    "faultless": 0.5,
    "wishes": 0.2,
    "maturity": 0.2,
    "stuffing": -3.0,
    "bare": -0.1,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The judged candidates of one need: features (n, len(FEATURES)), grades ≥ 0, weight of the need."""

    features: Matrix
    grades: NDArray[np.float64]
    weight: float = 1.0


def fit_ranker(
    groups: Sequence[Group],
    *,
    prior: Ranker | None = None,
    strength: float = 1.0,
    version: str,
    recalibrate: bool = True,
) -> Ranker:
    """Return weights that maximise the listwise likelihood (Cao et al. 2007, ICML, top one), signs fixed.

    prior : weights to stay near; strength : of the squared pull to them (or to zero).
    recalibrate : fit scale and intercept so that the logistic of the logit is the chance of being relevant. Without
    it the prior's scale stays, and the intercept keeps the mean logit of the judged pairs: for judgements of chosen
    pairs only, whose share of relevant ones is not that of all.

    Raises ValueError without a group that has both kinds.
    """
    useful = [group for group in groups if group.grades.max(initial=0) > 0 and (group.grades == 0).any()]
    if not useful:
        raise ValueError("no need has both relevant and irrelevant sheets")
    start = np.array([prior.weights.get(name, 0.0) if prior else 0.0 for name in FEATURES])
    least = np.array([LEAST.get(name, 0.0) for name in FEATURES])
    low, high = np.where(least < 0, -50.0, least), np.where(least < 0, least, 50.0)
    total = sum(group.weight for group in useful)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, gradient = 0.0, np.zeros_like(weights)
        for group in useful:
            logits = group.features @ weights
            top = logits.max()
            odds = np.exp(logits - top)
            chance = odds / odds.sum()
            target = group.grades / group.grades.sum()
            value += group.weight * float(top + np.log(odds.sum()) - target @ logits)
            gradient += group.weight * (group.features.T @ (chance - target))
        pull = weights - start
        value = value / total + strength * 1e-3 * float(pull @ pull)
        return value, gradient / total + strength * 2e-3 * pull

    bounds = list(zip(low, high, strict=True))
    found = minimize(loss, np.clip(start, low, high), jac=True, bounds=bounds, method="L-BFGS-B")
    scale, intercept = _calibrate(useful, found.x) if recalibrate else (1.0, _steady(useful, start, found.x, prior))
    weights = {name: round(float(w * scale), 4) for name, w in zip(FEATURES, found.x, strict=True)}
    return Ranker(weights, round(intercept, 4), version)


def _steady(
    groups: Sequence[Group], start: NDArray[np.float64], weights: NDArray[np.float64], prior: Ranker | None
) -> float:
    """Return the intercept that leaves the mean logit of the judged pairs where the prior has it."""
    features = np.concatenate([group.features for group in groups])
    return (prior.intercept if prior else 0.0) + float((features @ (start - weights)).mean())


def _calibrate(groups: Sequence[Group], weights: NDArray[np.float64]) -> tuple[float, float]:
    """Return (scale, intercept) of the logistic of relevance on the logit (Platt 1999)."""
    logits = np.concatenate([group.features @ weights for group in groups])
    relevant = np.concatenate([group.grades > 0 for group in groups]).astype(np.float64)
    importance = np.concatenate([np.full(len(group.grades), group.weight) for group in groups])
    importance /= importance.sum()

    def loss(pair: NDArray[np.float64]) -> float:
        z = pair[0] * logits + pair[1]
        return float(importance @ (np.logaddexp(0.0, z) - relevant * z))

    found = minimize(
        loss, np.array([1.0, -float(logits.mean())]), method="L-BFGS-B", bounds=[(0.05, 10.0), (None, None)]
    )
    return float(found.x[0]), float(found.x[1])
