"""What two introduced companies write to each other."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.models import Model, PrimaryKey, UtcTime, enum_column
from app.files.models import StoredFile
from app.matchmaking.workflow import ReportState, Side


class Message(Model):
    """One message of one side to the other."""

    __tablename__ = "pairing_messages"
    __table_args__ = (sa.Index("ix_pairing_messages_pairing_id_sent_at", "pairing_id", "sent_at"),)

    id: Mapped[PrimaryKey]
    pairing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[UtcTime]
    is_withheld: Mapped[bool] = mapped_column(default=False)
    """Taken out of sight by the authority after a report."""

    author: Mapped[User] = relationship(lazy="raise_on_sql")
    files: Mapped[list[MessageFile]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="MessageFile.position", passive_deletes=True
    )


class MessageFile(Model):
    """A file that came with a message."""

    __tablename__ = "pairing_message_files"

    message_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("pairing_messages.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stored_files.id"), primary_key=True, index=True)
    position: Mapped[int]

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")


class ThreadRead(Model):
    """Until when a person has read a thread."""

    __tablename__ = "pairing_reads"

    pairing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    read_at: Mapped[UtcTime]


class Block(Model):
    """One side wants no more messages in this thread."""

    __tablename__ = "pairing_blocks"

    pairing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"), primary_key=True)
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"), primary_key=True)
    blocked_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    blocked_at: Mapped[UtcTime]


class MessageReport(Model):
    """A message that its reader finds improper, for the authority to judge."""

    __tablename__ = "pairing_reports"
    __table_args__ = (
        sa.UniqueConstraint("message_id"),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_when_decided"),
        sa.CheckConstraint("state = 'open' OR decision <> ''", name="decision_when_decided"),
        sa.Index("ix_pairing_reports_state_reported_at", "state", "reported_at"),
    )

    id: Mapped[PrimaryKey]
    message_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pairing_messages.id", ondelete="CASCADE"))
    state: Mapped[ReportState] = mapped_column(enum_column(ReportState, "state"), default=ReportState.OPEN)
    reason_code: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    reported_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    reported_at: Mapped[UtcTime]
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    """What the authority says of it."""
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]

    message: Mapped[Message] = relationship(lazy="raise_on_sql")
