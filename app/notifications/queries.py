"""What the pages of the inbox show."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core.paging import Page, paginate
from app.notifications.models import DigestFrequency, Notification, NotificationPreference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


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
    columns = (NotificationPreference.digest, NotificationPreference.has_event_mail)
    row = session.execute(sa.select(*columns).where(NotificationPreference.user_id == user_id)).one_or_none()
    return Preferences(*row) if row is not None else Preferences()
