"""What is known of an uploaded file."""

from __future__ import annotations

import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model, PrimaryKey, enum_column
from app.core.sealing import SealedBy


class ScanState(StrEnum):
    """What the malware scanner said."""

    UNSCANNED = "unscanned"
    CLEAN = "clean"
    INFECTED = "infected"


class StoredFile(Model):
    """One upload; equal content is stored once, under its SHA-256."""

    __tablename__ = "stored_files"
    __table_args__ = (sa.CheckConstraint("size_bytes >= 0", name="size_not_negative"),)

    id: Mapped[PrimaryKey]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    filename: Mapped[str] = mapped_column(sa.String(255))
    purpose: Mapped[str] = mapped_column(sa.String(40))
    """``licence``, ``authorisation``, ``product_import``, ``datasheet``, ``bid``, …"""
    organization_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    uploaded_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    sealed_by: Mapped[SealedBy]
    scan_state: Mapped[ScanState] = mapped_column(enum_column(ScanState, "scan_state"), default=ScanState.UNSCANNED)
    created_at: Mapped[CreatedAt]
