"""The portal as it is installed: migrated, filled with the sample, served by gunicorn with its worker inside."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PREPARE_SECONDS = 300
START_SECONDS = 60
ACCOUNT = re.compile(r"^ {2}(\S+@\S+) +(\S+) +\S+", re.MULTILINE)
PASSPHRASE = re.compile(r"^ {2}(\S+@\S+) +(\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Installation:
    """A running portal and how to get in."""

    url: str
    environ: Mapping[str, str]
    passwords: dict[str, str]
    """By address, as told once at the first run."""
    passphrases: Mapping[str, str]
    """Of the keys that open bids, by address, as told once, too."""

    def flask(self, *command: str) -> str:
        """Run an operator's command and return what it says."""
        return _flask(self.environ, *command)


def prepare_once(folder: Path) -> str:
    """Set a portal up in ``folder``, unless another process has done so; return what was said, log-ins included."""
    folder.mkdir(exist_ok=True)
    said = folder / "said.txt"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "INSTANCE_DIR": str(folder / "instance")}
            said.write_text(_flask(environ, "system", "prepare"), encoding="utf-8")
    return said.read_text(encoding="utf-8")


@contextmanager
def installation(folder: Path, mail_url: str, *, prepared: Path) -> Iterator[Installation]:
    """Serve a copy of the portal set up in ``prepared`` until the context ends, and send its mail to ``mail_url``."""
    said = prepare_once(prepared)
    shutil.copytree(prepared / "instance", folder / "instance")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "INSTANCE_DIR": str(folder / "instance"),
        "MAIL_URL": mail_url,
        "PUBLIC_URL": url,
        "BIND": f"127.0.0.1:{port}",
    }
    with _served(folder, environ, url):
        yield Installation(url, environ, dict(ACCOUNT.findall(said)), dict(PASSPHRASE.findall(said)))


def _flask(environ: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [str(BIN / "flask"), "--app", "wsgi", *command],
        cwd=ROOT,
        env=dict(environ),
        capture_output=True,
        text=True,
        timeout=PREPARE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _served(folder: Path, environ: Mapping[str, str], url: str) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [str(BIN / "gunicorn"), "--config", "python:app.gunicorn", "wsgi:application"],
            cwd=ROOT,
            env=dict(environ),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(server, url, log)
            yield
        finally:
            server.terminate()
            server.wait(START_SECONDS)


def _wait_for(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server does not answer:\n{log.read_text()[-4000:]}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # refused, reset, too slow: not yet
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
