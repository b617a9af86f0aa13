"""Sending the people at the desk what waits there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.core.clock import SHANGHAI
from app.core.errors import RuleViolation
from app.mail.service import queue_mail
from app.notifications import desk_digest, policy

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.mail.models import MailMessage


def send_desk_digest(session: Session, *, user_id: uuid.UUID, now: dt.datetime) -> MailMessage | None:
    """Send one person the digest of the day in Shanghai, once; None when nothing waits, or it is not wanted.

    Raises NotFound for somebody who does not work at the desk.
    """
    reader = desk_digest.load_reader(session, user_id)
    found = desk_digest.lines(session, reader, now=now) if reader.wants_mail else ()
    if not found:
        return None
    return queue_mail(
        session,
        template=desk_digest.TEMPLATE,
        user_id=user_id,
        recipient=reader.email,
        locale=reader.locale,
        dedupe_key=f"desk-digest:{user_id}:{now.astimezone(SHANGHAI).date()}",
        context=desk_digest.context(reader, found),
        now=now,
    )


def send_test_desk_digest(session: Session, *, actor: Actor, user_id: uuid.UUID, now: dt.datetime) -> None:
    """Send the actor what a person's digest would say now; it does not count as that of the day.

    Raises NotAllowed, NotFound, or RuleViolation when nothing waits.
    """
    policy.can_preview_desk_digest(actor, user_id).enforce()
    reader = desk_digest.load_reader(session, user_id)
    found = desk_digest.lines(session, reader, now=now)
    if not found:
        raise RuleViolation("Nothing waits for this person.", code="desk_digest_empty")
    queue_mail(
        session,
        template=desk_digest.TEMPLATE,
        user_id=actor.user_id,
        recipient=actor.email,
        locale=reader.locale,
        dedupe_key=f"desk-digest-test:{uuid.uuid4()}",
        context=desk_digest.context(reader, found),
        now=now,
    )
    audit.record(session, actor, "digest.test", "user", user_id)
