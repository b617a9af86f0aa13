"""The folder of messages as a mailbox, for installations without a mail server."""

from __future__ import annotations

import datetime as dt
import heapq
import uuid
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import NotFound
from app.core.paging import Page

if TYPE_CHECKING:
    from email.message import EmailMessage

ROWS = 30
NAMES = "[0-9a-f]" * 32 + ".eml"
HEAD_BYTES = 16_384
"""The headers of our messages are far shorter."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a list of messages shows of one."""

    id: uuid.UUID
    recipient: str
    subject: str
    written_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, taken apart."""

    envelope: Envelope
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    raw: bytes


def newest(folder: Path, *, number: int) -> Page[Envelope]:
    """Return one page of the messages in the folder, newest first; headers only are read."""
    files = [(path.stat().st_mtime_ns, path.name, path) for path in folder.glob(NAMES)]
    number = min(max(1, number), max(1, -(-len(files) // ROWS)))
    shown = heapq.nlargest(number * ROWS, files)[(number - 1) * ROWS :]
    return Page([_envelope(path) for _, _, path in shown], number, ROWS, len(files))


def letter(folder: Path, mail_id: uuid.UUID) -> Letter:
    """Return one message. Raises NotFound when the folder does not hold it."""
    path = folder / f"{mail_id.hex}.eml"
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("There is no such message.", code="mail_not_found") from error
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    return Letter(
        envelope=_envelope(path),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        raw=raw,
    )


def _envelope(path: Path) -> Envelope:
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=policy.default).parsebytes(file.read(HEAD_BYTES))
    written_at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Envelope(uuid.UUID(path.stem), str(head["To"] or ""), str(head["Subject"] or ""), written_at)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
