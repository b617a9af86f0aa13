"""Searches that people keep."""

from __future__ import annotations

import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column


class SearchKind(StrEnum):
    """The list that is searched."""

    PRODUCTS = "products"
    NEEDS = "needs"
    CHALLENGES = "challenges"


class SavedSearch(Model):
    """One search of one list, kept under a name; shared with the whole organisation or its owner's alone."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "kind", "query"),
        sa.CheckConstraint("NOT is_shared OR organization_id IS NOT NULL", name="shared_within_organization"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[SearchKind] = mapped_column(enum_column(SearchKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(80))
    query: Mapped[str] = mapped_column(sa.String(800))
    """The query string of the list's address, in a fixed order, without page and view."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    has_mail: Mapped[bool] = mapped_column(default=True)
    """Whether new results are named in the digest."""
    looked_until: Mapped[UtcTime]
    """What was published before has been looked at by the search that finds news."""
    created_at: Mapped[CreatedAt]


class SavedSearchFind(Model):
    """One new result of one search; told to each person once at most, whatever searches find it."""

    __tablename__ = "saved_search_finds"
    __table_args__ = (sa.UniqueConstraint("search_id", "subject_id"),)

    id: Mapped[PrimaryKey]
    search_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("saved_searches.id", ondelete="CASCADE"))
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid)
    title: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    """A second line: the firm of a chip, the code of a challenge."""
    found_at: Mapped[UtcTime]


class SavedSearchTold(Model):
    """What a digest has told a person of a search."""

    __tablename__ = "saved_search_told"

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True)
    told_at: Mapped[UtcTime]
