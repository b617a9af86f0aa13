"""From what is to be said to the bytes that say it."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """What a message carries for the reader's calendar: an iCalendar object and its METHOD (RFC 5546)."""

    method: str
    content: bytes


def compose(
    rendered: Rendered,
    *,
    letterhead: Letterhead,
    message_id: str,
    recipient: str,
    locale: str,
    now: dt.datetime,
    headers: Mapping[str, str],
    calendar: CalendarPart | None = None,
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
    if calendar is not None:
        _attach(message, calendar)
    for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary("=_" + message_id.strip("<>").partition("@")[0] + ("" if number == 0 else f"_{number}"))
    return _verbatim(headers) + message.as_bytes()


def _attach(message: EmailMessage, calendar: CalendarPart) -> None:
    """Add the calendar twice: as a third way to read the message, for calendars, and as a file, for all others."""
    text = calendar.content.decode("utf-8")
    parameters = {"method": calendar.method}
    message.add_alternative(text, subtype="calendar", cte="base64", params=parameters)
    message.add_attachment(text, subtype="calendar", cte="base64", params=parameters, filename="invite.ics")


def _verbatim(headers: Mapping[str, str]) -> bytes:
    """Return ASCII headers as they are: the library would fold and encode a long address, which breaks it."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any(not line.isascii() or not line.isprintable() or len(line) > 998 for line in lines):
        raise ValueError("headers of machines are printable ASCII lines of at most 998 characters")
    return "".join(line + "\r\n" for line in lines).encode("ascii")
