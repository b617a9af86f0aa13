"""How a suggestion is decided and how a pairing proceeds (domain §2.3)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class SuggestionState(StrEnum):
    """Where a suggested pairing stands."""

    SUGGESTED = "suggested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """The model no longer suggests it and nobody had decided."""


class SuggestionEvent(StrEnum):
    """What happens to a suggestion."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RENEW = "renew"


SUGGESTION_WORKFLOW = Workflow(
    initial=SuggestionState.SUGGESTED,
    arrows={
        (SuggestionState.SUGGESTED, SuggestionEvent.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.SUGGESTED, SuggestionEvent.REJECT): SuggestionState.REJECTED,
        (SuggestionState.SUGGESTED, SuggestionEvent.WITHDRAW): SuggestionState.WITHDRAWN,
        (SuggestionState.WITHDRAWN, SuggestionEvent.RENEW): SuggestionState.SUGGESTED,
    },
)


class PairingState(StrEnum):
    """How far two companies have come."""

    PROPOSED = "proposed"
    INTRODUCED = "introduced"
    DECLINED = "declined"
    EXPIRED = "expired"


class PairingEvent(StrEnum):
    """What happens to a pairing; ``INTRODUCE`` follows from the second acceptance."""

    INTRODUCE = "introduce"
    DECLINE = "decline"
    EXPIRE = "expire"


PAIRING_WORKFLOW = Workflow(
    initial=PairingState.PROPOSED,
    arrows={
        (PairingState.PROPOSED, PairingEvent.INTRODUCE): PairingState.INTRODUCED,
        (PairingState.PROPOSED, PairingEvent.DECLINE): PairingState.DECLINED,
        (PairingState.PROPOSED, PairingEvent.EXPIRE): PairingState.EXPIRED,
    },
)


class RankerOutcome(StrEnum):
    """What a trial of learning from decisions came to."""

    BETTER = "better"
    """The whole interval of the gain lies above zero: adopted."""
    NOT_BETTER = "not_better"
    TOO_FEW = "too_few"
    """Too few needs with both kinds of judgement; nothing was learnt."""


class Side(StrEnum):
    """The two sides of a pairing."""

    DEMAND = "demand"
    SUPPLY = "supply"
