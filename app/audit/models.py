"""The audit trail."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model
from app.core.sealing import SealedBy


class AuditEvent(Model):
    """One change, written in the transaction that made it; triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.Index("ix_audit_events_subject", "subject_type", "subject_id"),
        sa.Index("ix_audit_events_created_at", "created_at"),
    )

    seq: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    created_at: Mapped[CreatedAt]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, index=True)
    """A person; empty for the portal itself. No foreign key: the trail outlives accounts."""
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    capacity: Mapped[str] = mapped_column(sa.String(40))
    """In which role the person acted."""
    organization_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)
    subject_label: Mapped[str] = mapped_column(sa.String(200), default="")
    details: Mapped[dict[str, Any]]
    sealed_by: Mapped[SealedBy]
    request_id: Mapped[str] = mapped_column(sa.String(64), default="")
    ip: Mapped[str] = mapped_column(sa.String(45), default="")
