"""The arrows of proposals, objections and awards (domain §2.4, §2.6)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class ProposalState(StrEnum):
    """Where a proposal of award stands."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    OVERTURNED = "overturned"


class ProposalEvent(StrEnum):
    """What happens to a proposal."""

    CONFIRM = "confirm"
    RETURN = "return"
    OVERTURN = "overturn"


PROPOSAL_WORKFLOW = Workflow(
    initial=ProposalState.PROPOSED,
    arrows={
        (ProposalState.PROPOSED, ProposalEvent.CONFIRM): ProposalState.CONFIRMED,
        (ProposalState.PROPOSED, ProposalEvent.RETURN): ProposalState.RETURNED,
        (ProposalState.CONFIRMED, ProposalEvent.OVERTURN): ProposalState.OVERTURNED,
    },
)


class ObjectionState(StrEnum):
    """Where an objection stands."""

    RECEIVED = "received"
    NOT_ACCEPTED = "not_accepted"
    INVESTIGATING = "investigating"
    UPHOLDING = "upholding"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class ObjectionEvent(StrEnum):
    """What happens to an objection."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    FIND_RIGHT = "find_right"
    UPHOLD = "uphold"
    RETURN = "return"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"


TAKEN_UP = (ObjectionState.INVESTIGATING, ObjectionState.UPHOLDING)
"""The notice stands still while one of these does."""
OPEN_OBJECTIONS = (ObjectionState.RECEIVED, *TAKEN_UP)
"""No award is made while one of these stands."""

OBJECTION_WORKFLOW = Workflow(
    initial=ObjectionState.RECEIVED,
    arrows={
        (ObjectionState.RECEIVED, ObjectionEvent.ACCEPT): ObjectionState.INVESTIGATING,
        (ObjectionState.RECEIVED, ObjectionEvent.REFUSE): ObjectionState.NOT_ACCEPTED,
        (ObjectionState.RECEIVED, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
        (ObjectionState.INVESTIGATING, ObjectionEvent.FIND_RIGHT): ObjectionState.UPHOLDING,
        (ObjectionState.UPHOLDING, ObjectionEvent.UPHOLD): ObjectionState.UPHELD,
        (ObjectionState.UPHOLDING, ObjectionEvent.RETURN): ObjectionState.INVESTIGATING,
        (ObjectionState.UPHOLDING, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
        (ObjectionState.INVESTIGATING, ObjectionEvent.DISMISS): ObjectionState.DISMISSED,
        (ObjectionState.INVESTIGATING, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
    },
)


class AwardState(StrEnum):
    """Where an award stands."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class AwardEvent(StrEnum):
    """What happens to an award."""

    CANCEL = "cancel"
    REPLACE = "replace"


AWARD_WORKFLOW = Workflow(
    initial=AwardState.CONFIRMED,
    arrows={
        (AwardState.CONFIRMED, AwardEvent.CANCEL): AwardState.CANCELLED,
        (AwardState.CONFIRMED, AwardEvent.REPLACE): AwardState.REPLACED,
    },
)
