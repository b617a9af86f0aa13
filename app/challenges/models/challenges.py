"""Challenges and their indicators."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models.programmes import Programme
from app.core.models import Amount, Model, PrimaryKey, enum_column
from app.demands.models import Need


class ChallengeNumber(Model):
    """How many public numbers a year has given out; the row is the lock of whoever takes the next."""

    __tablename__ = "challenge_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Challenge(Need):
    """An open competition: the need plus what is to be achieved, for how much and until when."""

    __tablename__ = "challenges"
    __table_args__ = (  # type: ignore[assignment]  # the base has constraints of its own
        sa.CheckConstraint("award_count BETWEEN 1 AND 3", name="award_count_range"),
        sa.CheckConstraint("term_months IS NULL OR term_months BETWEEN 1 AND 36", name="term_range"),
        sa.CheckConstraint(
            "question_deadline_at IS NULL OR bid_deadline_at IS NULL OR question_deadline_at < bid_deadline_at",
            name="questions_before_bids",
        ),
        sa.CheckConstraint("reward_total_wan IS NULL OR reward_total_wan > 0", name="reward_positive"),
        sa.CheckConstraint("rnd_budget_wan IS NULL OR rnd_budget_wan > 0", name="budget_positive"),
        sa.CheckConstraint("n_relistings BETWEEN 0 AND 9", name="relistings_range"),
        sa.CheckConstraint("(parent_id IS NULL) = (n_relistings = 0)", name="relisting_has_parent"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="parent_is_another"),
        sa.Index("ix_challenges_bid_deadline_at", "bid_deadline_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    """Public number, given at publication: ``CH2026-001``."""
    programme_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    edition: Mapped[int] = mapped_column(default=1)
    reconfirm_from_edition: Mapped[int] = mapped_column(default=1)
    """The last edition that changed the core; bids sealed for an earlier one lapse at the deadline."""
    background: Mapped[str] = mapped_column(sa.Text, default="")
    research_content: Mapped[str] = mapped_column(sa.Text, default="")
    deliverables: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{name, quantity}`` each."""
    term_months: Mapped[int | None]
    reward_total_wan: Mapped[Decimal | None]
    owner_cash_wan: Mapped[Decimal | None]
    public_fund_wan: Mapped[Decimal | None]
    rnd_budget_wan: Mapped[Decimal | None]
    """What the owner spends on the work in all; asked for by programmes that fund a part of it."""
    payment_plan: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{milestone, percent}`` each, summing to 100."""
    ip_terms: Mapped[str] = mapped_column(sa.String(20), default="")
    ip_terms_text: Mapped[str] = mapped_column(sa.Text, default="")
    bidder_requirements: Mapped[str] = mapped_column(sa.Text, default="")
    restrictions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Limits of who may bid: ``{kind, text, legal_basis}`` each."""
    is_consortium_allowed: Mapped[bool] = mapped_column(default=True)
    max_members: Mapped[int] = mapped_column(default=4)
    award_count: Mapped[int] = mapped_column(default=1)
    is_race: Mapped[bool] = mapped_column(default=False)
    question_deadline_at: Mapped[dt.datetime | None]
    bid_deadline_at: Mapped[dt.datetime | None]
    is_not_secret_declared: Mapped[bool] = mapped_column(default=False)
    is_funding_pledged: Mapped[bool] = mapped_column(default=False)
    publish_at: Mapped[dt.datetime | None]
    """When an approved challenge is published by itself."""
    suspended_at: Mapped[dt.datetime | None]
    """Since when the clock stands still."""
    keys_released_at: Mapped[dt.datetime | None]
    """When the first holder released a key; from then on no deadline moves."""
    cancel_requested_at: Mapped[dt.datetime | None]
    """When the owner asked the authority to cancel it."""
    cancel_request: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """``{reason_code, text}`` of that request."""
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    """The challenge without an award that this one posts again."""
    n_relistings: Mapped[int] = mapped_column(default=0)
    """How many challenges of the same line came before."""
    relisting_note: Mapped[str] = mapped_column(sa.Text, default="")
    """What was looked at once more: indicators, price, term."""
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Public result of a finished competition: winners, reserve, reasons of no award."""
    ended_bids: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many submitted bids ended without a verdict, by the code of why; public from the deadline on."""
    __mapper_args__ = {"polymorphic_identity": "challenge", "polymorphic_load": "selectin"}  # noqa: RUF012

    programme: Mapped[Programme | None] = relationship(lazy="raise_on_sql")
    kpis: Mapped[list[Kpi]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Kpi.position", passive_deletes=True
    )

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether bids are taken: published, and ``now`` (aware) before the deadline."""
        return self.state == "published" and self.bid_deadline_at is not None and now < self.bid_deadline_at


class KpiVisibility(StrEnum):
    """Who may read an indicator."""

    PUBLIC = "public"
    AFTER_NDA = "nda"


class Kpi(Model):
    """One indicator of a challenge; the same id runs through commitment, milestone and acceptance."""

    __tablename__ = "kpis"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "code"),
        sa.CheckConstraint(f"weight BETWEEN 0 AND {100 * Amount.scale}", name="weight_range"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(10))
    """``K01``."""
    name: Mapped[str] = mapped_column(sa.String(120))
    is_core: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(sa.String(20), default="technical")
    operator: Mapped[str] = mapped_column(sa.String(10))
    target: Mapped[str] = mapped_column(sa.String(120))
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    baseline: Mapped[str] = mapped_column(sa.String(300), default="")
    test_method: Mapped[str] = mapped_column(sa.String(300), default="")
    condition: Mapped[str] = mapped_column(sa.String(200), default="")
    sample_n: Mapped[int | None]
    verifier: Mapped[str] = mapped_column(sa.String(20), default="")
    is_veto: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[Decimal] = mapped_column(default=Decimal(0))
    param_key: Mapped[str] = mapped_column(sa.String(40), default="")
    visibility: Mapped[KpiVisibility] = mapped_column(
        enum_column(KpiVisibility, "visibility"), default=KpiVisibility.PUBLIC
    )
