"""The arrows of a bid (domain §2.2)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class BidState(StrEnum):
    """Where a bid stands."""

    DRAFT = "draft"
    SEALED = "sealed"
    OPENED = "opened"
    FORMAT_REJECTED = "format_rejected"
    VALID = "valid"
    UNDER_REVIEW = "under_review"
    SHORTLISTED = "shortlisted"
    DEFENDED = "defended"
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


class BidEvent(StrEnum):
    """What happens to a bid."""

    SEAL = "seal"
    REVISE = "revise"
    WITHDRAW = "withdraw"


BID_WORKFLOW = Workflow(
    initial=BidState.DRAFT,
    arrows={
        (BidState.DRAFT, BidEvent.SEAL): BidState.SEALED,
        (BidState.SEALED, BidEvent.REVISE): BidState.DRAFT,
        (BidState.SEALED, BidEvent.WITHDRAW): BidState.WITHDRAWN,
        (BidState.DRAFT, BidEvent.WITHDRAW): BidState.WITHDRAWN,
    },
)
