"""A real HTTP server on loopback that takes what group robots are posted, or misbehaves on demand."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIP_SECONDS = 0.1
LARGE = 64 * 1024


@dataclass
class RobotServer:
    """A running server; set ``answer`` between two posts to change its mind."""

    port: int = 0
    status: int = 200
    answer: dict[str, Any] | bytes = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    """Takes the message and never answers."""
    drips: bool = False
    """Answers a byte at a time, for ever."""
    drops: bool = False
    """Takes the message and hangs up."""
    posts: list[dict[str, Any]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The address of its robot."""
        return f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555"

    @property
    def contents(self) -> list[str]:
        """The texts it was posted."""
        return [post["markdown"]["content"] for post in self.posts]


@contextmanager
def robot_server() -> Iterator[RobotServer]:
    """Run a server until the block ends."""
    there = RobotServer()
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _handler(there))) as there.port:
        try:
            yield there
        finally:
            there.released.set()


def _handler(there: RobotServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server names it
            there.hosts.append(self.headers["Host"])
            there.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            with suppress(OSError):
                self._behave()

        def _behave(self) -> None:
            if there.hangs:
                there.released.wait(10)
                return
            if there.drips:
                self._drip()
                return
            if there.drops:
                return
            body = there.answer if isinstance(there.answer, bytes) else json.dumps(there.answer).encode()
            self.send_response(there.status)
            for name, value in {"Content-Length": str(len(body)), **there.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not there.released.wait(DRIP_SECONDS):
                self.wfile.write(b"a")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler
