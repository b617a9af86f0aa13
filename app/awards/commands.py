"""What people ask of this slice."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a proposal says of one bid."""

    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"


class ProposalKind(StrEnum):
    """What a proposal asks a second person to confirm."""

    AWARD = "award"
    REPLACE = "replace"
    NO_AWARD = "no_award"


class Remedy(StrEnum):
    """What follows from an objection that is upheld."""

    REVIEW_AGAIN = "review_again"
    NEXT_RESERVE = "next_reserve"
    NO_AWARD = "no_award"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proposed for one bid, and why."""

    bid_id: uuid.UUID
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposeAward:
    """A proposal: one verdict for every ranked bid, and the reasons of the whole."""

    verdicts: tuple[Verdict, ...]
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class FileObjection:
    """A real-name objection to what is in public notice."""

    ground: str
    text: str
    contact_name: str
    contact_phone: str
    bid_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class DecideObjection:
    """What the authority decides, with the reasons that the objector reads; ``remedy`` when it is upheld."""

    decision: str
    remedy: Remedy | None = None
