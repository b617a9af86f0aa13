"""Every state of a challenge against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.errors import Conflict
from app.demands.workflow import PostingState

LEGAL = {
    (PostingState.DRAFT, ChallengeEvent.SUBMIT): PostingState.SUBMITTED,
    (PostingState.RETURNED, ChallengeEvent.SUBMIT): PostingState.SUBMITTED,
    (PostingState.SUBMITTED, ChallengeEvent.RETURN): PostingState.RETURNED,
    (PostingState.SUBMITTED, ChallengeEvent.PUBLISH): PostingState.PUBLISHED,
    (PostingState.PUBLISHED, ChallengeEvent.CLOSE): PostingState.CLOSED,
    (PostingState.DRAFT, ChallengeEvent.CANCEL): PostingState.CANCELLED,
    (PostingState.RETURNED, ChallengeEvent.CANCEL): PostingState.CANCELLED,
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
