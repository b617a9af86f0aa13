"""Challenges as pages may show them: what the reader may not see is not in here."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.challenges import lifecycle, policy
from app.challenges.commands import Deliverable, Payment, Restriction
from app.challenges.models import Challenge, Kpi, KpiVisibility, Programme
from app.compliance import Asked, requirement_text
from app.demands.lifecycle import Step
from app.demands.policy import sees_owner
from app.demands.queries.views import NeedView, need_view
from app.demands.workflow import PostingMode, PostingState

if TYPE_CHECKING:
    from app.core.actor import Actor

HIGHLIGHTS = 3
WITH_OUTCOME = (PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD)


@dataclass(frozen=True, slots=True)
class KpiView:
    """One indicator; of a hidden one everything but name, class and weight is empty."""

    id: uuid.UUID
    code: str
    name: str
    kind: str
    is_core: bool
    is_veto: bool
    weight: Decimal
    is_after_nda: bool
    is_hidden: bool
    target_text: str
    """``≤ 2 mV``."""
    condition: str
    baseline: str
    test_method: str
    sample_n: int | None
    verifier: str


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """The rules of a programme."""

    id: uuid.UUID
    code: str
    name: str
    mode: PostingMode
    batch: str
    basis: str
    requires_recommendation: bool
    requires_appraisal: bool
    min_bid_window_days: int
    question_cutoff_days: int
    max_members: int
    max_projects_per_applicant: int
    award_max: int
    is_race_allowed: bool
    has_price_envelope: bool
    first_payment_max_percent: int
    max_term_months: int
    publicity_working_days: int
    max_relistings: int
    co_funding: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The public result; names of firms, or codes of ``no_award_reasons``."""

    winners: tuple[str, ...] = ()
    reserve: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChallengeLine:
    """One challenge in a list; ``owner`` is empty when its name is not shown."""

    id: uuid.UUID
    code: str
    title: str
    phase: PostingState
    mode: PostingMode
    owner: str
    city_code: str
    terminal_category: str
    end_product: str
    categories: tuple[str, ...]
    reward_total_wan: Decimal | None
    award_count: int
    is_race: bool
    term_months: int | None
    n_kpis: int
    highlights: tuple[tuple[str, str], ...]
    """(name, target) of the public indicators that count most."""
    published_at: dt.datetime | None
    bid_deadline_at: dt.datetime | None
    review_opinion: str
    updated_at: dt.datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """One challenge on its page: ``need`` is the first block of the form, as far as the reader may see it."""

    need: NeedView
    code: str
    edition: int
    phase: PostingState
    """The state as people see it: from its deadline on a published challenge is closed."""
    is_open: bool
    is_public: bool
    programme: ProgrammeView | None
    background: str
    research_content: str
    kpis: tuple[KpiView, ...]
    deliverables: tuple[Deliverable, ...]
    term_months: int | None
    reward_total_wan: Decimal | None
    owner_cash_wan: Decimal | None
    public_fund_wan: Decimal | None
    payment_plan: tuple[Payment, ...]
    """Empty for people who are not of a verified company."""
    rnd_budget_wan: Decimal | None
    """Empty for everybody but owner and authority."""
    ip_terms: str
    ip_terms_text: str
    bidder_requirements: str
    restrictions: tuple[Restriction, ...]
    is_consortium_allowed: bool
    max_members: int
    award_count: int
    is_race: bool
    question_deadline_at: dt.datetime | None
    bid_deadline_at: dt.datetime | None
    is_not_secret_declared: bool
    is_funding_pledged: bool
    outcome: Outcome
    steps: tuple[Step, ...]
    parent: uuid.UUID | None
    n_relistings: int
    relisting_note: str
    suspended_at: dt.datetime | None
    cancel_requested_at: dt.datetime | None

    @property
    def id(self) -> uuid.UUID:
        """The id of the posting."""
        return self.need.id

    @property
    def title(self) -> str:
        """The title of the posting."""
        return self.need.title

    @property
    def n_core(self) -> int:
        """How many indicators are core."""
        return sum(kpi.is_core for kpi in self.kpis)

    @property
    def n_veto(self) -> int:
        """How many indicators end a bid that misses them."""
        return sum(kpi.is_veto for kpi in self.kpis)

    @property
    def n_hidden(self) -> int:
        """How many targets the reader may not see."""
        return sum(kpi.is_hidden for kpi in self.kpis)


def challenge_view(challenge: Challenge, actor: Actor, now: dt.datetime) -> ChallengeView:
    """Return what this actor may see of a challenge; everything that belongs to it must be loaded."""
    need = need_view(challenge, actor)
    phase = lifecycle.phase(challenge.state, challenge.bid_deadline_at, now)
    return ChallengeView(
        need=need,
        code=challenge.code or "",
        edition=challenge.edition,
        phase=phase,
        is_open=challenge.is_open(now),
        is_public=policy.is_public(challenge.state) or _was_published(challenge),
        programme=programme_view(challenge.programme) if challenge.programme else None,
        background=challenge.background,
        research_content=challenge.research_content,
        kpis=tuple(kpi_view(kpi, sees_confidential=need.sees_confidential_part) for kpi in challenge.kpis),
        deliverables=tuple(Deliverable(item["name"], item["quantity"]) for item in challenge.deliverables),
        term_months=challenge.term_months,
        reward_total_wan=challenge.reward_total_wan,
        owner_cash_wan=challenge.owner_cash_wan,
        public_fund_wan=challenge.public_fund_wan,
        payment_plan=_payments(challenge) if need.sees_verified_part else (),
        rnd_budget_wan=challenge.rnd_budget_wan if need.sees_confidential_part else None,
        ip_terms=challenge.ip_terms,
        ip_terms_text=challenge.ip_terms_text,
        bidder_requirements=challenge.bidder_requirements,
        restrictions=tuple(
            Restriction(limit["kind"], limit["text"], limit["legal_basis"]) for limit in challenge.restrictions
        ),
        is_consortium_allowed=challenge.is_consortium_allowed,
        max_members=challenge.max_members,
        award_count=challenge.award_count,
        is_race=challenge.is_race,
        question_deadline_at=challenge.question_deadline_at,
        bid_deadline_at=challenge.bid_deadline_at,
        is_not_secret_declared=challenge.is_not_secret_declared,
        is_funding_pledged=challenge.is_funding_pledged,
        outcome=_outcome(challenge),
        steps=lifecycle.rail(_dates(challenge, phase), challenge.programme),
        parent=challenge.parent_id,
        n_relistings=challenge.n_relistings,
        relisting_note=challenge.relisting_note,
        suspended_at=challenge.suspended_at,
        cancel_requested_at=challenge.cancel_requested_at,
    )


def _was_published(challenge: Challenge) -> bool:
    """Return whether a challenge was taken off the list after it had been on it."""
    return challenge.state is PostingState.CANCELLED and challenge.code is not None


def challenge_line(challenge: Challenge, actor: Actor, now: dt.datetime) -> ChallengeLine:
    """Return one line of a list; organisation, categories and indicators must be loaded."""
    owner_id = challenge.organization_id
    is_shown = sees_owner(actor, organization_id=owner_id, is_owner_shown=challenge.is_owner_shown)
    return ChallengeLine(
        id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        phase=lifecycle.phase(challenge.state, challenge.bid_deadline_at, now),
        mode=challenge.mode,
        owner=challenge.organization.legal_name_zh if is_shown else "",
        city_code=challenge.organization.city_code,
        terminal_category=challenge.terminal_category,
        end_product=challenge.end_product,
        categories=tuple(category.code for category in challenge.categories),
        reward_total_wan=challenge.reward_total_wan,
        award_count=challenge.award_count,
        is_race=challenge.is_race,
        term_months=challenge.term_months,
        n_kpis=len(challenge.kpis),
        highlights=_highlights(challenge),
        published_at=challenge.published_at,
        bid_deadline_at=challenge.bid_deadline_at,
        review_opinion=challenge.review_opinion if actor.belongs_to(owner_id) else "",
        updated_at=challenge.updated_at,
        outcome=_outcome(challenge),
    )


def kpi_view(kpi: Kpi, *, sees_confidential: bool) -> KpiView:
    """Return an indicator; without its target where the reader has to accept an NDA first."""
    is_shown = policy.sees_kpi_values(kpi.visibility, sees_confidential=sees_confidential)
    return KpiView(
        id=kpi.id,
        code=kpi.code,
        name=kpi.name,
        kind=kpi.kind,
        is_core=kpi.is_core,
        is_veto=kpi.is_veto,
        weight=kpi.weight,
        is_after_nda=kpi.visibility is KpiVisibility.AFTER_NDA,
        is_hidden=not is_shown,
        target_text=target_text(kpi) if is_shown else "",
        condition=kpi.condition if is_shown else "",
        baseline=kpi.baseline if is_shown else "",
        test_method=kpi.test_method if is_shown else "",
        sample_n=kpi.sample_n if is_shown else None,
        verifier=kpi.verifier if is_shown else "",
    )


def target_text(kpi: Kpi) -> str:
    """Return ``≤ 2 mV``; nothing while there is no target."""
    return requirement_text(Asked("", kpi.operator, kpi.target, kpi.unit)) if kpi.target else ""


def programme_view(programme: Programme) -> ProgrammeView:
    """Return a programme with its rules."""
    return ProgrammeView(**{name: getattr(programme, name) for name in ProgrammeView.__dataclass_fields__})


def _payments(challenge: Challenge) -> tuple[Payment, ...]:
    return tuple(Payment(part["milestone"], part["percent"]) for part in challenge.payment_plan)


def _highlights(challenge: Challenge) -> tuple[tuple[str, str], ...]:
    public = [kpi for kpi in challenge.kpis if kpi.visibility is KpiVisibility.PUBLIC and kpi.target]
    first = sorted(public, key=lambda kpi: (not kpi.is_veto, not kpi.is_core, -kpi.weight, kpi.position))
    return tuple((kpi.name, target_text(kpi)) for kpi in first[:HIGHLIGHTS])


def _outcome(challenge: Challenge) -> Outcome:
    if challenge.state not in WITH_OUTCOME:
        return Outcome()
    told = challenge.outcome
    return Outcome(
        winners=tuple(firm["name"] for firm in told.get("winners", ())),
        reserve=tuple(firm["name"] for firm in told.get("reserve", ())),
        reasons=tuple(told.get("reasons", ())),
        text=told.get("text", ""),
    )


def _dates(challenge: Challenge, phase: PostingState) -> lifecycle.Dates:
    return lifecycle.Dates(
        state=phase,
        mode=challenge.mode,
        award_count=challenge.award_count,
        submitted_at=challenge.submitted_at,
        published_at=challenge.published_at,
        bid_deadline_at=challenge.bid_deadline_at,
        closed_at=challenge.closed_at,
    )
