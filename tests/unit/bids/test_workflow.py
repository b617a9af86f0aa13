"""Every state of a bid against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.core.errors import Conflict

LEGAL = {
    (BidState.DRAFT, BidEvent.SEAL): BidState.SEALED,
    (BidState.DRAFT, BidEvent.WITHDRAW): BidState.WITHDRAWN,
    (BidState.SEALED, BidEvent.REVISE): BidState.DRAFT,
    (BidState.SEALED, BidEvent.WITHDRAW): BidState.WITHDRAWN,
}
ILLEGAL = [pair for pair in product(BidState, BidEvent) if pair not in LEGAL]


@pytest.mark.parametrize(("pair", "target"), LEGAL.items())
def test_a_legal_step_leads_where_the_domain_says(pair: tuple[BidState, BidEvent], target: BidState) -> None:
    assert BID_WORKFLOW.step(*pair) is target


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_every_other_step_is_a_conflict(state: BidState, event: BidEvent) -> None:
    with pytest.raises(Conflict):
        BID_WORKFLOW.step(state, event)


def test_a_bid_begins_as_a_draft() -> None:
    assert BID_WORKFLOW.initial is BidState.DRAFT
