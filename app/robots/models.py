"""Group robots and what was posted through them."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.actor import DEFAULT_LOCALE, LOCALES
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column, one_of
from app.core.sealing import BoxedJson
from app.robots.outcome import Reason


class PostState(StrEnum):
    """Where a message to a group stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It left the house, and nobody can say whether it arrived; it is not posted again."""
    SKIPPED = "skipped"
    """It was never posted."""


class GroupRobot(Model):
    """The robot of one group chat of one company; whoever knows its address can post there."""

    __tablename__ = "group_robots"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "url_tag"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_from_and_until"),
        sa.CheckConstraint("max_daily > 0", name="max_daily_positive"),
        sa.CheckConstraint("n_failures >= 0", name="n_failures_not_negative"),
        sa.CheckConstraint(f"locale IN ({one_of(*LOCALES)})", name="locale_known"),
        sa.CheckConstraint("off_reason IS NULL OR off_at IS NOT NULL", name="off_with_reason"),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[dict[str, Any]] = mapped_column(BoxedJson("group_robots.address"))
    """``{"url": …}``; its key is a secret."""
    url_tag: Mapped[str] = mapped_column(sa.String(64))
    """Tells the same address given twice, and nothing else."""
    shown: Mapped[str] = mapped_column(sa.String(300))
    """The address as people may see it: the host, and the last characters of the key."""
    topics: Mapped[list[str]]
    locale: Mapped[str] = mapped_column(sa.String(20), default=DEFAULT_LOCALE)
    quiet_from: Mapped[int | None]
    """Hour of the day in Shanghai from which nothing is posted; until ``quiet_until``."""
    quiet_until: Mapped[int | None]
    max_daily: Mapped[int]
    """How many events are posted in 24 hours at most; what cannot wait is posted beyond."""
    n_failures: Mapped[int] = mapped_column(default=0)
    """Posts that came to nothing since the last one that arrived."""
    off_at: Mapped[dt.datetime | None]
    """Since when nothing is posted."""
    off_reason: Mapped[Reason | None] = mapped_column(enum_column(Reason, "off_reason"))
    """Why the portal switched it off; empty where a person did."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class RobotMessage(Model):
    """One event as it is posted into one group; the same event is posted there once."""

    __tablename__ = "robot_messages"
    __table_args__ = (
        sa.UniqueConstraint("robot_id", "event_key"),
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        sa.Index("ix_robot_messages_robot_id_state_due_at", "robot_id", "state", "due_at"),
        sa.Index("ix_robot_messages_robot_id_created_at", "robot_id", "created_at"),
    )

    id: Mapped[PrimaryKey]
    robot_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group_robots.id", ondelete="CASCADE"))
    event_key: Mapped[str] = mapped_column(sa.String(120))
    """Kind, subject and occurrence, as in the inbox."""
    topic: Mapped[str] = mapped_column(sa.String(20))
    """Empty for a message that somebody tries the robot out with."""
    text: Mapped[str] = mapped_column(sa.String(400))
    """The line of the inbox, in the language of the group."""
    path: Mapped[str] = mapped_column(sa.String(300))
    state: Mapped[PostState] = mapped_column(enum_column(PostState, "state"), default=PostState.QUEUED)
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason, "reason"))
    """Why it did not arrive, or not yet."""
    number: Mapped[int | None]
    """What the other side answered: its ``errcode``, or the status of HTTP."""
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[UtcTime]
    tried_at: Mapped[dt.datetime | None]
    """The last time; messages of one post share it."""
    created_at: Mapped[UtcTime]

    @classmethod
    def is_trial_under_way(cls) -> sa.ColumnElement[bool]:
        """Return the condition that a message tries its robot out and has not come to anything yet."""
        return sa.and_(cls.topic == "", cls.state.in_((PostState.QUEUED, PostState.SENDING)))
