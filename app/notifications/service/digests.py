"""Making digests."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.core.errors import Conflict, RuleViolation
from app.mail.service import queue_mail
from app.notifications import digest_content, digest_mail, links, policy
from app.notifications.models import Digest, DigestDeadline, DigestFrequency, DigestItem
from app.notifications.recipients import Reader, load_reader
from app.outbox.service import enqueue

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.mail.models import MailMessage
    from app.notifications.digest_content import DigestContent

RUNS = ("daily", "weekly", "all")


def send_digest(session: Session, *, user_id: uuid.UUID, now: dt.datetime, period: str = "") -> Digest | None:
    """Make one person's digest of a period (default: the running one) with its items and its message.

    All of it is one transaction; a second call for the same period makes nothing. Returns None when there is
    nothing to say, when it has been said, or when the person has switched the digest off. Raises NotFound when
    the person cannot act for an organisation.
    """
    reader = load_reader(session, user_id, is_locking=True)
    if reader.frequency is DigestFrequency.OFF:
        return None
    period = period or digest_content.period(reader.frequency, now)
    if _is_made(session, user_id, period):
        return None
    content = digest_content.build(session, reader, now=now)
    if not content:
        return None
    path = digest_mail.unsubscribe_path(reader)
    mail = queue_mail(
        session,
        template=digest_mail.TEMPLATE,
        user_id=user_id,
        recipient=reader.email,
        locale=reader.locale,
        dedupe_key=f"digest:{user_id}:{period}",
        context=digest_mail.context(reader, content, unsubscribe_path=path),
        now=now,
        headers=digest_mail.headers(path),
    )
    return _keep(session, reader, content, mail, period=period, now=now) if mail is not None else None


def _is_made(session: Session, user_id: uuid.UUID, period: str) -> bool:
    made = sa.select(Digest.id).where(Digest.user_id == user_id, Digest.period == period)
    return session.scalar(made) is not None


def _keep(
    session: Session,
    reader: Reader,
    content: DigestContent,
    mail: MailMessage,
    *,
    period: str,
    now: dt.datetime,
) -> Digest:
    """Note what has been told, so that it is not told again."""
    digest_id = uuid.uuid4()
    digest = Digest(
        id=digest_id,
        user_id=reader.user_id,
        period=period,
        mail_id=mail.id,
        n_items=len(content.entries),
        created_at=now,
    )
    session.add(digest)
    session.flush()
    session.add_all(
        DigestItem(digest_id=digest_id, user_id=reader.user_id, pairing_id=entry.pairing_id, position=position)
        for position, entry in enumerate(content.entries, start=1)
    )
    session.add_all(
        DigestDeadline(digest_id=digest_id, user_id=reader.user_id, challenge_id=entry.challenge_id)
        for entry in content.deadlines
    )
    session.flush()
    return digest


def send_now(session: Session, *, actor: Actor, user_id: uuid.UUID, now: dt.datetime) -> Digest:
    """Make one person's digest of the running period at the desk's request.

    Raises NotAllowed, NotFound, Conflict when the period has had its digest, or RuleViolation when the person
    wants none or there is nothing to say.
    """
    policy.can_send_digests(actor).enforce()
    reader = load_reader(session, user_id, is_locking=True)
    if reader.frequency is DigestFrequency.OFF:
        raise RuleViolation("This person has switched the digest off.", code="digest_off")
    if _is_made(session, user_id, digest_content.period(reader.frequency, now)):
        raise Conflict("This person has had the digest of this period.", code="digest_made")
    digest = send_digest(session, user_id=user_id, now=now)
    if digest is None:
        raise RuleViolation("There is nothing new to tell this person.", code="digest_empty")
    audit.record(session, actor, "digest.send", "user", user_id, label=reader.name, period=digest.period)
    return digest


def queue_run(session: Session, *, actor: Actor, frequency: str, now: dt.datetime) -> None:
    """Queue a run over everybody who wants the digest that often: ``daily``, ``weekly`` or ``all``.

    Who has had the digest of the running period gets no second one. Raises NotAllowed or RuleViolation.
    """
    policy.can_send_digests(actor).enforce()
    if frequency not in RUNS:
        raise RuleViolation("Choose which digests to make.", code="unknown_frequency", field="frequency")
    payload = {"frequency": frequency}
    job_id = enqueue(
        session, "digests.run", now=now, key=f"digests.run:{frequency}", requested_by=actor.user_id, payload=payload
    )
    audit.record(session, actor, "digest.run", "job", job_id, label=frequency)


def send_test_digest(session: Session, *, actor: Actor, user_id: uuid.UUID, now: dt.datetime) -> MailMessage:
    """Send the actor what a person's next digest would say; nothing counts as told.

    Raises NotAllowed, NotFound, or RuleViolation when there is nothing to say.
    """
    policy.can_send_digests(actor).enforce()
    reader = load_reader(session, user_id)
    content = digest_content.build(session, reader, now=now)
    if not content:
        raise RuleViolation("There is nothing new to tell this person.", code="digest_empty")
    mail = queue_mail(
        session,
        template=digest_mail.TEMPLATE,
        user_id=actor.user_id,
        recipient=actor.email,
        locale=reader.locale,
        dedupe_key=f"digest-test:{uuid.uuid4()}",
        context=digest_mail.context(reader, content, unsubscribe_path=links.unsubscribe(links.PREVIEW_TOKEN)),
        now=now,
    )
    if mail is None:  # pragma: no cover - the key was made a moment ago
        raise RuntimeError("a fresh key was taken")
    audit.record(session, actor, "digest.test", "user", user_id, mail_id=str(mail.id))
    return mail
