"""Messages: made once, kept, and never made twice."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.audit import service as audit
from app.core import box
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.sealing import is_readable
from app.core.upsert import insert_into
from app.mail import letterhead, policy
from app.mail.compose import compose
from app.mail.models import MailMessage, MailState
from app.mail.render import render
from app.mail.sealed import sealed

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.mail.compose import CalendarPart

MESSAGE_ID = re.compile(rb"^Message-ID: [^\r\n]+", re.MULTILINE)
POKE = "mail_to_look_at"
"""Where a session notes that it has queued mail, until its transaction is committed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said to whom; enough to write the message without asking the database."""

    template: str
    user_id: uuid.UUID | None
    recipient: str
    locale: str
    dedupe_key: str
    """200 characters at most."""
    context: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    calendar: CalendarPart | None = None
    is_bulk: bool = False
    send_at: dt.datetime | None = None
    """Not before; None means at once."""


def queue_mail(  # noqa: PLR0913 - what a message is made of
    session: Session,
    *,
    template: str,
    user_id: uuid.UUID | None,
    recipient: str,
    locale: str,
    dedupe_key: str,
    context: dict[str, Any],
    now: dt.datetime,
    headers: dict[str, str] | None = None,
    calendar: CalendarPart | None = None,
    sealed_by: uuid.UUID | None = None,
    send_at: dt.datetime | None = None,
) -> MailMessage | None:
    """Render ``templates/email/<template>/`` and keep the message in the running transaction.

    The row is its own job: workers deliver whatever is due as soon as it is committed. Returns None when
    the ``dedupe_key`` (200 characters at most) was used before. ``sealed_by`` is the competition that keeps the
    message from the mail log; its row then tells nothing of its reader, and what is said must not tell of the
    competition. Raises RuleViolation for an address that no message can carry.
    """
    stored_key = box.tag("dedupe_key", dedupe_key) if sealed_by else dedupe_key
    if session.scalar(sa.select(MailMessage.id).where(MailMessage.dedupe_key == stored_key)) is not None:
        return None
    letter = Letter(template, user_id, recipient, locale, dedupe_key, context, headers or {}, calendar, send_at=send_at)
    row = written(letter, now=now, sealed_by=sealed_by)
    [kept] = insert_written(session, [row]) or [None]
    return session.get_one(MailMessage, kept) if kept is not None else None


def written(letter: Letter, *, now: dt.datetime, sealed_by: uuid.UUID | None = None) -> dict[str, Any]:
    """Return the row of a message, complete as bytes; asks nothing of the database.

    Raises RuleViolation for an address that no message can carry, or what templates raise.
    """
    head, mail_id = letterhead.current(), uuid.uuid4()
    # What the reader's mailbox keeps of a sealed message must not lead to its row.
    message_id = f"<{(uuid.uuid4() if sealed_by else mail_id).hex}@{head.domain}>"
    rendered = render(letter.template, locale=letter.locale, context=letter.context)
    try:
        raw = compose(
            rendered,
            letterhead=head,
            message_id=message_id,
            recipient=letter.recipient,
            locale=letter.locale,
            now=now,
            headers=letter.headers,
            calendar=letter.calendar,
        )
    except (ValueError, IndexError) as error:  # the standard library's answers to a malformed address
        raise RuleViolation("This is not an e-mail address.", code="bad_address", field="email") from error
    row = {
        "id": mail_id,
        "message_id": message_id,
        "dedupe_key": letter.dedupe_key,
        "template": letter.template,
        "user_id": letter.user_id,
        "recipient": letter.recipient,
        "locale": letter.locale,
        "subject": rendered.subject[:300],
        "raw": raw,
        "state": MailState.QUEUED,
        "is_bulk": letter.is_bulk,
        "next_attempt_at": letter.send_at or now,
        "created_at": now,
        "sealed_by": sealed_by,
    }
    return sealed(row) if sealed_by else row


def insert_written(session: Session, rows: list[dict[str, Any]]) -> set[uuid.UUID]:
    """Insert messages unless their keys were used before; return the ids of those that were new."""
    if not rows:
        return set()
    fresh = insert_into(session, MailMessage).on_conflict_do_nothing(index_elements=["dedupe_key"])
    kept = set(session.scalars(fresh.returning(MailMessage.id), rows))
    if kept:
        session.info[POKE] = True
    return kept


def resend(session: Session, *, actor: Actor, mail_id: uuid.UUID, now: dt.datetime) -> MailMessage:
    """Send a message once more and return the row that goes out. Raises NotFound, NotAllowed or Conflict.

    What has never gone out keeps its row and its Message-ID. What was sent is sent as a new message: programs of its
    reader would take the same Message-ID for the one they have.
    """
    policy.can_resend(actor).enforce()
    known = (MailMessage.id == mail_id, is_readable(MailMessage.sealed_by))
    query = sa.select(MailMessage).where(*known).with_for_update()
    mail = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if mail is None:
        raise NotFound("There is no such message.", code="mail_not_found")
    if mail.state in (MailState.QUEUED, MailState.SENDING):
        raise Conflict("This message is still on its way.", code="mail_on_its_way")
    audit.record(session, actor, "mail.resend", "mail", mail.id, label=mail.subject)
    session.info[POKE] = True
    if mail.state is MailState.SENT:
        return _copy(session, mail, now)
    mail.state, mail.attempts, mail.next_attempt_at = MailState.QUEUED, 0, now
    return mail


def _copy(session: Session, mail: MailMessage, now: dt.datetime) -> MailMessage:
    copy_id = uuid.uuid4()
    message_id = f"<{copy_id.hex}@{letterhead.current().domain}>"
    columns = ("template", "user_id", "recipient", "locale", "subject")
    copy = MailMessage(
        id=copy_id,
        message_id=message_id,
        dedupe_key=f"resend:{mail.id}:{copy_id}",
        raw=MESSAGE_ID.sub(b"Message-ID: " + message_id.encode("ascii"), mail.raw, count=1),
        next_attempt_at=now,
        created_at=now,
        **{name: getattr(mail, name) for name in columns},
    )
    session.add(copy)
    session.flush()
    return copy


def resend_failed(session: Session, *, actor: Actor, now: dt.datetime) -> int:
    """Queue everything that failed once more, for the day after a broken server; return how many. Raises NotAllowed."""
    policy.can_resend(actor).enforce()
    failed = sa.update(MailMessage).where(MailMessage.state == MailState.FAILED, is_readable(MailMessage.sealed_by))
    again = failed.values(state=MailState.QUEUED, attempts=0, next_attempt_at=now).returning(MailMessage.id)
    n_queued = len(session.scalars(again.execution_options(synchronize_session=False)).all())
    if n_queued:
        audit.record(session, actor, "mail.resend_failed", "mail", None, n=n_queued)
        session.info[POKE] = True
    return n_queued
