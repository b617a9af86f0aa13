"""How the codes of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.awards.commands import Outcome, ProposalKind, Remedy
from app.awards.workflow import AwardState, ObjectionState, ProposalState

OUTCOMES = {
    Outcome.SELECTED: _l("Selected"),
    Outcome.RESERVE: _l("In reserve"),
    Outcome.NOT_SELECTED: _l("Not selected"),
}
PROPOSAL_STATES = {
    ProposalState.PROPOSED: _l("Waits for confirmation"),
    ProposalState.RETURNED: _l("Returned"),
    ProposalState.CONFIRMED: _l("Confirmed"),
    ProposalState.OVERTURNED: _l("Overturned"),
}
PROPOSAL_KINDS = {
    ProposalKind.AWARD: _l("Award"),
    ProposalKind.REPLACE: _l("End an award"),
    ProposalKind.NO_AWARD: _l("End without an award"),
}
STEPS = {
    "unreadable": _l("a bid that cannot be opened"),
    "format": _l("format check"),
    "panel": _l("panel to be called"),
    "scores": _l("scores and ranking"),
    "proposal": _l("proposal of the award"),
}
"""What a competition under evaluation waits for."""
OPINIONS = {
    "bid_withdrawn": _l("A bid of this proposal has been withdrawn. Propose anew, by the ranking."),
    "objection_upheld": _l("An objection was upheld, and the result has changed."),
}
"""What the portal itself says of a proposal that it returns."""
OBJECTION_STATES = {
    ObjectionState.RECEIVED: _l("Received"),
    ObjectionState.NOT_ACCEPTED: _l("Not taken up"),
    ObjectionState.INVESTIGATING: _l("Under investigation"),
    ObjectionState.UPHOLDING: _l("Waits for a second officer"),
    ObjectionState.UPHELD: _l("Upheld"),
    ObjectionState.DISMISSED: _l("Dismissed"),
    ObjectionState.WITHDRAWN: _l("Taken back"),
}
REMEDIES = {
    Remedy.REVIEW_AGAIN: _l("Review again"),
    Remedy.NEXT_RESERVE: _l("Strike the firm; the next reserve takes its place"),
    Remedy.NO_AWARD: _l("No award"),
}
AWARD_STATES = {
    AwardState.CONFIRMED: _l("Awarded"),
    AwardState.CANCELLED: _l("Cancelled"),
    AwardState.REPLACED: _l("Replaced by a reserve"),
}
GROUNDS = {
    "list_content": _l("Content of the notice"),
    "format_check": _l("Format check"),
    "review_result": _l("Result of the review"),
    "qualification": _l("Qualification of a firm"),
    "procedure": _l("Procedure, or a conflict of interest"),
}
