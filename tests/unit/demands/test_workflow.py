"""Every state of a need against every event."""

from __future__ import annotations

import pytest

from app.core.errors import Conflict
from app.demands.workflow import NEED_WORKFLOW, NeedEvent, PostingState

LEGAL = {
    ("draft", "submit"): "submitted",
    ("draft", "cancel"): "cancelled",
    ("returned", "submit"): "submitted",
    ("returned", "cancel"): "cancelled",
    ("submitted", "return"): "returned",
    ("submitted", "publish"): "published",
    ("submitted", "cancel"): "cancelled",
    ("published", "close"): "closed",
    ("published", "cancel"): "cancelled",
}
ILLEGAL = [(state, event) for state in PostingState for event in NeedEvent if (state, event) not in LEGAL]


@pytest.mark.parametrize(("step", "after"), LEGAL.items())
def test_a_legal_event_leads_on(step: tuple[str, str], after: str) -> None:
    state, event = PostingState(step[0]), NeedEvent(step[1])

    assert NEED_WORKFLOW.step(state, event) is PostingState(after)


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_every_other_event_is_a_conflict(state: PostingState, event: NeedEvent) -> None:
    with pytest.raises(Conflict):
        NEED_WORKFLOW.step(state, event)


def test_what_is_over_allows_nothing() -> None:
    assert NEED_WORKFLOW.events(PostingState.CANCELLED) == NEED_WORKFLOW.events(PostingState.CLOSED) == frozenset()
