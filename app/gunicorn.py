"""Settings of gunicorn: ``gunicorn -c python:app.gunicorn wsgi:application``."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker as Process

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 120
graceful_timeout = 30
keepalive = 5
control_socket_disable = True


def post_worker_init(worker: Process) -> None:
    """Start the worker of jobs inside the server, unless a broker carries them to processes of their own.

    Meanwhile the model is made ready: whoever asks first would wait seconds for it.
    """
    from app.jobs import worker_of
    from app.matchmaking.engine import make_ready

    app: Any = worker.wsgi
    settings = app.extensions["chipbridge_settings"]
    threading.Thread(target=make_ready, args=(settings.model_dir,), name="make ready", daemon=True).start()
    if not settings.broker_url:
        worker_of(app).start()


def worker_exit(_server: Arbiter, worker: Process) -> None:
    """Let running jobs finish before the process ends."""
    from app.jobs import worker_of

    app: Any = getattr(worker, "wsgi", None)
    if app is not None and worker_of(app).is_running:
        worker_of(app).stop()
