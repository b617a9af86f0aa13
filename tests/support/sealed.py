"""Competitions that are sealed, or opened, whatever the clock says; and everything that tables hold, as text."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core import sealing

if TYPE_CHECKING:
    import pytest
    from sqlalchemy.orm import Session

COMPETITION = uuid.UUID("5ea1ed00-0000-4000-8000-000000000007")


def keep_sealed(patch: pytest.MonkeyPatch, competition: uuid.UUID | None = None) -> None:
    """Let this competition, and no other, be sealed; without one, none."""
    id_ = competition or uuid.uuid4()
    patch.setattr(sealing._Rule, "running", staticmethod(lambda: sa.select(sa.literal(id_, sa.Uuid))))


def told_by(session: Session, *tables: str) -> str:
    """Return everything that the database holds in these tables, as text."""
    rows = [row for table in tables for row in session.execute(sa.text(f"SELECT * FROM {table}")).all()]
    return " ".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )
