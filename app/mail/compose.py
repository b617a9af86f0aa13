"""From what is to be said to the bytes that say it.

The parts are written out here and not by the standard library's generator, which takes most of the time of a large
run; folding and encoding of headers are the library's. Tests read every message back with the library's parser.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from app.core.clock import SHANGHAI
from app.mail.addresses import ascii_domain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from app.mail.letterhead import Letterhead
    from app.mail.render import Rendered

LINE = 76
CRLF = "\r\n"


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
    if "\n" in rendered.subject or "\r" in rendered.subject:
        raise ValueError("a subject may not contain linefeed or carriage return characters")
    boundary = "=_" + message_id.strip("<>").partition("@")[0]
    head = [
        *_verbatim(headers),
        _folded("From", str(letterhead.address)),
        f"To: {_mailbox(recipient)}",
        _folded("Subject", rendered.subject),
        f"Date: {format_datetime(now.astimezone(SHANGHAI))}",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f"Content-Language: {locale.replace('_', '-')}",
    ]
    ways = [
        _part("text/plain; charset=utf-8", rendered.text),
        _part("text/html; charset=utf-8", rendered.html),
    ]
    body = _parts("alternative", boundary, ways) if calendar is None else _with_calendar(calendar, boundary, ways)
    return (CRLF.join(head) + CRLF + body).encode("ascii")


def _with_calendar(calendar: CalendarPart, boundary: str, ways: list[str]) -> str:
    """Add the calendar twice: as a third way to read the message, for calendars, and as a file, for all others."""
    kind, text = f'text/calendar; charset=utf-8; method="{calendar.method}"', calendar.content.decode("utf-8")
    inner = _parts("alternative", boundary + "_1", [*ways, _part(kind, text)])
    file = _part(kind, text, 'Content-Disposition: attachment; filename="invite.ics"')
    return _parts("mixed", boundary, [inner, file])


def _parts(kind: str, boundary: str, parts: list[str]) -> str:
    """Return a multipart body with its own headers."""
    opened = "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"{CRLF}{CRLF}{opened}--{boundary}--{CRLF}'


def _part(kind: str, text: str, *more: str) -> str:
    """Return a part in base64, its lines ended as mail wants them."""
    lines = text.replace(CRLF, "\n").removesuffix("\n").replace("\n", CRLF) + CRLF
    encoded = base64.b64encode(lines.encode("utf-8")).decode("ascii")
    folded = [encoded[start : start + LINE] for start in range(0, len(encoded), LINE)]
    headers = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *more]
    return CRLF.join([*headers, "", *folded, ""])


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> str:
    """Return a header as the standard library folds and encodes it; one run repeats few subjects and one sender."""
    return str(policy.SMTP.header_factory(name, value).fold(policy=policy.SMTP)).removesuffix(CRLF)


def _mailbox(recipient: str) -> str:
    """Return the address of one mailbox, in ASCII. Raises ValueError or IndexError for anything else."""
    address = str(Address(addr_spec=ascii_domain(recipient)))
    if not address.isascii() or not address.isprintable():
        raise ValueError("the local part of an address must be printable ASCII")
    return address


def _verbatim(headers: Mapping[str, str]) -> list[str]:
    """Return ASCII headers as they are: the library would fold and encode a long address, which breaks it."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any(not line.isascii() or not line.isprintable() or len(line) > 998 for line in lines):
        raise ValueError("headers of machines are printable ASCII lines of at most 998 characters")
    return lines
