"""Calling a group robot: one request to one address, and never longer than a few seconds."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from app.robots import guard
from app.robots.outcome import Fate, Outcome, Reason, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.robots.guard import Rules, Target

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
"""However slowly the other side talks."""
MAX_ANSWER = 16 * 1024


class _Pinned(http.client.HTTPConnection):
    """A connection to the very address that was checked; the name is for its certificate and for ``Host`` only."""

    def __init__(self, target: Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=min(CONNECT_SECONDS, seconds))
        self.default_port = target.port
        self._target = target
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self.is_cut = False
        """Whether what was read may lack its end."""

    def connect(self) -> None:
        """Connect without asking for the name again, and through no proxy."""
        target = self._target
        self.sock = socket.create_connection((target.address, target.port), self.timeout)
        self._timer.start()
        if target.is_tls:
            context = ssl.create_default_context()
            tls = context.wrap_socket(self.sock, server_hostname=target.host, do_handshake_on_connect=False)
            self.sock = tls
            tls.do_handshake()
        self.sock.settimeout(self._timer.interval)

    def close(self) -> None:
        """Close, and let nothing cut off what another connection may use by then."""
        self._timer.cancel()
        super().close()

    def _cut(self) -> None:
        """Cut the connection off: a time limit of a socket starts anew with every byte, this one does not."""
        self.is_cut = True
        with suppress(OSError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def post(
    url: str,
    markdown: str,
    rules: Rules,
    *,
    resolve: Callable[[str, int], list[str]] = guard.resolve,
    seconds: float = TOTAL_SECONDS,
) -> Outcome:
    """Post a text and return what came of it; whatever happens on the way is an outcome, too.

    ``seconds`` is how long all of it may take once the name is known.
    """
    try:
        target = rules.aim(url, resolve)
    except guard.Refused as error:
        fate = Fate.LATER if error.reason is Reason.UNRESOLVED else Fate.NEVER
        return Outcome(fate, error.reason)
    with closing(_Pinned(target, seconds)) as connection:
        try:
            connection.connect()
        except OSError:
            return Outcome(Fate.LATER, Reason.UNREACHABLE)
        return _exchange(connection, target, _body(markdown))


def _exchange(connection: _Pinned, target: Target, body: bytes) -> Outcome:
    """Ask once; from the first byte on nobody can say that nothing has arrived, unless the other side says so."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Connection": "close"}
    try:
        connection.request("POST", target.path, body, headers)
        answer = connection.getresponse()
        told = answer.read(MAX_ANSWER + 1)
    except (OSError, http.client.HTTPException):
        return Outcome(Fate.UNKNOWN, Reason.NO_ANSWER)
    if connection.is_cut:
        return Outcome(Fate.UNKNOWN, Reason.NO_ANSWER)
    return judge(answer.status, told if len(told) <= MAX_ANSWER else b"")


def _body(markdown: str) -> bytes:
    return json.dumps({"msgtype": "markdown", "markdown": {"content": markdown}}, ensure_ascii=False).encode()
