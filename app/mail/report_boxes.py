"""Mailboxes into which reports come: a Maildir of this machine, or a folder of an IMAP server."""

from __future__ import annotations

import imaplib
import mailbox
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_SECONDS = 30.0
MOST = 200
"""How many messages are read at once; the others come next time."""
SEEN = r"(\Seen)"


class ReportBox(Protocol):
    """A mailbox of reports."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of what nobody has read."""

    def mark_read(self, name: str) -> None:
        """Do not yield this message again."""


@contextmanager
def open_box(url: str) -> Iterator[ReportBox]:
    """Open the mailbox that MAIL_REPORTS_URL names.

    Raises ValueError for any other scheme, OSError or imaplib.IMAP4.error when a server cannot be talked to.
    """
    if url.startswith("maildir:"):
        yield _Maildir(mailbox.Maildir(url.removeprefix("maildir:"), create=True))
        return
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise ValueError("MAIL_REPORTS_URL must be maildir:PATH, imap://HOST/FOLDER or imaps://HOST/FOLDER")
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    with kind(parts.hostname, port, timeout=TIMEOUT_SECONDS) as client:
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        status, told = client.select('"' + (unquote(parts.path.strip("/")) or "INBOX") + '"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"cannot open the folder: {told!r}")
        yield _Imap(client)


@dataclass(frozen=True, slots=True)
class _Maildir:
    folder: mailbox.Maildir

    def unread(self) -> Iterator[tuple[str, bytes]]:
        names = [name for name, message in self.folder.iteritems() if "S" not in message.get_flags()]
        for name in sorted(names)[:MOST]:
            yield name, self.folder.get_bytes(name)

    def mark_read(self, name: str) -> None:
        message = self.folder[name]
        message.set_subdir("cur")
        message.add_flag("S")
        self.folder[name] = message


@dataclass(frozen=True, slots=True)
class _Imap:
    client: imaplib.IMAP4

    def unread(self) -> Iterator[tuple[str, bytes]]:
        _, found = self.client.uid("SEARCH", "UNSEEN")
        for uid in re.findall(rb"\d+", found[0] or b"")[:MOST]:
            _, answer = self.client.uid("FETCH", uid.decode("ascii"), "(BODY.PEEK[])")
            whole = [part[1] for part in answer if isinstance(part, tuple)]
            if whole:
                yield uid.decode("ascii"), whole[0]

    def mark_read(self, name: str) -> None:
        self.client.uid("STORE", name, "+FLAGS", SEEN)
