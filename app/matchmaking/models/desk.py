"""What the desk keeps beside its decisions: pairs left out, saved views of the queue, configurations of runs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column
from app.matchmaking.workflow import RunState


class Exclusion(Model):
    """Two companies that are not suggested to each other for any need."""

    __tablename__ = "pair_exclusions"
    __table_args__ = (
        sa.UniqueConstraint("demand_id", "supplier_id"),
        sa.CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[PrimaryKey]
    demand_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"))
    supplier_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[UtcTime]

    demand: Mapped[Organization] = relationship(foreign_keys=[demand_id], lazy="raise_on_sql")
    supplier: Mapped[Organization] = relationship(foreign_keys=[supplier_id], lazy="raise_on_sql")


class QueueView(Model):
    """A filter of the queue that an officer keeps under a name."""

    __tablename__ = "queue_views"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"), sa.CheckConstraint("name <> ''", name="name_given"))

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(40))
    arguments: Mapped[dict[str, Any]]
    """Names and values of the address."""
    created_at: Mapped[CreatedAt]


class RunConfiguration(Model):
    """A named set of rules for what is suggested, computed and compared before it takes effect."""

    __tablename__ = "run_configurations"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("state <> 'deployed' OR deployed_at IS NOT NULL", name="deployed_at_when_deployed"),
        sa.Index("uq_run_configurations_one_deployed", "state", unique=True,
                 postgresql_where=sa.text("state = 'deployed'"), sqlite_where=sa.text("state = 'deployed'")),
    )  # fmt: skip

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(sa.String(60))
    settings: Mapped[dict[str, Any]]
    state: Mapped[RunState] = mapped_column(enum_column(RunState, "state"), default=RunState.DRAFT)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Gini coefficient, kept fit, curve, and what contradicts; JSON."""
    proposals: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    """Need -> candidates, as they would be stored."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    """Need -> candidates that stood when it was deployed; what undoing brings back."""
    model_version: Mapped[str] = mapped_column(sa.String(80), default="")
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[UtcTime]
    computed_at: Mapped[dt.datetime | None]
    deployed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    deployed_at: Mapped[dt.datetime | None]
    replaced_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("run_configurations.id"))
    """The one that was in use until then; undoing puts it back."""
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012
