"""What people ask of this slice."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """An answer; ``alters_requirement`` when an amendment has to follow."""

    text: str
    alters_requirement: bool = False


@dataclass(frozen=True, slots=True)
class MergeQuestion:
    """Another question already asks the same."""

    into_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class KpiChange:
    """An indicator as it is to read; ``code`` names the one that there is."""

    code: str
    operator: str
    target: str
    unit: str = ""
    condition: str = ""
    test_method: str = ""


@dataclass(frozen=True, slots=True)
class ProposeAmendment:
    """A challenge as it is to read after an amendment."""

    reason: str
    research_content: str
    bidder_requirements: str
    reward_total_wan: Decimal | None
    owner_cash_wan: Decimal | None
    public_fund_wan: Decimal | None
    bid_deadline_at: dt.datetime | None
    question_deadline_at: dt.datetime | None
    kpis: tuple[KpiChange, ...] = ()
    question_id: uuid.UUID | None = None
