"""A real SMTP server on loopback that keeps what it is given, or misbehaves on demand."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import Enum, auto
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

START_SECONDS = 10
HANG_SECONDS = 60


class Behaviour(Enum):
    """How the server treats the next message."""

    ACCEPT = auto()
    REFUSE = auto()
    """Says 550 to every recipient: no such mailbox."""
    DISTRUST = auto()
    """Says 550 to every recipient: not from you."""
    GREYLIST = auto()
    """Says 451 to a recipient the first time, and accepts from then on."""
    BREAK = auto()
    """Hangs up in the middle of the data, before it has all of the message."""
    DROP = auto()
    """Keeps the message and hangs up without a word, so that the sender cannot know."""
    HANG = auto()
    """Takes the message and never answers."""


@dataclass(frozen=True)
class ReceivedMail:
    """One message as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


@dataclass
class SmtpServer:
    """A running server; set ``behaviour`` between two messages to change its mind."""

    behaviour: Behaviour = Behaviour.ACCEPT
    host: str = "127.0.0.1"
    port: int = 0
    messages: list[ReceivedMail] = field(default_factory=list)
    hang_after: int | None = None
    """Takes this many messages and never answers the next one, which it does not keep."""
    _hangs: threading.Event = field(default_factory=threading.Event)
    _seen: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The value of MAIL_URL that leads here."""
        return f"smtp://{self.host}:{self.port}"

    def wait_until_it_hangs(self) -> None:
        """Return when a sender waits for an answer that does not come; raise TimeoutError when none does."""
        if not self._hangs.wait(HANG_SECONDS):
            raise TimeoutError("no message came as far as its data")

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a recipient, or say why not."""
        if self.behaviour is Behaviour.REFUSE:
            return "550 5.1.1 No such mailbox"
        if self.behaviour is Behaviour.DISTRUST:
            return "550 5.7.1 Your network is blocked"
        if self.behaviour is Behaviour.GREYLIST and address not in self._seen:
            self._seen.add(address)
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message, and answer or not."""
        if self.behaviour is Behaviour.HANG or self.hang_after == len(self.messages):
            self._hangs.set()
            await asyncio.Event().wait()
        self.messages.append(
            ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.original_content or b"")
        )
        if self.behaviour is Behaviour.DROP and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 Message accepted"


class _Conversation(SMTP):
    """The library's conversation, which knows nothing of hanging up within a message."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Take the data, or its first line only."""
        if self.event_handler.behaviour is not Behaviour.BREAK:
            await super().smtp_DATA(arg)
            return
        await self.push("354 Go ahead")
        await self._reader.readline()
        self.transport.abort()


@contextmanager
def smtp_server(behaviour: Behaviour = Behaviour.ACCEPT) -> Iterator[SmtpServer]:
    """Run a server on a free port until the context ends."""
    mailbox = SmtpServer(behaviour)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="smtp", daemon=True)
    thread.start()
    listening = loop.create_server(lambda: _Conversation(mailbox, hostname="mail.test", loop=loop), mailbox.host, 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(START_SECONDS)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        asyncio.run_coroutine_threadsafe(_cancel_the_rest(), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


async def _cancel_the_rest() -> None:
    """End the conversations that still hang."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
