"""Autosaved form input."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model, PrimaryKey, UpdatedAt


class FormDraft(Model):
    """One person's unsaved input to one form about one subject, exactly as typed."""

    __tablename__ = "form_drafts"
    __table_args__ = (sa.UniqueConstraint("user_id", "form", "subject"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40))
    """The id of what is edited, or ``new``."""
    values: Mapped[dict[str, Any]]
    updated_at: Mapped[UpdatedAt]
