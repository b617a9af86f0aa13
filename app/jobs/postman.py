"""The postman: mail goes out in a thread of its own, so that no long job holds a message up."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

from app.mail.delivery import deliver_due

if TYPE_CHECKING:
    from flask import Flask

    from app.mail.transports import Transport

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often it looks by itself: mail of other processes, and what was put off."""
TURN_SECONDS = 0.0005
"""How soon a thread that computes makes way for one that waits. A message takes more than a dozen turns, and with
Python's own 5 ms for each the mail of a long job would hardly begin to go out before the job ends."""


class Postman:
    """Delivers what is due when called, and now and then; ``start`` and ``stop`` it once."""

    def __init__(self, app: Flask, transport: Transport) -> None:
        self._app = app
        self._transport = transport
        self._called = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="postman", daemon=True)

    def start(self) -> None:
        """Begin to work; from now on the threads of this process take shorter turns."""
        sys.setswitchinterval(TURN_SECONDS)
        self._thread.start()

    def call(self) -> None:
        """Say that there is mail."""
        self._called.set()

    def stop(self, timeout: float | None = None) -> None:
        """Let the message at hand go out, put the others back, and wait for that as many seconds at most."""
        self._stopping.set()
        self._called.set()
        self._thread.join(timeout)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._called.wait(LOOK_SECONDS)
            self._called.clear()
            try:
                with self._app.app_context():
                    deliver_due(self._transport, is_stopping=self._stopping.is_set)
            except Exception:
                log.exception("postman stumbled")
