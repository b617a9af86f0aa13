from __future__ import annotations

import pytest

from app.accounts.workflow import VERIFICATION_WORKFLOW, VerificationEvent, VerificationState
from app.core.errors import Conflict

SUBMITTED, VERIFIED, REJECTED = VerificationState.SUBMITTED, VerificationState.VERIFIED, VerificationState.REJECTED
VERIFY, REJECT = VerificationEvent.VERIFY, VerificationEvent.REJECT


@pytest.mark.parametrize(("state", "event", "after"), [(SUBMITTED, VERIFY, VERIFIED), (SUBMITTED, REJECT, REJECTED)])
def test_a_waiting_request_is_decided_either_way(state, event, after) -> None:
    assert VERIFICATION_WORKFLOW.step(state, event) is after


@pytest.mark.parametrize("event", list(VerificationEvent))
@pytest.mark.parametrize("state", [VERIFIED, REJECTED])
def test_a_decided_request_stays_decided(state, event) -> None:
    with pytest.raises(Conflict):
        VERIFICATION_WORKFLOW.step(state, event)


@pytest.mark.parametrize(("state", "events"), [(SUBMITTED, {VERIFY, REJECT}), (VERIFIED, set()), (REJECTED, set())])
def test_pages_offer_the_events_that_are_possible(state, events) -> None:
    assert VERIFICATION_WORKFLOW.events(state) == events


def test_a_request_begins_by_waiting() -> None:
    assert VERIFICATION_WORKFLOW.initial is SUBMITTED
