"""What the mail log shows: subject and state, never a word of the content."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.core.sealing import is_readable
from app.mail.models import MailMessage, MailReport, MailState, MailSuppression, ReportKind, Suppression

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ROWS = 50
COLUMNS = (
    MailMessage.id,
    MailMessage.template,
    MailMessage.recipient,
    MailMessage.locale,
    MailMessage.subject,
    MailMessage.state,
    MailMessage.attempts,
    MailMessage.next_attempt_at,
    MailMessage.last_error,
    MailMessage.message_id,
    MailMessage.created_at,
    MailMessage.sent_at,
)


@dataclass(frozen=True, slots=True)
class MailFilter:
    """How the log is narrowed; empty values do not narrow."""

    state: MailState | None = None
    template: str = ""
    recipient: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class MailLine:
    """One message without its content."""

    id: uuid.UUID
    template: str
    recipient: str
    locale: str
    subject: str
    state: MailState
    attempts: int
    next_attempt_at: dt.datetime
    last_error: str
    message_id: str
    created_at: dt.datetime
    sent_at: dt.datetime | None


def log(session: Session, *, wanted: MailFilter, page: int) -> Page[MailLine]:
    """Return one page of the log, newest first, in two queries."""
    where = _narrowed(wanted)
    total = session.scalar(sa.select(sa.func.count()).select_from(MailMessage).where(*where)) or 0
    number = min(max(1, page), max(1, -(-total // ROWS)))
    newest = sa.select(*COLUMNS).where(*where).order_by(MailMessage.created_at.desc(), MailMessage.id)
    rows = session.execute(newest.limit(ROWS).offset((number - 1) * ROWS))
    return Page([MailLine(*row) for row in rows], number, ROWS, total)


def message(session: Session, *, mail_id: uuid.UUID) -> MailLine:
    """Return one message without its content. Raises NotFound, also for what is sealed."""
    known = (MailMessage.id == mail_id, is_readable(MailMessage.sealed_by))
    row = session.execute(sa.select(*COLUMNS).where(*known)).one_or_none()
    if row is None:
        raise NotFound("There is no such message.", code="mail_not_found")
    return MailLine(*row)


@dataclass(frozen=True, slots=True)
class SuppressedLine:
    """An address to which nothing goes."""

    address: str
    reason: Suppression
    detail: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a server or a reader."""

    kind: ReportKind
    address: str
    status: str
    diagnostic: str
    mail_id: uuid.UUID | None
    received_at: dt.datetime


def suppressed(session: Session, *, text: str, page: int) -> Page[SuppressedLine]:
    """Return one page of the addresses to which nothing goes, the latest first."""
    query = sa.select(MailSuppression).order_by(MailSuppression.created_at.desc(), MailSuppression.address)
    if text:
        query = query.where(MailSuppression.address.icontains(text, autoescape=True))
    return paginate(session, query, number=page).map(
        lambda row: SuppressedLine(row.address, row.reason, row.detail, row.created_at)
    )


def reports(session: Session, *, mail_id: uuid.UUID | None = None, text: str = "") -> list[ReportLine]:
    """Return the newest reports, of one message or about addresses that hold a text."""
    columns = (MailReport.kind, MailReport.address, MailReport.status, MailReport.diagnostic, MailReport.mail_id)
    query = sa.select(*columns, MailReport.received_at).order_by(MailReport.received_at.desc(), MailReport.id)
    if mail_id is not None:
        query = query.where(MailReport.mail_id == mail_id)
    if text:
        query = query.where(MailReport.address.icontains(text, autoescape=True))
    return [ReportLine(*row) for row in session.execute(query.limit(ROWS))]


def state_counts(session: Session, *, wanted: MailFilter) -> dict[MailState, int]:
    """Return how many messages of the filter are in each state, whatever state it asks for."""
    anywhere = MailFilter(template=wanted.template, recipient=wanted.recipient, text=wanted.text)
    query = sa.select(MailMessage.state, sa.func.count()).where(*_narrowed(anywhere)).group_by(MailMessage.state)
    return dict(session.execute(query).tuples().all())


def _narrowed(wanted: MailFilter) -> list[sa.ColumnElement[Any]]:
    where: list[sa.ColumnElement[Any]] = [is_readable(MailMessage.sealed_by)]
    if wanted.state is not None:
        where.append(MailMessage.state == wanted.state)
    if wanted.template:
        where.append(MailMessage.template == wanted.template)
    if wanted.recipient:
        where.append(MailMessage.recipient.icontains(wanted.recipient, autoescape=True))
    if wanted.text:
        columns = (MailMessage.subject, MailMessage.message_id, MailMessage.last_error)
        where.append(sa.or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return where
