"""Inbox, preferences and digests."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column


class DigestFrequency(StrEnum):
    """How often a person wants the digest of recommended pairings."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"


class NotificationPreference(Model):
    """What one person wants to be told by mail; no row means weekly."""

    __tablename__ = "notification_preferences"
    __table_args__ = (
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_from_and_until"),
        sa.CheckConstraint("max_daily IS NULL OR max_daily > 0", name="max_daily_positive"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[DigestFrequency] = mapped_column(
        enum_column(DigestFrequency, "digest"), default=DigestFrequency.WEEKLY
    )
    has_event_mail: Mapped[bool] = mapped_column(default=True)
    """Whether single events (approved, accepted, returned …) are also mailed."""
    no_mail: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Topics of which only the inbox tells."""
    quiet_from: Mapped[int | None]
    """Hour of the day in Shanghai from which no event is mailed; until ``quiet_until``."""
    quiet_until: Mapped[int | None]
    max_daily: Mapped[int | None]
    """How many single events are mailed in 24 hours at most; the others are in the inbox only."""
    counts_clicks: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether links of the person's digests may be counted; only who allowed it gets links that are."""
    updated_at: Mapped[UpdatedAt]


class Notification(Model):
    """One line in one person's inbox."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "event_key"),
        sa.Index("ix_notifications_user_id_created_at", "user_id", "created_at"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(60))
    event_key: Mapped[str] = mapped_column(sa.String(120))
    """Kind, subject and occurrence: the same event is told once."""
    payload: Mapped[dict[str, Any]]
    """Titles and ids the line is rendered from, in the reader's language."""
    url: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[CreatedAt]
    read_at: Mapped[dt.datetime | None]


class Digest(Model):
    """One digest of one person for one period; made once, with the mail that carries it."""

    __tablename__ = "digests"
    __table_args__ = (sa.UniqueConstraint("user_id", "period"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    period: Mapped[str] = mapped_column(sa.String(20))
    """``2026-11-24`` for a day, ``2026-W48`` for a week, ``2026-11`` for a month, in Asia/Shanghai."""
    mail_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("mail_messages.id"))
    n_items: Mapped[int]
    created_at: Mapped[UtcTime]


class DigestItem(Model):
    """A pairing that a person has been told about by digest; never told again."""

    __tablename__ = "digest_items"
    __table_args__ = (sa.UniqueConstraint("user_id", "pairing_id"),)

    id: Mapped[PrimaryKey]
    digest_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("digests.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    pairing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"))
    position: Mapped[int]


class DigestDeadline(Model):
    """A closing challenge that a person has been reminded of by digest; once is enough."""

    __tablename__ = "digest_deadlines"

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    challenge_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    digest_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("digests.id", ondelete="CASCADE"), index=True)


class DigestClick(Model):
    """How often links of one kind were followed on one day; of whom is not kept."""

    __tablename__ = "digest_clicks"
    __table_args__ = (sa.CheckConstraint("n > 0", name="n_positive"),)

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    """In Shanghai."""
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    n: Mapped[int]
