"""Running a server of the standard library beside a test."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socketserver
    from collections.abc import Iterator

POLL_SECONDS = 0.01


@contextmanager
def serving(server: socketserver.ThreadingTCPServer) -> Iterator[int]:
    """Serve in a thread until the block ends, then close; give the port."""
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
