"""Autosaved form input."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import box
from app.core.models import Model, PrimaryKey, UpdatedAt
from app.core.sealing import BoxedJson


class FormDraft(Model):
    """One person's unsaved input to one form about one subject, exactly as typed: in a box, found by its tags."""

    __tablename__ = "form_drafts"

    id: Mapped[PrimaryKey]
    owner: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Tag of person, form and subject."""
    subject: Mapped[str] = mapped_column(sa.String(64), index=True)
    """Tag of form and subject: everybody's input about the same thing."""
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """Whose room the row takes up; empty for a sealed form."""
    values: Mapped[dict[str, Any]] = mapped_column(BoxedJson("form_drafts.values"))
    updated_at: Mapped[UpdatedAt]


def owner_tag(user_id: uuid.UUID | None, form_name: str, subject: str) -> str:
    """Return what finds one person's input."""
    return box.tag("draft of", user_id, form_name, subject)


def subject_tag(form_name: str, subject: str) -> str:
    """Return what finds everybody's input about one subject."""
    return box.tag("draft about", form_name, subject)
