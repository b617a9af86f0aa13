"""Match runs, suggestions of the model, and the words that administrators taught."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column
from app.demands.models import Need
from app.matchmaking.workflow import RankerOutcome, SuggestionState


class MatchRun(Model):
    """One computation of suggestions."""

    __tablename__ = "match_runs"

    id: Mapped[PrimaryKey]
    model_version: Mapped[str] = mapped_column(sa.String(80))
    trigger: Mapped[str] = mapped_column(sa.String(60))
    """``catalogue``, ``need``, ``on_demand``, …"""
    started_at: Mapped[UtcTime]
    finished_at: Mapped[dt.datetime | None]
    n_needs: Mapped[int] = mapped_column(default=0)
    n_products: Mapped[int] = mapped_column(default=0)
    n_suggestions: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    requested_by: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)


class Suggestion(Model):
    """The model's proposal to pair a need with a firm, carried by the firm's best product."""

    __tablename__ = "suggestions"
    __table_args__ = (
        sa.UniqueConstraint("need_id", "supplier_id"),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name="score_range"),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name="decided_at_when_decided"
        ),
        sa.CheckConstraint("state <> 'rejected' OR reason_code <> ''", name="reason_when_rejected"),
        sa.CheckConstraint("(state = 'deferred') = (deferred_until IS NOT NULL)", name="day_when_deferred"),
        sa.Index("ix_suggestions_state_score", "state", "score"),
    )

    id: Mapped[PrimaryKey]
    need_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("chip_products.id", ondelete="CASCADE"), index=True)
    state: Mapped[SuggestionState] = mapped_column(
        enum_column(SuggestionState, "state"), default=SuggestionState.SUGGESTED
    )
    score: Mapped[float]
    rank: Mapped[int]
    n_musts: Mapped[int] = mapped_column(default=0)
    n_musts_met: Mapped[int] = mapped_column(default=0)
    n_musts_violated: Mapped[int] = mapped_column(default=0)
    n_musts_unknown: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[dict[str, Any]]
    """Evidence as shown: contributions, terms, verdicts, missing, counterfactuals."""
    model_version: Mapped[str] = mapped_column(sa.String(80))
    computed_at: Mapped[UtcTime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    deferred_until: Mapped[dt.datetime | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """Stays on top of the queue, also when the model would no longer suggest it."""
    reason_code: Mapped[str] = mapped_column(sa.String(40), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    supplier: Mapped[Organization] = relationship(lazy="raise_on_sql")
    product: Mapped[ChipProduct] = relationship(lazy="raise_on_sql")


class LexiconEntry(Model):
    """Words that mean the same, or point to a category, beside those the engine ships with."""

    __tablename__ = "lexicon_entries"
    __table_args__ = (
        sa.CheckConstraint("zh <> '' OR en <> ''", name="some_form"),
        sa.CheckConstraint("code <> '' OR (zh <> '' AND en <> '')", name="category_or_both_languages"),
    )

    id: Mapped[PrimaryKey]
    zh: Mapped[str] = mapped_column(sa.Text, default="")
    """Chinese forms, one a line."""
    en: Mapped[str] = mapped_column(sa.Text, default="")
    """English forms, one a line."""
    code: Mapped[str] = mapped_column(sa.String(10), default="", index=True)
    """Chip or terminal category they point to; "" for a mere translation."""
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    updated_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class CategoryChange(Model):
    """What the desk changed about a category that ships, names or place; or a category that it added."""

    __tablename__ = "category_changes"
    __table_args__ = (
        sa.CheckConstraint("(zh = '') = (en = '')", name="both_names"),
        sa.CheckConstraint("merged_into <> code", name="another_category"),
    )

    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    zh: Mapped[str] = mapped_column(sa.String(60), default="")
    """Empty, and ``en`` too, for the names that ship."""
    en: Mapped[str] = mapped_column(sa.String(60), default="")
    keys: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    """Parameters an added chip category is specified by, one a line; empty for those of its parent."""
    merged_into: Mapped[str] = mapped_column(sa.String(10), default="", index=True)
    withdrawn_at: Mapped[dt.datetime | None]
    """When an added category was taken back; its row stays, so that its code is not given again."""
    updated_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class RankerProposal(Model):
    """Weights learnt from decisions: adopted when they would have ranked better, else kept to be read."""

    __tablename__ = "ranker_proposals"
    __table_args__ = (
        sa.CheckConstraint("is_adopted = (outcome = 'better')", name="adopted_when_better"),
        sa.CheckConstraint("(gain IS NULL) = (outcome = 'too_few')", name="gain_when_tried"),
        sa.Index("ix_ranker_proposals_created_at", "created_at"),
    )

    id: Mapped[PrimaryKey]
    version: Mapped[str] = mapped_column(sa.String(80))
    base_version: Mapped[str] = mapped_column(sa.String(80))
    """The weights that were in use."""
    shipped_version: Mapped[str] = mapped_column(sa.String(80))
    """The engine's own weights at that time; those of a newer engine set adopted ones aside."""
    created_at: Mapped[UtcTime]
    is_adopted: Mapped[bool]
    outcome: Mapped[RankerOutcome] = mapped_column(enum_column(RankerOutcome, "outcome"))
    n_needs: Mapped[int]
    """Needs with both kinds of judgement."""
    n_judgements: Mapped[int]
    quality_before: Mapped[float | None]
    """Mean nDCG@10 over needs that were left out of the fit, and so below."""
    quality_after: Mapped[float | None]
    gain: Mapped[float | None]
    gain_low: Mapped[float | None]
    gain_high: Mapped[float | None]
    weights: Mapped[dict[str, Any]]
    weights_before: Mapped[dict[str, Any]]
    intercept: Mapped[float]
    requested_by: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)
