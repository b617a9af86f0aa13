"""Every message the portal has sent or means to send."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column
from app.core.sealing import SealedBy


class MailState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """Never handed over: the address had asked for no more, or does not exist."""


class Suppression(StrEnum):
    """Why no mail goes to an address any more."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"


class ReportKind(StrEnum):
    """What a mail server, or a reader through one, has reported."""

    BOUNCE = "bounce"
    DELAY = "delay"
    COMPLAINT = "complaint"


class MailMessage(Model):
    """One message to one address, complete as bytes; its Message-ID never changes.

    Of a sealed message everything that tells of its reader is in the box (``app.mail.sealed``); columns of the same
    names are empty, or hold tags where they must be unique.
    """

    __tablename__ = "mail_messages"
    __table_args__ = (
        sa.CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="lease_while_sending"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_when_sent"),
        sa.CheckConstraint(
            "box IS NULL OR (sealed_by IS NOT NULL AND user_id IS NULL AND recipient = '' AND subject = '')",
            name="nobody_named_while_sealed",
        ),
        sa.Index("ix_mail_messages_due", "state", "is_bulk", "next_attempt_at"),
    )

    id: Mapped[PrimaryKey]
    message_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    dedupe_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    """What the message is about, for whom: the same thing is never said twice."""
    template: Mapped[str] = mapped_column(sa.String(60), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254), index=True)
    locale: Mapped[str] = mapped_column(sa.String(20))
    subject: Mapped[str] = mapped_column(sa.String(300))
    raw: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    state: Mapped[MailState] = mapped_column(enum_column(MailState, "state"), default=MailState.QUEUED)
    is_bulk: Mapped[bool] = mapped_column(default=False)
    """Whether it is one of many that can wait: what somebody has just asked for goes first."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[UtcTime]
    leased_until: Mapped[dt.datetime | None]
    leased_by: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    sealed_by: Mapped[SealedBy]
    box: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[dt.datetime | None]


class MailReport(Model):
    """One report of a mail server (RFC 3464) or of a reader's complaint (RFC 5965); the same one is kept once."""

    __tablename__ = "mail_reports"

    id: Mapped[PrimaryKey]
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """SHA-256 of what was reported: address, original Message-ID, kind and status."""
    kind: Mapped[ReportKind] = mapped_column(enum_column(ReportKind, "kind"))
    address: Mapped[str] = mapped_column(sa.String(254), index=True)
    status: Mapped[str] = mapped_column(sa.String(20), default="")
    """``5.1.1`` and the like; empty for complaints."""
    diagnostic: Mapped[str] = mapped_column(sa.String(500), default="")
    mail_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("mail_messages.id", ondelete="SET NULL"), index=True
    )
    received_at: Mapped[UtcTime]


class MailSuppression(Model):
    """An address to which nothing is sent until somebody at the desk lifts this row."""

    __tablename__ = "mail_suppressions"

    address: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    """In lower case."""
    reason: Mapped[Suppression] = mapped_column(enum_column(Suppression, "reason"))
    detail: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[CreatedAt]
