from __future__ import annotations

import subprocess
import sys

from matching import kernels

#: Eight threads ask at once in a process that has compiled nothing yet.
AT_ONCE = """
import threading
from matching.kernels import compiled

together, found = threading.Barrier(8), []

def ask():
    together.wait()
    found.append(compiled())

threads = [threading.Thread(target=ask) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len({id(one) for one in found}) == 1 and len(found) == 8
"""


class _Readonly:
    """Stands for numba where nothing can be written."""

    def njit(self, **_: object) -> object:
        def refuse(_: object) -> None:
            raise RuntimeError("cannot cache function: no locator available")

        return refuse


def test_threads_that_ask_at_once_get_the_same_loops() -> None:
    ended = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr


def test_where_nothing_can_be_written_loops_are_compiled_at_every_start() -> None:
    assert not kernels._can_be_kept(_Readonly())  # type: ignore[arg-type]
