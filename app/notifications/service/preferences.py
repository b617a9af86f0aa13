"""What people want to be told."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import User
from app.audit import service as audit
from app.core.actor import Actor
from app.core.errors import NotAllowed, NotFound, RuleViolation
from app.core.upsert import insert_into
from app.notifications.models import DigestFrequency, NotificationPreference

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.notifications.commands import SavePreferences


def save_preferences(session: Session, *, actor: Actor, command: SavePreferences, now: dt.datetime) -> None:
    """Keep what the actor wants to be told. Raises NotAllowed for somebody who is not logged in."""
    if actor.user_id is None:
        raise NotAllowed("Please log in.", code="not_authenticated")
    if (command.quiet_from is None) != (command.quiet_until is None):
        raise RuleViolation("Name both ends of the quiet hours, or none.", code="half_quiet", field="quiet_until")
    _upsert(
        session,
        actor.user_id,
        now,
        digest=command.digest,
        has_event_mail=command.has_event_mail,
        no_mail=list(command.no_mail),
        quiet_from=command.quiet_from,
        quiet_until=command.quiet_until,
        max_daily=command.max_daily,
        counts_clicks=command.counts_clicks,
    )
    audit.record(
        session,
        actor,
        "preferences.save",
        "user",
        actor.user_id,
        digest=command.digest,
        has_event_mail=command.has_event_mail,
        no_mail=list(command.no_mail),
        counts_clicks=command.counts_clicks,
    )


def unsubscribe(session: Session, *, user_id: uuid.UUID, now: dt.datetime) -> None:
    """Switch a person's digest off; a second time changes nothing.

    The caller has checked the signed word of the link. Raises NotFound when the account is gone.
    """
    name = session.scalar(sa.select(User.name).where(User.id == user_id))
    if name is None:
        raise NotFound("This account no longer exists, and gets no digest.", code="user_gone")
    preference = session.scalar(
        sa.select(NotificationPreference.digest).where(NotificationPreference.user_id == user_id)
    )
    if preference is not DigestFrequency.OFF:
        _upsert(session, user_id, now, digest=DigestFrequency.OFF)
        reader = Actor(user_id=user_id, name=name)
        audit.record(session, reader, "digest.unsubscribe", "user", user_id)


def _upsert(session: Session, user_id: uuid.UUID, now: dt.datetime, **values: Any) -> None:
    values["updated_at"] = now
    statement = insert_into(session, NotificationPreference).values(user_id=user_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
