"""Pairings that administrators approved, and every step the two companies took."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.core import clock
from app.core.models import CreatedAt, Model, PrimaryKey, UtcDateTime, UtcTime, enum_column, one_of
from app.demands.models import Need
from app.matchmaking.workflow import BEFORE_INTRODUCTION, CONFIRMED_BY_BOTH, PairingEvent, PairingState, Side


class Pairing(Model):
    """A need and a firm that an administrator has proposed to each other."""

    __tablename__ = "pairings"
    __table_args__ = (
        sa.UniqueConstraint("need_id", "supplier_id"),
        sa.CheckConstraint(
            "introduced_at IS NULL OR (demand_accepted_at IS NOT NULL AND supply_accepted_at IS NOT NULL)",
            name="introduced_by_both",
        ),
        sa.CheckConstraint(
            f"state = 'expired' OR (state IN ({one_of(*BEFORE_INTRODUCTION)})) = (introduced_at IS NULL)",
            name="introduced_at_from_introduction",
        ),
        sa.CheckConstraint("state NOT IN ('declined', 'dropped') OR decline_reason <> ''", name="reason_when_ended"),
        sa.Index("ix_pairings_state_moved_at", "state", "moved_at"),
        sa.CheckConstraint("demand_id <> supplier_id", name="two_parties"),
    )

    id: Mapped[PrimaryKey]
    suggestion_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("suggestions.id", ondelete="SET NULL"))
    need_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("needs.id"), index=True)
    demand_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    product_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("chip_products.id", ondelete="SET NULL"))
    state: Mapped[PairingState] = mapped_column(enum_column(PairingState, "state"), default=PairingState.PROPOSED)
    score: Mapped[float]
    reasons: Mapped[dict[str, Any]]
    model_version: Mapped[str] = mapped_column(sa.String(80))
    approved_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    proposed_at: Mapped[UtcTime]
    reply_by: Mapped[UtcTime]
    demand_accepted_at: Mapped[dt.datetime | None]
    demand_accepted_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    supply_accepted_at: Mapped[dt.datetime | None]
    supply_accepted_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    introduced_at: Mapped[dt.datetime | None]
    demand_contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who speaks for the maker: whoever accepted, or the owner who took over."""
    supply_contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    moved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    """When the pairing last took a step."""
    reminded_at: Mapped[dt.datetime | None]
    """When both were last told that it stands still."""
    declined_by_side: Mapped[str] = mapped_column(sa.String(10), default="")
    decline_reason: Mapped[str] = mapped_column(sa.String(40), default="")
    decline_text: Mapped[str] = mapped_column(sa.Text, default="")
    ended_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    demand: Mapped[Organization] = relationship(foreign_keys=[demand_id], lazy="raise_on_sql")
    supplier: Mapped[Organization] = relationship(foreign_keys=[supplier_id], lazy="raise_on_sql")
    product: Mapped[ChipProduct | None] = relationship(lazy="raise_on_sql")


class PairingStep(Model):
    """One step of one side: what was done, what was said about it, and the state it led to, if any."""

    __tablename__ = "pairing_steps"
    __table_args__ = (
        sa.Index(
            "uq_pairing_steps_one_confirmation",
            "pairing_id", "event", "side",
            unique=True,
            postgresql_where=sa.text(f"event IN ({one_of(*CONFIRMED_BY_BOTH)})"),
            sqlite_where=sa.text(f"event IN ({one_of(*CONFIRMED_BY_BOTH)})"),
        ),
        sa.Index("ix_pairing_steps_pairing_id_at", "pairing_id", "at"),
    )  # fmt: skip

    id: Mapped[PrimaryKey]
    pairing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"))
    event: Mapped[PairingEvent] = mapped_column(enum_column(PairingEvent, "event"))
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    reached: Mapped[PairingState | None] = mapped_column(enum_column(PairingState, "reached"))
    """The state it led to; None while the other side has to confirm, too."""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the form of the step asked for; JSON."""
    taken_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[UtcTime]
