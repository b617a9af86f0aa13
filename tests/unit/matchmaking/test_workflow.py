"""Every state of suggestions and pairings against every event."""

from __future__ import annotations

import itertools

import pytest

from app.core.errors import Conflict
from app.matchmaking.workflow import (
    PAIRING_WORKFLOW,
    REPORT_WORKFLOW,
    RUN_WORKFLOW,
    SUGGESTION_WORKFLOW,
    PairingEvent,
    PairingState,
    ReportEvent,
    ReportState,
    RunEvent,
    RunState,
    SuggestionEvent,
    SuggestionState,
)

SUGGESTION_ARROWS = {
    ("suggested", "approve"): "approved",
    ("suggested", "reject"): "rejected",
    ("suggested", "withdraw"): "withdrawn",
    ("withdrawn", "renew"): "suggested",
    ("suggested", "defer"): "deferred",
    ("deferred", "approve"): "approved",
    ("deferred", "reject"): "rejected",
    ("deferred", "resume"): "suggested",
    ("deferred", "withdraw"): "withdrawn",
}
RUN_ARROWS = {
    ("draft", "compute"): "computed",
    ("draft", "fail"): "infeasible",
    ("computed", "compute"): "computed",
    ("computed", "fail"): "infeasible",
    ("computed", "deploy"): "deployed",
    ("infeasible", "compute"): "computed",
    ("infeasible", "fail"): "infeasible",
    ("retired", "compute"): "computed",
    ("retired", "fail"): "infeasible",
    ("deployed", "undo"): "computed",
    ("deployed", "retire"): "retired",
    ("retired", "reinstate"): "deployed",
}
PAIRING_ARROWS = {
    ("proposed", "introduce"): "introduced",
    ("proposed", "decline"): "declined",
    ("proposed", "expire"): "expired",
    ("introduced", "sign_nda"): "nda_signed",
    ("introduced", "expire"): "expired",
    ("introduced", "drop"): "dropped",
    ("nda_signed", "disclose"): "disclosed",
    ("nda_signed", "expire"): "expired",
    ("nda_signed", "drop"): "dropped",
    ("disclosed", "request_sample"): "sample_requested",
    ("disclosed", "expire"): "expired",
    ("disclosed", "drop"): "dropped",
    ("sample_requested", "ship_sample"): "sample_shipped",
    ("sample_requested", "expire"): "expired",
    ("sample_requested", "drop"): "dropped",
    ("sample_shipped", "evaluate"): "evaluating",
    ("sample_shipped", "expire"): "expired",
    ("sample_shipped", "drop"): "dropped",
    ("evaluating", "report"): "evaluating",
    ("evaluating", "request_sample"): "sample_requested",
    ("evaluating", "design_in"): "design_in",
    ("evaluating", "expire"): "expired",
    ("evaluating", "drop"): "dropped",
    ("design_in", "pilot"): "pilot",
    ("design_in", "expire"): "expired",
    ("design_in", "drop"): "dropped",
    ("pilot", "mass_produce"): "mass_production",
    ("pilot", "expire"): "expired",
    ("pilot", "drop"): "dropped",
    ("mass_production", "drop"): "dropped",
}
REPORT_ARROWS = {("open", "uphold"): "upheld", ("open", "dismiss"): "dismissed"}
SUGGESTION_PAIRS = list(itertools.product(SuggestionState, SuggestionEvent))
RUN_PAIRS = list(itertools.product(RunState, RunEvent))
REPORT_PAIRS = list(itertools.product(ReportState, ReportEvent))
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


@pytest.mark.parametrize(("state", "event"), [pair for pair in REPORT_PAIRS if pair in REPORT_ARROWS])
def test_a_report_follows_the_table(state: ReportState, event: ReportEvent) -> None:
    assert REPORT_WORKFLOW.step(state, event) == REPORT_ARROWS[state, event]


@pytest.mark.parametrize(("state", "event"), [pair for pair in REPORT_PAIRS if pair not in REPORT_ARROWS])
def test_a_report_goes_no_other_way(state: ReportState, event: ReportEvent) -> None:
    with pytest.raises(Conflict):
        REPORT_WORKFLOW.step(state, event)


@pytest.mark.parametrize(("state", "event"), [pair for pair in RUN_PAIRS if pair in RUN_ARROWS])
def test_a_configuration_follows_the_table(state: RunState, event: RunEvent) -> None:
    assert RUN_WORKFLOW.step(state, event) == RUN_ARROWS[state, event]


@pytest.mark.parametrize(("state", "event"), [pair for pair in RUN_PAIRS if pair not in RUN_ARROWS])
def test_a_configuration_goes_no_other_way(state: RunState, event: RunEvent) -> None:
    with pytest.raises(Conflict):
        RUN_WORKFLOW.step(state, event)
