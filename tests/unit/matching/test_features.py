from __future__ import annotations

import pytest

from matching import features
from matching.compliance import judge, requirements_of
from matching.engine import Matcher
from matching.features import COMPLIANCE, compliance_row
from matching.rank import FEATURES
from tests.bench.sheets import Writer

NEEDS = Writer(7).needs(25)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(candidates=40).fit(list(Writer(1).sheets(400)))


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.id)
def test_compliance_features_are_those_of_the_verdicts(matcher: Matcher, need: features.Need) -> None:
    scored = matcher.score(need)

    columns = scored.features[:, [FEATURES.index(name) for name in COMPLIANCE]]

    assert columns.tolist() == [list(compliance_row(scored.verdicts(place))) for place in range(len(scored))]


@pytest.mark.parametrize("need", NEEDS[:6], ids=lambda need: need.id)
def test_verdicts_are_those_of_the_sheet(matcher: Matcher, need: features.Need) -> None:
    scored = matcher.score(need)

    assert scored.verdicts(0) == [judge(requirement, scored.sheets[0]) for requirement in requirements_of(need)]


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.id)
def test_the_features_of_a_candidate_are_those_it_has_alone(matcher: Matcher, need: features.Need) -> None:
    scored = matcher.score(need)

    alone = features.score_need(matcher, need, only=[int(scored.rows[3])])

    assert alone.features[0].tolist() == pytest.approx(scored.features[3].tolist(), abs=1e-6)


def test_more_candidates_leave_the_best_as_they_are(matcher: Matcher) -> None:
    few = matcher.score(NEEDS[0])

    many = matcher.score(NEEDS[0], limit=400)

    assert [sheet.id for sheet in many.sheets[:5]] == [sheet.id for sheet in few.sheets[:5]]
    assert len(many) == 400
