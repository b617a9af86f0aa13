"""Every state of proposals, objections and awards against every event."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from app.awards import workflow
from app.core.errors import Conflict

ARROWS = {
    "PROPOSAL": """
proposed  confirm=confirmed return=returned
confirmed overturn=overturned
""",
    "OBJECTION": """
received      accept=investigating refuse=not_accepted withdraw=withdrawn
investigating find_right=upholding dismiss=dismissed withdraw=withdrawn
upholding     uphold=upheld return=investigating withdraw=withdrawn
""",
    "AWARD": """
confirmed cancel=cancelled replace=replaced
""",
}
KINDS = {
    "PROPOSAL": (workflow.PROPOSAL_WORKFLOW, workflow.ProposalState, workflow.ProposalEvent),
    "OBJECTION": (workflow.OBJECTION_WORKFLOW, workflow.ObjectionState, workflow.ObjectionEvent),
    "AWARD": (workflow.AWARD_WORKFLOW, workflow.AwardState, workflow.AwardEvent),
}
LEGAL = [
    (kind, states(state), events(event), states(target))
    for kind, (_flow, states, events) in KINDS.items()
    for state, *arrows in map(str.split, ARROWS[kind].strip().splitlines())
    for event, target in (arrow.split("=") for arrow in arrows)
]
ILLEGAL = [
    (kind, state, event)
    for kind, (_flow, states, events) in KINDS.items()
    for state, event in product(states, events)
    if (kind, state, event) not in {step[:3] for step in LEGAL}
]


@pytest.mark.parametrize(("kind", "state", "event", "target"), LEGAL)
def test_a_legal_step_leads_where_the_domain_says(kind: str, state: Any, event: Any, target: Any) -> None:
    assert KINDS[kind][0].step(state, event) is target


@pytest.mark.parametrize(("kind", "state", "event"), ILLEGAL)
def test_every_other_step_is_a_conflict(kind: str, state: Any, event: Any) -> None:
    with pytest.raises(Conflict):
        KINDS[kind][0].step(state, event)
