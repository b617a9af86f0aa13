"""The audit trail and the chain that proves it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import CreatedAt, Model
from app.core.sealing import SealedBy

MAIN = uuid.UUID(int=0)
"""The chain of everything that is not sealed; each competition has a chain of its own, called by its id."""


class AuditEvent(Model):
    """One change or reading, written in its transaction; triggers refuse UPDATE and DELETE.

    Of a sealed event the box holds everything (``app.audit.sealed``) and the columns are empty. When its competition
    has been opened, a second row tells in clear text what the box says.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.CheckConstraint(
            "box IS NULL OR (sealed_by IS NOT NULL AND actor_id IS NULL AND organization_id IS NULL "
            "AND subject_id IS NULL AND actor_name = '' AND subject_label = '' AND request_id = '' AND ip = '')",
            name="nobody_named_while_sealed",
        ),
        sa.Index("ix_audit_events_subject", "subject_type", "subject_id"),
        sa.Index("ix_audit_events_created_at", "created_at"),
        sa.Index(
            "ix_audit_events_sealed",
            "sealed_by",
            postgresql_where=sa.text("box IS NOT NULL"),
            sqlite_where=sa.text("box IS NOT NULL"),
        ),
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
    box: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    discloses: Mapped[int | None] = mapped_column(sa.ForeignKey("audit_events.seq"), unique=True)
    """The sealed event that this row tells in clear text."""

    link: Mapped[AuditLink | None] = relationship(lazy="raise_on_sql", viewonly=True)


class AuditLink(Model):
    """The place of an event in its chain, and the hash over the event and the link before; never changed either.

    Numbers have no gaps. Sealed events are not counted in the main chain, so that its numbers tell nothing of them.
    """

    __tablename__ = "audit_links"

    chain: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(sa.ForeignKey("audit_events.seq"), unique=True)
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Model):
    """Where all chains stood on one day, under one published hash that also covers the day before."""

    __tablename__ = "audit_heads"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    created_at: Mapped[CreatedAt]
    chains: Mapped[dict[str, Any]]
    """Chain to number and hash of its last link."""
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
