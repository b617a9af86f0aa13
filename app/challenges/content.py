"""Rows of this slice into commands and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from app.challenges.commands import Deliverable, KpiInput, Payment, Restriction, SaveChallenge
from app.challenges.models import Challenge, Kpi, KpiVisibility
from app.demands import content as need_content

if TYPE_CHECKING:
    import uuid

PLAIN = (
    "programme_id", "background", "research_content", "term_months", "reward_total_wan", "owner_cash_wan",
    "public_fund_wan", "rnd_budget_wan", "ip_terms", "ip_terms_text", "bidder_requirements", "is_consortium_allowed",
    "max_members", "award_count", "is_race", "question_deadline_at", "bid_deadline_at", "is_not_secret_declared",
    "is_funding_pledged", "relisting_note",
)  # fmt: skip
"""Fields that command and row call by the same name."""
KPI_PLAIN = ("name", "operator", "target", "unit", "is_core", "kind", "baseline", "test_method", "condition",
             "sample_n", "verifier", "is_veto", "param_key")  # fmt: skip


def fill(challenge: Challenge, command: SaveChallenge, now: dt.datetime) -> None:
    """Write a command into a row; indicators keep their id, their code follows their place."""
    need_content.fill(challenge, command.need, now)
    for name in PLAIN:
        setattr(challenge, name, getattr(command, name))
    challenge.deliverables = [{"name": item.name, "quantity": item.quantity} for item in command.deliverables]
    challenge.payment_plan = [{"milestone": part.milestone, "percent": part.percent} for part in command.payment_plan]
    challenge.restrictions = [
        {"kind": limit.kind, "text": limit.text, "legal_basis": limit.legal_basis} for limit in command.restrictions
    ]
    known = {kpi.id: kpi for kpi in challenge.kpis}
    challenge.kpis = [_kpi(known, position, kpi) for position, kpi in enumerate(command.kpis)]


def filled(challenge: Challenge) -> SaveChallenge:
    """Return the command that would write this row; parameters, categories and indicators must be loaded."""
    return SaveChallenge(
        need=need_content.filled(challenge),
        **{name: getattr(challenge, name) for name in PLAIN},
        kpis=tuple(kpi_input(kpi) for kpi in challenge.kpis),
        deliverables=tuple(
            Deliverable(str(item.get("name", "")), str(item.get("quantity", ""))) for item in challenge.deliverables
        ),
        payment_plan=tuple(
            Payment(str(part.get("milestone", "")), part.get("percent")) for part in challenge.payment_plan
        ),
        restrictions=tuple(
            Restriction(*(str(limit.get(name, "")) for name in ("kind", "text", "legal_basis")))
            for limit in challenge.restrictions
        ),
    )


def kpi_input(kpi: Kpi) -> KpiInput:
    """Return an indicator as the form holds it."""
    return KpiInput(
        **{name: getattr(kpi, name) for name in KPI_PLAIN},
        weight=kpi.weight,
        is_after_nda=kpi.visibility is KpiVisibility.AFTER_NDA,
        id=kpi.id,
    )


def _kpi(known: dict[uuid.UUID, Kpi], position: int, command: KpiInput) -> Kpi:
    kpi = known.pop(command.id, None) if command.id is not None else None
    kpi = kpi or Kpi()
    for name in KPI_PLAIN:
        setattr(kpi, name, getattr(command, name))
    kpi.position, kpi.code = position, f"K{position + 1:02d}"
    kpi.weight = command.weight if command.weight is not None else Decimal(0)
    kpi.visibility = KpiVisibility.AFTER_NDA if command.is_after_nda else KpiVisibility.PUBLIC
    return kpi
