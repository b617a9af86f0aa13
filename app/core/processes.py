"""Who holds a lease: the process by a name that tells others on the same machine whether it still lives."""

from __future__ import annotations

import os
import socket
import uuid
from functools import cache
from pathlib import Path

NAMESPACE = Path("/proc/self/ns/pid")


def worker_name() -> str:
    """Return a name that no other worker has, not even one with the same process number elsewhere."""
    return f"{_machine()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_dead(name: str) -> bool:
    """Return whether the worker of this name is known to have ended; of another machine's nothing is known."""
    machine, _, rest = name.partition(":")
    number = rest.partition(":")[0]
    if machine != _machine() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@cache
def _machine() -> str:
    """Return host and, where there are such, the space in which process numbers mean the same."""
    try:
        space = str(NAMESPACE.stat().st_ino)
    except OSError:
        space = ""
    return f"{socket.gethostname()[:40]}/{space}".replace(":", "_")
