"""Every state of suggestions and pairings against every event."""

from __future__ import annotations

import itertools

import pytest

from app.core.errors import Conflict
from app.matchmaking.workflow import (
    PAIRING_WORKFLOW,
    SUGGESTION_WORKFLOW,
    PairingEvent,
    PairingState,
    SuggestionEvent,
    SuggestionState,
)

SUGGESTION_ARROWS = {
    ("suggested", "approve"): "approved",
    ("suggested", "reject"): "rejected",
    ("suggested", "withdraw"): "withdrawn",
    ("withdrawn", "renew"): "suggested",
}
PAIRING_ARROWS = {
    ("proposed", "introduce"): "introduced",
    ("proposed", "decline"): "declined",
    ("proposed", "expire"): "expired",
}
SUGGESTION_PAIRS = list(itertools.product(SuggestionState, SuggestionEvent))
PAIRING_PAIRS = list(itertools.product(PairingState, PairingEvent))


@pytest.mark.parametrize(("state", "event"), [pair for pair in SUGGESTION_PAIRS if pair in SUGGESTION_ARROWS])
def test_a_suggestion_follows_the_table(state: SuggestionState, event: SuggestionEvent) -> None:
    assert SUGGESTION_WORKFLOW.step(state, event) == SUGGESTION_ARROWS[state, event]


@pytest.mark.parametrize(("state", "event"), [pair for pair in SUGGESTION_PAIRS if pair not in SUGGESTION_ARROWS])
def test_a_suggestion_goes_no_other_way(state: SuggestionState, event: SuggestionEvent) -> None:
    with pytest.raises(Conflict):
        SUGGESTION_WORKFLOW.step(state, event)


@pytest.mark.parametrize(("state", "event"), [pair for pair in PAIRING_PAIRS if pair in PAIRING_ARROWS])
def test_a_pairing_follows_the_table(state: PairingState, event: PairingEvent) -> None:
    assert PAIRING_WORKFLOW.step(state, event) == PAIRING_ARROWS[state, event]


@pytest.mark.parametrize(("state", "event"), [pair for pair in PAIRING_PAIRS if pair not in PAIRING_ARROWS])
def test_a_pairing_goes_no_other_way(state: PairingState, event: PairingEvent) -> None:
    with pytest.raises(Conflict):
        PAIRING_WORKFLOW.step(state, event)
