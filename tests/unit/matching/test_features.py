from __future__ import annotations

import pytest

from matching import features
from matching.engine import Matcher
from tests.bench.sheets import Writer


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher().fit(list(Writer(1).sheets(400)))


@pytest.mark.parametrize("need", Writer(7).needs(25), ids=lambda need: need.id)
@pytest.mark.parametrize("k", [1, 10])
def test_judging_the_most_promising_first_leaves_the_best_as_they_are(
    matcher: Matcher, need: features.Need, k: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "TOGETHER", 3)
    whole = matcher.score(need)

    found = matcher.recommend(need, k)

    assert [match.sheet_id for match in found] == [sheet.id for sheet in whole.sheets[:k]]
    assert [list(match.verdicts) for match in found] == whole.verdicts[:k]


def test_not_every_candidate_is_judged_when_few_are_wanted(matcher: Matcher) -> None:
    need = Writer(7).needs(1)[0]

    some = features.score_need(matcher, need, enough=1)

    assert len(some.rows) < len(matcher.score(need).rows)
