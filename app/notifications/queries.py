"""What the pages of the inbox and of the desk's digests show."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.core.clock import SHANGHAI
from app.core.paging import PAGE_SIZE, Page, paginate
from app.mail.models import MailMessage, MailState
from app.notifications import recipients
from app.notifications.models import Digest, DigestClick, DigestFrequency, Notification, NotificationPreference
from app.outbox.topics import Topic

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

CLICK_DAYS = 30


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One line of the inbox."""

    id: uuid.UUID
    kind: str
    payload: dict[str, Any]
    created_at: dt.datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person is told by mail."""

    digest: DigestFrequency = DigestFrequency.WEEKLY
    has_event_mail: bool = True
    no_mail: tuple[str, ...] = ()
    quiet_from: int | None = None
    quiet_until: int | None = None
    max_daily: int | None = None
    counts_clicks: bool = False

    @property
    def mail(self) -> list[str]:
        """The topics that are mailed, too."""
        return [topic.value for topic in Topic if topic.value not in self.no_mail]


def inbox(session: Session, *, actor: Actor, is_unread_only: bool, page: int) -> Page[InboxLine]:
    """Return one page of the actor's inbox, newest first."""
    query = sa.select(Notification).where(Notification.user_id == actor.user_id)
    if is_unread_only:
        query = query.where(Notification.read_at.is_(None))
    newest = query.order_by(Notification.created_at.desc(), Notification.id)
    return paginate(session, newest, number=page).map(
        lambda row: InboxLine(row.id, row.kind, row.payload, row.created_at, row.read_at is not None)
    )


def unread_count(session: Session, *, actor: Actor) -> int:
    """Return how many lines the actor has not read."""
    unread = sa.select(sa.func.count()).where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
    return session.scalar(unread) or 0


def preferences(session: Session, *, user_id: uuid.UUID | None) -> Preferences:
    """Return what a person wants to be told; who never chose gets the defaults."""
    row = session.get(NotificationPreference, user_id) if user_id is not None else None
    if row is None:
        return Preferences()
    return Preferences(
        row.digest,
        row.has_event_mail,
        tuple(row.no_mail),
        row.quiet_from,
        row.quiet_until,
        row.max_daily,
        row.counts_clicks,
    )


@dataclass(frozen=True, slots=True)
class ClickFigures:
    """How often links of digests were followed lately, of those who allow that it is counted."""

    n_days: int
    n_readers: int
    """How many people allow it now."""
    by_kind: dict[str, int]


def click_figures(session: Session, *, now: dt.datetime) -> ClickFigures:
    """Return the figures of the last 30 days in Shanghai, in two queries."""
    first = now.astimezone(SHANGHAI).date() - dt.timedelta(days=CLICK_DAYS - 1)
    counts = sa.select(DigestClick.kind, sa.func.sum(DigestClick.n)).where(DigestClick.day >= first)
    by_kind = dict(session.execute(counts.group_by(DigestClick.kind)).tuples().all())
    allowing = sa.select(sa.func.count()).where(NotificationPreference.counts_clicks.is_(True))
    return ClickFigures(CLICK_DAYS, session.scalar(allowing) or 0, by_kind)


@dataclass(frozen=True, slots=True)
class DigestReader:
    """One person of the desk's list: how often a digest is wanted, and what became of the last one."""

    user_id: uuid.UUID
    name: str
    email: str
    locale: str
    organization: str
    frequency: DigestFrequency
    last_at: dt.datetime | None
    last_items: int | None
    last_state: MailState | None


def digest_readers(session: Session, *, text: str, frequency: str, page: int) -> Page[DigestReader]:
    """Return one page of the people who can act for a company, by company and name, in two queries."""
    found = _digest_readers().where(*_narrowed(text, frequency))
    total = session.scalar(sa.select(sa.func.count()).select_from(found.order_by(None).subquery())) or 0
    number = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    rows = session.execute(found.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([DigestReader(*row) for row in rows], number, PAGE_SIZE, total)


def frequency_counts(session: Session) -> dict[DigestFrequency, int]:
    """Return how many people want the digest how often."""
    people = recipients.select_readers(recipients.FREQUENCY.label("frequency")).subquery()
    query = sa.select(people.c.frequency, sa.func.count()).group_by(people.c.frequency)
    return {DigestFrequency(frequency): number for frequency, number in session.execute(query)}


def _digest_readers() -> sa.Select[Any]:
    last = sa.select(Digest.id).where(Digest.user_id == User.id).order_by(Digest.created_at.desc(), Digest.id).limit(1)
    columns = (User.id, User.name, User.email, User.locale, Organization.legal_name_zh, recipients.FREQUENCY)
    return (
        recipients.select_readers(*columns, Digest.created_at, Digest.n_items, MailMessage.state)
        .outerjoin(Digest, Digest.id == last.correlate(User).scalar_subquery())
        .outerjoin(MailMessage, MailMessage.id == Digest.mail_id)
        .order_by(Organization.legal_name_zh, User.name, User.id)
    )


def _narrowed(text: str, frequency: str) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if text:
        columns = (User.name, User.email, Organization.legal_name_zh)
        where.append(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if frequency:
        where.append(recipients.FREQUENCY.in_([DigestFrequency(frequency)]))
    return where
