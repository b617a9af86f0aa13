from __future__ import annotations

import numpy as np
import pytest

from matching.learn import Group
from matching.rank import FEATURES, Ranker
from matching.refit import try_weights, usable

WORDS, TITLE = FEATURES.index("words"), FEATURES.index("title")
PRIOR = Ranker(dict.fromkeys(FEATURES, 0.0) | {"words": 1.0, "violated": -1.0}, -1.0, "shipped")


def _group(seed: int, telling: int) -> Group:
    """Four judged sheets; the one introduced stands out in the telling feature."""
    features = np.random.default_rng(seed).random((4, len(FEATURES))) * 0.1
    features[1, telling] += 2.0
    return Group(features, np.array([0.0, 3.0, 0.0, 1.0]))


def test_weights_that_rank_unseen_needs_better_are_better() -> None:
    trial = try_weights([_group(seed, TITLE) for seed in range(40)], PRIOR)

    assert trial.is_better
    assert trial.gain == pytest.approx(trial.after - trial.before)
    assert trial.ranker.weights["title"] > PRIOR.weights["title"]


def test_judgements_that_agree_with_the_weights_change_nothing_worth_adopting() -> None:
    groups = [Group(g.features, np.array([0.0, 1.0, 0.0, 0.0])) for g in (_group(n, WORDS) for n in range(40))]

    assert not try_weights(groups, PRIOR).is_better


def test_noise_is_not_adopted() -> None:
    generator = np.random.default_rng(3)
    groups = [Group(generator.random((5, len(FEATURES))), generator.permutation([0.0, 0, 0, 1, 1])) for _ in range(40)]

    assert not try_weights(groups, PRIOR).is_better


def test_the_same_judgements_give_the_same_version() -> None:
    groups = [_group(seed, TITLE) for seed in range(10)]

    first, second = try_weights(groups, PRIOR), try_weights(groups, PRIOR)

    assert first.ranker == second.ranker
    assert first.ranker.version.startswith("shipped-fb")


def test_what_is_learnt_again_is_named_after_the_shipped_weights_once() -> None:
    again = Ranker(PRIOR.weights, PRIOR.intercept, "shipped-fb00000000")

    assert try_weights([_group(n, TITLE) for n in range(10)], again).ranker.version.count("-fb") == 1


def test_the_mean_chance_of_judged_pairs_stays_where_it_was() -> None:
    groups = [_group(seed, TITLE) for seed in range(20)]
    features = np.concatenate([group.features for group in groups])

    learnt = try_weights(groups, PRIOR).ranker

    assert learnt.logits(features).mean() == pytest.approx(PRIOR.logits(features).mean(), abs=1e-3)


def test_needs_with_one_kind_of_judgement_teach_no_order() -> None:
    one_kind = Group(np.ones((3, len(FEATURES))), np.ones(3))

    assert usable([one_kind]) == []


def test_too_few_needs_are_refused() -> None:
    with pytest.raises(ValueError, match="30 are wanted"):
        try_weights([_group(0, TITLE)], PRIOR, min_needs=30)
