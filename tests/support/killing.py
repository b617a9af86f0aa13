"""Killing a worker at some point of a run, and counting what arrived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.db import current_session
from app.mail.models import MailMessage, MailState

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.support.sink import Sink

REPOSITORY = Path(__file__).parents[2]
LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Outcome:
    """What a sink has seen of a run."""

    n_messages: int
    """Different Message-IDs."""
    n_recipients: int
    n_twice: int
    """How often the same message came over the wire again."""


def start_worker(settings: Settings, mail_url: str) -> subprocess.Popen[bytes]:
    """Start a process that does everything that is due, jobs and mail, and ends."""
    told = {
        "DATABASE_URL": settings.database_url,
        "INSTANCE_DIR": str(settings.instance_dir),
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": mail_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run-due"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **told}, stdout=quiet, stderr=quiet)


def kill_when(worker: subprocess.Popen[bytes], is_time: Callable[[], bool]) -> bool:
    """Kill a worker with SIGKILL as soon as ``is_time``; return False when it had ended before."""
    until = time.monotonic() + LONGEST_SECONDS
    while worker.poll() is None and time.monotonic() < until:
        if is_time():
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            return True
        time.sleep(0.002)
    return False


def outcome(sink: Sink) -> Outcome:
    """Return what arrived so far."""
    arrived = sink.arrived()
    by_message = Counter(name for name, _ in arrived)
    return Outcome(
        n_messages=len(by_message),
        n_recipients=len({recipient for _, recipient in arrived}),
        n_twice=sum(number - 1 for number in by_message.values()),
    )


def message_ids() -> set[str]:
    """Return the Message-IDs of what the portal says it has sent; needs an application context."""
    session = current_session()
    session.expire_all()
    return set(session.scalars(sa.select(MailMessage.message_id).where(MailMessage.state == MailState.SENT)))
