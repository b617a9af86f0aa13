"""Ways out of the house: a folder of .eml files, or an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.mail.addresses import ascii_domain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

TIMEOUT_SECONDS = 30.0
NO_MAILBOX = (550, 551, 553)
"""What servers answer to a recipient whom they do not know."""


class Connection(Protocol):
    """An open way out; used for a batch of messages."""

    def send(self, *, sender: str, recipient: str, raw: bytes, name: str) -> None:
        """Hand one message over. Raises Refused, or Unreachable, after which the connection is of no use."""


class Transport(Protocol):
    """Opens connections; raises Unreachable when the server cannot be talked to."""

    def connect(self) -> AbstractContextManager[Connection]:
        """Open a connection for a batch."""


class Refused(Exception):
    """The server will not take this message: for now, or for good; ``is_of_address``: it knows no such mailbox."""

    def __init__(self, reason: str, *, is_final: bool, is_of_address: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.is_of_address = is_of_address


class Unreachable(Exception):
    """The server does not answer, or stopped in the middle."""


def transport_for(url: str, *, timeout: float = TIMEOUT_SECONDS) -> Transport:
    """Return the transport that MAIL_URL names. Raises ValueError for any other scheme."""
    if url.startswith("folder:"):
        return Folder(Path(url.removeprefix("folder:")))
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("MAIL_URL must be folder:PATH, smtp://HOST or smtps://HOST")
    is_tls = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname,
        port=parts.port or (465 if is_tls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=is_tls,
        starts_tls=parse_qs(parts.query).get("starttls", ["0"])[0] == "1",
        timeout=timeout,
    )


@dataclass(frozen=True, slots=True)
class Folder:
    """Messages as files of a folder, for an installation without a mail server."""

    path: Path

    @contextmanager
    def connect(self) -> Iterator[Folder]:
        """Make sure that the folder exists."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(str(error)) from error
        yield self

    def send(self, *, sender: str, recipient: str, raw: bytes, name: str) -> None:
        """Write ``name.eml`` whole or not at all; the same name again replaces the file."""
        part = self.path / f".{name}.part"
        try:
            part.write_bytes(raw)
            part.replace(self.path / f"{name}.eml")
        except OSError as error:
            raise Unreachable(str(error)) from error


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server (RFC 5321); every step ends within ``timeout`` seconds."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    is_tls: bool = False
    starts_tls: bool = False
    timeout: float = TIMEOUT_SECONDS

    @contextmanager
    def connect(self) -> Iterator[_SmtpConnection]:
        """Greet the server, encrypted and by name where so set."""
        try:
            client = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_told(error)) from error
        try:
            yield _SmtpConnection(client)
        finally:
            _hang_up(client)

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context() if self.is_tls or self.starts_tls else None
        if self.is_tls:
            client: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.starts_tls:
                client.starttls(context=context)
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client


@dataclass(frozen=True, slots=True)
class _SmtpConnection:
    client: smtplib.SMTP

    def send(self, *, sender: str, recipient: str, raw: bytes, name: str) -> None:
        """Hand one message over; the server's words become the reason of a refusal."""
        try:
            self.client.sendmail(sender, [ascii_domain(recipient)], raw)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            if code == 421:
                raise Unreachable(_told(error)) from error
            raise _refusal(code, words, is_of_address=code in NO_MAILBOX) from error
        except smtplib.SMTPResponseException as error:  # 421 means that the server is about to leave
            if error.smtp_code in (-1, 421):
                raise Unreachable(_told(error)) from error
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_told(error)) from error


def _refusal(code: int, words: bytes | str, *, is_of_address: bool = False) -> Refused:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Refused(f"{code} {text}", is_final=code >= 500, is_of_address=is_of_address)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _hang_up(client: smtplib.SMTP) -> None:
    """Say good-bye where somebody still listens."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()
