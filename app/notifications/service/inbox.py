"""Reading the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core.errors import NotFound
from app.notifications.models import Notification

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def mark_read(session: Session, *, actor: Actor, notification_id: uuid.UUID, now: dt.datetime) -> Notification:
    """Mark one line of the actor's inbox as read and return it; NotFound for everybody else's.

    Reading is no change of business, so it leaves no audit row.
    """
    query = sa.select(Notification).where(Notification.id == notification_id, Notification.user_id == actor.user_id)
    line = session.scalars(query).one_or_none()
    if line is None:
        raise NotFound("There is no such notification.", code="notification_not_found")
    line.read_at = line.read_at or now
    return line


def mark_all_read(session: Session, *, actor: Actor, now: dt.datetime) -> None:
    """Mark every line of the actor's inbox as read."""
    unread = sa.update(Notification).where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
    session.execute(unread.values(read_at=now).execution_options(synchronize_session=False))
