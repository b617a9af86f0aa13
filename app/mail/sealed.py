"""Messages that nobody may connect with a competition: what is stored of them, and how it is read again."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.core import box
from app.core.sealing import is_readable
from app.mail.models import MailMessage, MailState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EMPTY: dict[str, Any] = {"user_id": None, "recipient": "", "locale": "", "subject": "", "raw": b""}
UNIQUE = ("message_id", "dedupe_key")
BATCH = 200


def sealed(row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a message with everything that tells of its reader in the box."""
    told = {name: row[name] for name in (*EMPTY, *UNIQUE)}
    told |= {"user_id": str(row["user_id"] or ""), "raw": base64.b64encode(row["raw"]).decode()}
    tags = {name: box.tag(name, row[name]) for name in UNIQUE}
    return {**row, **EMPTY, **tags, "box": box.lock_json(told, about=_about(row["id"]))}


def opened(mail_id: uuid.UUID, locked: bytes) -> dict[str, Any]:
    """Return the columns as they were before ``sealed``. Raises BoxError."""
    told: dict[str, Any] = box.unlock_json(locked, about=_about(mail_id))
    return {
        **told,
        "user_id": uuid.UUID(told["user_id"]) if told["user_id"] else None,
        "raw": base64.b64decode(told["raw"]),
    }


def disclose(session: Session) -> int:
    """Put the columns of messages back whose competition has been opened, a batch at a time; return how many."""
    over = (MailMessage.box.is_not(None), is_readable(MailMessage.sealed_by), MailMessage.state != MailState.SENDING)
    query = sa.select(MailMessage).where(*over).order_by(MailMessage.id).limit(BATCH).with_for_update()
    mails = session.scalars(query.options(undefer(MailMessage.box))).all()
    for mail in mails:
        for name, value in opened(mail.id, mail.box or b"").items():
            setattr(mail, name, value)
        mail.box = None
    session.flush()
    return len(mails)


def _about(mail_id: uuid.UUID) -> str:
    return f"mail_messages:{mail_id}"
