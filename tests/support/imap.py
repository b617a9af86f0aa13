"""An IMAP server on loopback with one folder, speaking the few commands by which reports are read."""

from __future__ import annotations

import re
import socketserver
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

UIDS_FROM = 41
"""So that no test mistakes the number of a message for its place."""


@dataclass
class ImapFolder:
    """What lies in the folder, and who has read what."""

    messages: list[bytes]
    password: str = "open sesame"
    port: int = 0
    seen: set[int] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The value of MAIL_REPORTS_URL that leads here."""
        return f"imap://reports:open%20sesame@127.0.0.1:{self.port}/Bounces"

    def answer(self, command: str) -> tuple[bytes, str]:
        """Return untagged lines and the status of a command."""
        if command.startswith("LOGIN"):
            return b"", "OK in" if f'"{self.password}"' in command else "NO wrong password"
        if command.startswith("SELECT"):
            exists = b"* %d EXISTS\r\n" % len(self.messages)
            return exists, "OK [READ-WRITE] open" if '"Bounces"' in command else "NO no such folder"
        if command.startswith("UID"):
            return self._on_uids(command), "OK done"
        return (b"* BYE bye\r\n", "OK out") if command == "LOGOUT" else (b"* CAPABILITY IMAP4rev1\r\n", "OK done")

    def _on_uids(self, command: str) -> bytes:
        if command == "UID SEARCH UNSEEN":
            uids = [UIDS_FROM + place for place in range(len(self.messages)) if UIDS_FROM + place not in self.seen]
            return b"* SEARCH " + " ".join(map(str, uids)).encode() + b"\r\n"
        uid = int(re.findall(r"\d+", command)[0])
        if command.startswith("UID STORE"):
            self.seen.add(uid)
            return b""
        raw = self.messages[uid - UIDS_FROM]
        return b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (uid, len(raw), raw)


@contextmanager
def imap_server(*messages: bytes) -> Iterator[ImapFolder]:
    """Run a server with these messages, none of them read, until the context ends."""
    folder = ImapFolder(list(messages))

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _, command = line.decode("ascii").strip().partition(" ")
                told, status = folder.answer(command)
                self.wfile.write(told + f"{tag} {status}\r\n".encode("ascii"))

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)) as folder.port:
        yield folder
