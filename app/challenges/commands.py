"""What people ask of this slice."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from app.demands.commands import SaveNeed
from app.demands.workflow import PostingMode


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
class Restriction:
    """A limit of who may bid, and the rule of law it rests on."""

    kind: str
    text: str = ""
    legal_basis: str = ""


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
    rnd_budget_wan: Decimal | None = None
    payment_plan: tuple[Payment, ...] = ()
    ip_terms: str = ""
    ip_terms_text: str = ""
    bidder_requirements: str = ""
    restrictions: tuple[Restriction, ...] = ()
    is_consortium_allowed: bool = True
    max_members: int = 4
    award_count: int = 1
    is_race: bool = False
    question_deadline_at: dt.datetime | None = None
    bid_deadline_at: dt.datetime | None = None
    is_not_secret_declared: bool = False
    is_funding_pledged: bool = False
    relisting_note: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What reviewers score, and how many points it can bring."""

    code: str
    name: str
    max: int


@dataclass(frozen=True, slots=True)
class SaveProgramme:
    """Everything on the form of a programme; defaults are those of the domain."""

    code: str
    name: str
    mode: PostingMode
    batch: str = ""
    basis: str = ""
    is_open: bool = True
    requires_recommendation: bool = False
    requires_appraisal: bool = False
    min_bid_window_days: int = 20
    question_cutoff_days: int = 10
    answer_last_days: int = 5
    amendment_keep_days: int = 15
    max_members: int = 4
    is_single_unit_bid: bool = False
    max_projects_per_applicant: int = 3
    max_active_bids_per_leader: int | None = None
    award_max: int = 3
    shortlist_max: int | None = None
    is_race_allowed: bool = True
    min_valid_bids: int = 1
    key_threshold: int = 2
    has_price_envelope: bool = False
    pre_deadline_viewer: str = ""
    review_weights: tuple[Criterion, ...] = ()
    panel_min: int = 5
    pass_line: int = 70
    spread_alert: int = 25
    drop_high_low_from: int = 7
    publicity_working_days: int = 5
    objection_accept_wd: int = 2
    objection_decide_wd: int = 15
    is_price_above_reward_allowed: bool = False
    first_payment_max_percent: int = 40
    max_term_months: int = 36
    quota: tuple[tuple[str, int], ...] = ()
    """City code or ``default``, and how many challenges its authority may recommend."""
    budget_multiple: Decimal | None = None
    """How many times the grant the owner's R&D budget must reach."""
    cash_percent: int | None = None
    """Share of the grant, in per cent, that the owner pays the solver in money."""
    max_relistings: int = 2
    required_roles: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Recommend:
    """What a prefecture says for a challenge; ``version`` is that of the text it has read."""

    opinion: str
    rank: int
    checklist: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PanelMember:
    """An expert of an appraisal."""

    name: str
    organization: str
    expertise: str = ""
    is_free_of_conflict: bool = False


@dataclass(frozen=True, slots=True)
class ConcludeAppraisal:
    """What the experts found; ``duplicate_of`` is the public number of the challenge to merge with."""

    minutes: str
    conclusion: str
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class PublishChallenge:
    """The last look before the list: the self-check of fair competition, and when it is published."""

    opinion: str
    is_fair: bool = False
    publish_at: dt.datetime | None = None
    """A moment to come; None: at once."""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class GiveReason:
    """A reason by its code, and in words that everybody can read."""

    reason_code: str
    text: str


@dataclass(frozen=True, slots=True)
class ProposeExtension:
    """More time for bids; of an outage its beginning and end, from which the rule makes the new deadline."""

    reason: str
    new_deadline_at: dt.datetime | None = None
    outage_from: dt.datetime | None = None
    outage_until: dt.datetime | None = None
