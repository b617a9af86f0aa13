"""Every state of a bid against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.core.errors import Conflict

ARROWS = """
draft           seal=sealed withdraw=withdrawn
sealed          revise=draft withdraw=withdrawn lapse=withdrawn open=opened
opened          accept_format=valid reject_format=format_rejected withdraw=withdrawn disqualify=disqualified
format_rejected reinstate=valid
valid           start_review=under_review withdraw=withdrawn disqualify=disqualified
under_review    shortlist=shortlisted select=selected keep_in_reserve=reserve not_select=not_selected
under_review    withdraw=withdrawn disqualify=disqualified
shortlisted     defend=defended select=selected keep_in_reserve=reserve not_select=not_selected
shortlisted     withdraw=withdrawn disqualify=disqualified
defended        select=selected keep_in_reserve=reserve not_select=not_selected
defended        withdraw=withdrawn disqualify=disqualified
selected        review_again=under_review withdraw=withdrawn disqualify=disqualified
reserve         promote=selected review_again=under_review withdraw=withdrawn disqualify=disqualified
not_selected    review_again=under_review withdraw=withdrawn disqualify=disqualified
"""
LEGAL = {
    (BidState(state), BidEvent(event)): BidState(target)
    for state, *arrows in map(str.split, ARROWS.strip().splitlines())
    for event, target in (arrow.split("=") for arrow in arrows)
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
