"""What people ask of this slice."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from app.demands.commands import SaveNeed


@dataclass(frozen=True, slots=True)
class KpiInput:
    """One indicator as typed; ``id`` is that of the stored row, None for a new one."""

    name: str
    operator: str
    target: str
    unit: str = ""
    is_core: bool = False
    kind: str = "technical"
    baseline: str = ""
    test_method: str = ""
    condition: str = ""
    sample_n: int | None = None
    verifier: str = ""
    is_veto: bool = False
    weight: Decimal | None = None
    param_key: str = ""
    is_after_nda: bool = False
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Deliverable:
    """What is handed over, and how much of it."""

    name: str
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """A milestone and its share of the reward in per cent."""

    milestone: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class SaveChallenge:
    """Everything on the form of a challenge: the need and the second block (domain §3.3)."""

    need: SaveNeed = field(default_factory=SaveNeed)
    programme_id: uuid.UUID | None = None
    background: str = ""
    research_content: str = ""
    kpis: tuple[KpiInput, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    term_months: int | None = None
    reward_total_wan: Decimal | None = None
    owner_cash_wan: Decimal | None = None
    public_fund_wan: Decimal | None = None
    payment_plan: tuple[Payment, ...] = ()
    ip_terms: str = ""
    ip_terms_text: str = ""
    bidder_requirements: str = ""
    is_consortium_allowed: bool = True
    max_members: int = 4
    award_count: int = 1
    is_race: bool = False
    question_deadline_at: dt.datetime | None = None
    bid_deadline_at: dt.datetime | None = None
    is_not_secret_declared: bool = False
    is_funding_pledged: bool = False
