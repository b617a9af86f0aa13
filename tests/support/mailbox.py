"""Reading the messages that wait to be sent."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.mail.models import MailMessage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def templates_to(session: Session, address: str) -> list[str]:
    """Return which messages wait for an address, in the order of their names."""
    query = select(MailMessage.template).where(MailMessage.recipient == address)
    return sorted(session.scalars(query))


def text_of(session: Session, template: str) -> str:
    """Return the plain text of the one message of a template."""
    query = select(MailMessage).where(MailMessage.template == template).options(undefer(MailMessage.raw))
    message = message_from_bytes(session.scalars(query).one().raw, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(session: Session, template: str, containing: str) -> str:
    """Return the path of the link in the one message of a template whose address contains a text."""
    links = re.findall(r"https?://\S+", text_of(session, template))
    return next(urlsplit(link).path for link in links if containing in link)
