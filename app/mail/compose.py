"""From what is to be said to the bytes that say it."""

from __future__ import annotations

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from app.core.clock import SHANGHAI
from app.mail.addresses import ascii_domain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from app.mail.letterhead import Letterhead
    from app.mail.render import Rendered


def compose(
    rendered: Rendered,
    *,
    letterhead: Letterhead,
    message_id: str,
    recipient: str,
    locale: str,
    now: dt.datetime,
    headers: Mapping[str, str],
) -> bytes:
    """Return a whole message (RFC 5322, CRLF) with a text and an HTML part of equal content.

    It is 7-bit throughout, so that every server carries it unchanged. Raises ValueError when the recipient is
    no address that every server knows (its local part must be ASCII), or a header holds a line end.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = letterhead.address
    message["To"] = Address(addr_spec=ascii_domain(recipient))
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(now.astimezone(SHANGHAI))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="base64")
    message.add_alternative(rendered.html, subtype="html", cte="base64")
    # Only now: the library moves what is called Content-… into the first part.
    message["Content-Language"] = locale.replace("_", "-")
    message.set_boundary("=_" + message_id.strip("<>").partition("@")[0])
    return _verbatim(headers) + message.as_bytes()


def _verbatim(headers: Mapping[str, str]) -> bytes:
    """Return ASCII headers as they are: the library would fold and encode a long address, which breaks it."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any(not line.isascii() or not line.isprintable() or len(line) > 998 for line in lines):
        raise ValueError("headers of machines are printable ASCII lines of at most 998 characters")
    return "".join(line + "\r\n" for line in lines).encode("ascii")
