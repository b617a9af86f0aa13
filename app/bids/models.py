"""Bids and what they commit to."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.bids.workflow import BidState
from app.challenges.models import Challenge, Kpi
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, enum_column
from app.files.models import StoredFile


class Bid(Model):
    """One firm's answer to one challenge; nobody else reads it before the deadline."""

    __tablename__ = "bids"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (sealed_at IS NOT NULL AND content_hash <> '')",
            name="receipt_when_sealed",
        ),
        sa.CheckConstraint("price_total_wan IS NULL OR price_total_wan > 0", name="price_positive"),
        sa.CheckConstraint("tech_readiness IS NULL OR tech_readiness BETWEEN 1 AND 9", name="readiness_range"),
        sa.Index(
            "uq_bids_one_per_firm",
            "challenge_id",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("state <> 'withdrawn'"),
            sqlite_where=sa.text("state <> 'withdrawn'"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    """The lead bidder."""
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[BidState] = mapped_column(enum_column(BidState, "state"), default=BidState.DRAFT)
    challenge_edition: Mapped[int] = mapped_column(default=1)
    project_name: Mapped[str] = mapped_column(sa.String(120), default="")
    approach: Mapped[str] = mapped_column(sa.Text, default="")
    product_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("chip_products.id"))
    tech_readiness: Mapped[int | None]
    supply_plan: Mapped[str] = mapped_column(sa.Text, default="")
    ip_statement: Mapped[str] = mapped_column(sa.Text, default="")
    price_total_wan: Mapped[Decimal | None]
    self_funding_wan: Mapped[Decimal | None]
    is_pledged: Mapped[bool] = mapped_column(default=False)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Team, milestones, budget lines and other parts of the form that nothing computes with."""
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    """SHA-256 of the canonical content at the moment of sealing (``app.bids.receipt``)."""
    receipt_code: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    sealed_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    commitments: Mapped[list[BidCommitment]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )
    files: Mapped[list[BidFile]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True)


class BidCommitment(Model):
    """What a bid promises for one indicator."""

    __tablename__ = "bid_commitments"
    __table_args__ = (sa.UniqueConstraint("bid_id", "kpi_id"),)

    id: Mapped[PrimaryKey]
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), index=True)
    kpi_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("kpis.id"), index=True)
    committed: Mapped[str] = mapped_column(sa.String(120), default="")
    measured: Mapped[str] = mapped_column(sa.String(120), default="")
    """Empty: not stated."""
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    risk: Mapped[str] = mapped_column(sa.Text, default="")

    kpi: Mapped[Kpi] = relationship(lazy="raise_on_sql")


class BidFile(Model):
    """A file annexed to a bid."""

    __tablename__ = "bid_files"

    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stored_files.id"), primary_key=True)

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
