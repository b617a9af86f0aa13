"""Needs of terminal makers; a challenge is a need with a second block (``app.challenges``)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, enum_column, one_of
from app.demands.workflow import NEVER_PUBLIC, PostingMode, PostingState


class Need(Model):
    """What one organisation's product needs from a chip."""

    __tablename__ = "needs"
    __table_args__ = (
        sa.CheckConstraint("temp_min IS NULL OR temp_max IS NULL OR temp_min < temp_max", name="temperature_order"),
        sa.CheckConstraint("sample_by IS NULL OR sop_on IS NULL OR sample_by < sop_on", name="sample_before_sop"),
        sa.CheckConstraint("target_price_cny IS NULL OR target_price_cny > 0", name="price_positive"),
        sa.CheckConstraint("urgency IS NULL OR urgency BETWEEN 1 AND 5", name="urgency_range"),
        sa.CheckConstraint(
            f"state IN ({one_of(*NEVER_PUBLIC, 'cancelled')}) OR published_at IS NOT NULL",
            name="published_at_when_public",
        ),
        sa.CheckConstraint("state <> 'returned' OR review_opinion <> ''", name="opinion_when_returned"),
        sa.CheckConstraint(
            "mode <> 'matching_need' OR state IN "
            "('draft', 'submitted', 'returned', 'published', 'closed', 'cancelled')",
            name="need_states",
        ),
        sa.Index("ix_needs_mode_state_published_at", "mode", "state", "published_at"),
    )

    id: Mapped[PrimaryKey]
    mode: Mapped[PostingMode] = mapped_column(enum_column(PostingMode, "mode"), default=PostingMode.MATCHING_NEED)
    kind: Mapped[str] = mapped_column(sa.String(10), default="need")
    """Which table holds the rest: ``need`` or ``challenge``."""
    state: Mapped[PostingState] = mapped_column(enum_column(PostingState, "state"), default=PostingState.DRAFT)
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    is_owner_shown: Mapped[bool] = mapped_column(default=True)
    """False: the public sees region and industry only."""
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    terminal_category: Mapped[str] = mapped_column(sa.String(8), default="", index=True)
    end_product: Mapped[str] = mapped_column(sa.String(120), default="")
    subsystem: Mapped[str] = mapped_column(sa.String(120), default="")
    use_description: Mapped[str] = mapped_column(sa.Text, default="")
    quality_grade: Mapped[str] = mapped_column(sa.String(20), default="")
    temp_min: Mapped[float | None]
    temp_max: Mapped[float | None]
    qual_standards: Mapped[list[str]] = mapped_column(default=list)
    package_pref: Mapped[str] = mapped_column(sa.String(120), default="")
    pin_compat_with: Mapped[str] = mapped_column(sa.String(120), default="")
    annual_volume_kpcs: Mapped[int | None]
    """Thousand pieces a year."""
    target_price_cny: Mapped[Decimal | None]
    sample_by: Mapped[dt.date | None]
    sop_on: Mapped[dt.date | None]
    current_supply: Mapped[str] = mapped_column(sa.String(20), default="")
    urgency: Mapped[int | None]
    software_needs: Mapped[str] = mapped_column(sa.Text, default="")
    contact_user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    review_opinion: Mapped[str] = mapped_column(sa.Text, default="")
    n_returns: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {  # noqa: RUF012
        "version_id_col": version,
        "polymorphic_on": "kind",
        "polymorphic_identity": "need",
    }

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    categories: Mapped[list[NeedCategory]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="NeedCategory.code", passive_deletes=True
    )
    params: Mapped[list[NeedParam]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="NeedParam.position", passive_deletes=True
    )


class NeedCategory(Model):
    """A chip category that would answer the need."""

    __tablename__ = "need_categories"

    need_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True, index=True)


class NeedParam(Model):
    """One typed requirement."""

    __tablename__ = "need_params"
    __table_args__ = (sa.CheckConstraint("op IN ('>=', '<=', '=', 'covers', 'has', 'in')", name="operator_known"),)

    id: Mapped[PrimaryKey]
    need_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    op: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[str] = mapped_column(sa.String(120))
    """A number, ``lo~hi`` for covers, ``A|B`` for has and in."""
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    is_must: Mapped[bool] = mapped_column(default=True)
    condition: Mapped[str] = mapped_column(sa.String(200), default="")
