"""Messages: made once, kept, and never made twice."""

from __future__ import annotations

import uuid
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

POKE = "mail_to_look_at"
"""Where a session notes that it has queued mail, until its transaction is committed."""


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
    head, mail_id = letterhead.current(), uuid.uuid4()
    # What the reader's mailbox keeps of a sealed message must not lead to its row.
    message_id = f"<{(uuid.uuid4() if sealed_by else mail_id).hex}@{head.domain}>"
    rendered = render(template, locale=locale, context=context)
    try:
        raw = compose(
            rendered,
            letterhead=head,
            message_id=message_id,
            recipient=recipient,
            locale=locale,
            now=now,
            headers=headers or {},
            calendar=calendar,
        )
    except (ValueError, IndexError) as error:  # the standard library's answers to a malformed address
        raise RuleViolation("This is not an e-mail address.", code="bad_address", field="email") from error
    row = {
        "id": mail_id,
        "message_id": message_id,
        "dedupe_key": dedupe_key,
        "template": template,
        "user_id": user_id,
        "recipient": recipient,
        "locale": locale,
        "subject": rendered.subject[:300],
        "raw": raw,
        "state": MailState.QUEUED,
        "next_attempt_at": now,
        "created_at": now,
        "sealed_by": sealed_by,
    }
    return _insert(session, sealed(row) if sealed_by else row)


def _insert(session: Session, row: dict[str, Any]) -> MailMessage | None:
    """Insert a message unless somebody has just used its key."""
    statement = insert_into(session, MailMessage).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"])
    mail = session.scalar(statement.returning(MailMessage))
    if mail is not None:
        session.info[POKE] = True
    return mail


def resend(session: Session, *, actor: Actor, mail_id: uuid.UUID, now: dt.datetime) -> MailMessage:
    """Queue a message that failed once more, unchanged. Raises NotFound, NotAllowed or Conflict."""
    policy.can_resend(actor).enforce()
    known = (MailMessage.id == mail_id, is_readable(MailMessage.sealed_by))
    query = sa.select(MailMessage).where(*known).with_for_update()
    mail = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if mail is None:
        raise NotFound("There is no such message.", code="mail_not_found")
    if mail.state is not MailState.FAILED:
        raise Conflict("Only a message that failed can be sent again.", code="mail_not_failed")
    mail.state, mail.attempts, mail.next_attempt_at = MailState.QUEUED, 0, now
    audit.record(session, actor, "mail.resend", "mail", mail.id, label=mail.subject)
    session.info[POKE] = True
    return mail
