from __future__ import annotations

import numpy as np
import pytest

from matching.learn import LEAST, Group, fit_ranker
from matching.rank import FEATURES, Ranker

WORDS = FEATURES.index("words")


def _groups(n: int = 30) -> list[Group]:
    generator = np.random.default_rng(0)
    features = generator.random((n, 10, len(FEATURES))) * 0.1
    features[:, 0, WORDS] = 1.0
    grades = np.zeros((n, 10))
    grades[:, 0] = 1
    return [Group(f, g) for f, g in zip(features, grades, strict=True)]


def test_what_tells_relevant_sheets_gets_the_largest_weight() -> None:
    learned = fit_ranker(_groups(), version="t")

    assert max(learned.weights, key=lambda name: learned.weights[name]) == "words"


def test_the_learned_score_is_the_chance_of_being_relevant() -> None:
    groups = _groups(200)
    learned = fit_ranker(groups, version="t")

    chance = np.concatenate([1 / (1 + np.exp(-learned.logits(group.features))) for group in groups])

    assert chance.mean() == pytest.approx(0.1, abs=0.01)


def test_a_violated_must_always_speaks_against_a_sheet() -> None:
    learned = fit_ranker(_groups(), version="t")

    assert all(learned.weights[name] * least > 0 for name, least in LEAST.items())


def test_a_strong_prior_is_kept() -> None:
    prior = Ranker(
        dict.fromkeys(FEATURES, 1.0) | {"violated": -1.0, "narrow": -1.0, "stuffing": -3.0, "bare": -1.0}, 0.0, "p"
    )
    learned = fit_ranker(_groups(), prior=prior, strength=1e6, version="t")

    sizes = {round(abs(weight) / learned.weights["words"], 2) for weight in learned.weights.values()}
    assert sizes == {1.0, 3.0}


def test_judgements_of_one_kind_teach_nothing() -> None:
    with pytest.raises(ValueError, match="both"):
        fit_ranker([Group(np.ones((3, len(FEATURES))), np.ones(3))], version="t")


def test_the_shipped_weights_know_every_feature() -> None:
    assert set(Ranker.default().weights) == set(FEATURES)
