"""How long the digests of 10,000 readers take until a real SMTP server has them: ``python -m tests.bench.mail``.

The server and the worker are processes of their own. The worker runs ``flask jobs run-due``: it makes the digests
and hands them over at the same time. Memory is the worker's greatest resident size, seconds of CPU are its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from app import create_app
from app.core import clock
from app.db import db, transaction
from app.migrate import upgrade
from app.outbox.service import enqueue
from config import Settings
from tests.support.crowd import gather
from tests.support.postgres import analyze, postgres_database
from tests.support.sink import sink

SECONDS, MEBIBYTES = 120, 400
"""What is to be reached for 10,000 readers on two cores."""
REPOSITORY = Path(__file__).parents[2]


def prepare(url: str, root: Path, n_readers: int, n_pairings: int) -> None:
    """Make a portal with that many readers and queue their digests."""
    app = create_app(Settings.from_env({"DATABASE_URL": url, "INSTANCE_DIR": str(root), "SECRET_KEY": "bench"}))
    with app.app_context():
        upgrade(db.engine)
        with transaction() as session:
            gather(session, n_readers, n_pairings=n_pairings, now=clock.now())
            analyze(session)
        with transaction() as session:
            enqueue(session, "digests.run", now=clock.now(), payload={"frequency": "weekly"})
        db.engine.dispose()


def work(url: str, root: Path, mail_url: str) -> tuple[float, float, float]:
    """Run a worker until nothing is due; return its seconds, its seconds of CPU and its MiB."""
    told = {"DATABASE_URL": url, "INSTANCE_DIR": str(root), "SECRET_KEY": "bench", "MAIL_URL": mail_url}
    started = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run-due"]
    process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **told}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError("the worker failed")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print one line of a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--pairings", type=int, default=8)
    parser.add_argument("--postgres", action="store_true", help="measure on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chipbridge-bench-")))
        url = stack.enter_context(postgres_database()) if options.postgres else f"sqlite:///{root / 'bench.sqlite3'}"
        prepare(url, root, options.readers, options.pairings)
        server = stack.enter_context(sink(root / "sink"))
        load = os.getloadavg()[0]
        seconds, cpu, mebibytes = work(url, root, server.url)
        arrived = server.arrived()
    kind = "PostgreSQL" if options.postgres else "SQLite"
    is_whole = len(arrived) == len({name for name, _ in arrived}) == options.readers
    is_reached = is_whole and seconds <= SECONDS and mebibytes <= MEBIBYTES
    print("| Database | Readers | Arrived | Seconds | Seconds of CPU | Worker's MiB | Load before |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    print(
        f"| {kind} | {options.readers} | {len(arrived)} | {seconds:.1f} | {cpu:.1f} | {mebibytes:.0f} "
        f"| {load:.1f} |{'' if is_reached else ' **missed**'}"
    )
    sink_cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"\nAll child processes together, the sink among them: {sink_cpu.ru_utime + sink_cpu.ru_stime:.1f} s of CPU.")


if __name__ == "__main__":
    main()
