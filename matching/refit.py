"""Would weights learnt from judgements have ranked better? Every need is ranked by weights that never saw it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.learn import Group, fit_ranker
from matching.metrics import Values, bootstrap_interval, ndcg
from matching.rank import Ranker

#: Needs are left out one by one up to this many folds, in as many equal parts beyond.
MAX_FOLDS = 50
#: Pull towards the weights in use, in units of ``fit_ranker``'s strength: a few dozen needs bend them, no more.
STRENGTH = 20.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What was learnt and how it would have done: nDCG@10 over needs, and the paired gain with its 95 % interval."""

    ranker: Ranker
    n_needs: int
    n_judgements: int
    before: float
    after: float
    gain: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        """Tell whether the whole interval of the gain lies above zero."""
        return self.low > 0


def usable(groups: Sequence[Group]) -> list[Group]:
    """Return the groups that can teach an order: those with relevant and irrelevant sheets."""
    return [group for group in groups if group.grades.max(initial=0) > 0 and (group.grades == 0).any()]


def try_weights(groups: Sequence[Group], prior: Ranker, *, min_needs: int = 2) -> Trial:
    """Learn near ``prior`` and measure it on needs left out. Raises ValueError below ``min_needs`` usable needs."""
    useful = usable(groups)
    if len(useful) < max(2, min_needs):
        raise ValueError(f"{len(useful)} needs can teach; {min_needs} are wanted")
    before = np.array([_quality(group, prior) for group in useful])
    after = _left_out(useful, prior)
    gains = after - before
    low, high = bootstrap_interval(gains)
    return Trial(
        ranker=_fitted(useful, prior),
        n_needs=len(useful),
        n_judgements=sum(len(group.grades) for group in useful),
        before=float(before.mean()),
        after=float(after.mean()),
        gain=float(gains.mean()),
        low=low,
        high=high,
    )


def _left_out(groups: Sequence[Group], prior: Ranker) -> Values:
    """Return each need's nDCG@10 by weights that were fitted without it."""
    folds = np.arange(len(groups)) % min(MAX_FOLDS, len(groups))
    found = np.zeros(len(groups))
    for fold in range(int(folds.max()) + 1):
        ranker = _fitted([group for group, own in zip(groups, folds, strict=True) if own != fold], prior)
        for place in np.flatnonzero(folds == fold).tolist():
            found[place] = _quality(groups[place], ranker)
    return found


def _fitted(groups: Sequence[Group], prior: Ranker) -> Ranker:
    learnt = fit_ranker(groups, prior=prior, strength=STRENGTH, version="", recalibrate=False)
    return Ranker(learnt.weights, learnt.intercept, f"{prior.version.partition('-fb')[0]}-fb{_digest(learnt.weights)}")


def _digest(weights: Mapping[str, float]) -> str:
    text = ",".join(f"{name}={value:.4f}" for name, value in sorted(weights.items()))
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def _quality(group: Group, ranker: Ranker) -> float:
    """Return nDCG@10; sheets of equal score stand with the worst first, so that a tie is no merit."""
    logits: NDArray[np.float64] = ranker.logits(group.features)
    order = np.lexsort((group.grades, -logits))
    return ndcg([str(place) for place in order], {str(place): int(g) for place, g in enumerate(group.grades)})
