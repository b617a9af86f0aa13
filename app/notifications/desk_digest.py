"""The digest of the people who work at the desk: how much waits where, since when, and what is overdue."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import selectinload

from app.accounts.models import Role, User
from app.core.actor import StaffRole
from app.core.errors import NotFound
from app.mail.render import Rendered, render
from app.notifications import links, policy
from app.notifications.models import NotificationPreference
from app.outbox.topics import Topic
from app.queues.business import business

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TEMPLATE = "desk_digest"
READERS = (StaffRole.PROVINCIAL_AUTHORITY, StaffRole.OPERATOR, StaffRole.PREFECTURE_AUTHORITY)


@dataclass(frozen=True, slots=True)
class DeskReader:
    """Somebody whose business the queues are."""

    user_id: uuid.UUID
    name: str
    email: str
    locale: str
    actor: Actor
    wants_mail: bool


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One queue as the digest names it: never what waits, only how much."""

    label: str
    n_waiting: int
    since: dt.datetime | None
    due_at: dt.datetime | None
    is_late: bool
    path: str


def readers(session: Session) -> list[DeskReader]:
    """Return everybody whose business the queues are, by name, whether or not they want the mail."""
    return _load(session)


def load_reader(session: Session, user_id: uuid.UUID) -> DeskReader:
    """Return one of them. Raises NotFound for anybody else."""
    found = _load(session, User.id == user_id)
    if not found:
        raise NotFound("Nobody who works at the desk is meant here.", code="no_desk_reader")
    return found[0]


def _load(session: Session, *narrowed: sa.ColumnElement[bool]) -> list[DeskReader]:
    query = (
        sa.select(User, NotificationPreference.no_mail)
        .outerjoin(NotificationPreference, NotificationPreference.user_id == User.id)
        .where(User.active.is_(True), User.confirmed_at.is_not(None), User.roles.any(Role.name.in_(READERS)), *narrowed)
        .options(selectinload(User.roles))
        .order_by(User.name, User.id)
    )
    people = [(user, user.as_actor(), no_mail or ()) for user, no_mail in session.execute(query)]
    return [
        DeskReader(user.id, actor.name, user.email, user.locale, actor, Topic.QUEUES.value not in no_mail)
        for user, actor, no_mail in people
        if policy.can_read_desk_digest(actor)
    ]


def lines(session: Session, reader: DeskReader, *, now: dt.datetime) -> tuple[DeskLine, ...]:
    """Return the queues of a reader in which something waits, in the reader's language; needs an app context."""
    found = business(session, actor=reader.actor, now=now)
    with force_locale(reader.locale):
        return tuple(
            DeskLine(
                label=str(queue.label),
                n_waiting=queue.n_waiting,
                since=queue.since,
                due_at=queue.due_at,
                is_late=queue.is_late(now),
                path=links.desk_page(queue.endpoint, queue.tab),
            )
            for queue in found
        )


def context(reader: DeskReader, found: Sequence[DeskLine]) -> dict[str, Any]:
    """Return what the templates need."""
    return {
        "name": reader.name,
        "lines": found,
        "n_waiting": sum(line.n_waiting for line in found),
        "n_late": sum(line.is_late for line in found),
        "desk_path": links.DESK if reader.actor.is_staff else links.DESK_PAGES["desk_challenges.list"],
        "preferences_path": links.PREFERENCES,
    }


def preview(reader: DeskReader, found: Sequence[DeskLine]) -> Rendered:
    """Return the digest as the reader would get it."""
    return render(TEMPLATE, locale=reader.locale, context=context(reader, found))
