"""An SMTP server in a process of its own that notes every message: ``python -m tests.support.sink FOLDER``.

It writes its port to ``port``, and to ``messages`` one line a message: Message-ID and recipient, flushed before the
message is acknowledged, so that what was accepted is known whatever happens to the sender.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

MESSAGE_ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
START_SECONDS = 20


@dataclass(frozen=True)
class Sink:
    """A running sink, as its parent sees it."""

    folder: Path
    port: int
    pid: int

    @property
    def url(self) -> str:
        """The value of MAIL_URL that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    def arrived(self) -> list[tuple[str, str]]:
        """Return (Message-ID, recipient) of every message that was accepted, in order, doubles included."""
        lines = (self.folder / "messages").read_text(encoding="ascii").splitlines()
        return [(line.split(" ")[0], line.split(" ")[1]) for line in lines]


@contextmanager
def sink(folder: Path) -> Iterator[Sink]:
    """Run a sink until the context ends."""
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([sys.executable, "-m", "tests.support.sink", str(folder)])
    try:
        yield Sink(folder, _port_of(folder), process.pid)
    finally:
        process.terminate()
        process.wait()


def _port_of(folder: Path) -> int:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if (folder / "port").exists():
            return int((folder / "port").read_text(encoding="ascii"))
        time.sleep(0.05)
    raise TimeoutError("the sink does not listen")


class _Notes:
    """Notes messages and throws them away."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        found = MESSAGE_ID.search(envelope.original_content or b"")
        name = found[1].decode("ascii") if found else "-"
        self._file.write(f"{name} {envelope.rcpt_tos[0]}\n")
        self._file.flush()
        return "250 Message accepted"


async def _serve(folder: Path) -> None:
    with (folder / "messages").open("a", encoding="ascii") as file:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(_Notes(file), hostname="sink.test", loop=loop), "127.0.0.1", 0)
        part = folder / "port.part"
        part.write_text(str(server.sockets[0].getsockname()[1]), encoding="ascii")
        part.replace(folder / "port")
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
