"""Working days as the desk corrects them."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model


class WorkingDayOverride(Model):
    """A day that differs from the week's rule and from the holidays the portal ships with (调休)."""

    __tablename__ = "working_day_overrides"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(120), default="")
    """Why, or the notice that says so."""
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
