"""Every state of a challenge against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import Conflict
from app.demands.workflow import PostingState

ARROWS = """
draft       submit=submitted cancel=cancelled
submitted   return=returned recommend=recommended appraise=appraising approve=approved reject=rejected publish=published
returned    submit=submitted cancel=cancelled
recommended return=returned appraise=appraising approve=approved reject=rejected
appraising  approve=approved reject=rejected
rejected    reconsider=appraising
approved    publish=published
published   suspend=suspended close=closed cancel=cancelled
suspended   resume=published cancel=cancelled
closed      extend=published open=evaluating no_award=no_award
evaluating  propose=publicity no_award=no_award
publicity   reopen=evaluating award=awarded no_award=no_award
awarded     replace=publicity no_award=no_award
"""
LEGAL = {
    (PostingState(state), ChallengeEvent(event)): PostingState(target)
    for state, *arrows in map(str.split, ARROWS.strip().splitlines())
    for event, target in (arrow.split("=") for arrow in arrows)
}
ILLEGAL = [pair for pair in product(PostingState, ChallengeEvent) if pair not in LEGAL]


@pytest.mark.parametrize(("pair", "target"), LEGAL.items())
def test_a_legal_step_leads_where_the_domain_says(
    pair: tuple[PostingState, ChallengeEvent], target: PostingState
) -> None:
    assert CHALLENGE_WORKFLOW.step(*pair) is target


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_every_other_step_is_a_conflict(state: PostingState, event: ChallengeEvent) -> None:
    with pytest.raises(Conflict):
        CHALLENGE_WORKFLOW.step(state, event)


def test_a_challenge_begins_as_a_draft() -> None:
    assert CHALLENGE_WORKFLOW.initial is PostingState.DRAFT
