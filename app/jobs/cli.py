"""Commands of jobs: ``flask jobs work|run-due|list``."""

from __future__ import annotations

import signal
import time

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from app.core import clock
from app.core.processes import worker_name
from app.core.sealing import is_readable
from app.db import current_session, transaction
from app.jobs import schedule, worker_of
from app.jobs.postman import Postman
from app.jobs.run import work_off
from app.mail.delivery import deliver_due
from app.mail.transports import transport_for
from app.outbox.models import Job
from app.outbox.service import release_expired

LOOK_UP_SECONDS = 0.2
"""How often a worker process looks whether it was asked to stop."""

jobs = AppGroup("jobs", help="Run what happens outside requests.")


@jobs.command("work")
def work() -> None:
    """Work until SIGTERM or Ctrl-C; running jobs are finished first."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: asked.append(number))
    worker = worker_of(current_app._get_current_object())  # type: ignore[attr-defined]
    worker.start()
    # Neither a lock nor an endless wait: the handler could interrupt the main thread while it holds the lock,
    # and a signal handed to another thread would not wake it.
    while not asked:
        time.sleep(LOOK_UP_SECONDS)
    worker.stop()


@jobs.command("run-due")
def run_due() -> None:
    """Do everything that is due now, jobs and at the same time mail, and end."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with transaction() as session:
        release_expired(session, now=clock.now())
        schedule.queue_due(session, now=clock.now())
    transport = transport_for(app.extensions["chipbridge_settings"].mail_url)
    postman = Postman(app, transport)
    postman.start()
    n_done = work_off(app, worker=worker_name())
    postman.stop()
    deliver_due(transport)
    click.echo(f"{n_done} jobs done")


@jobs.command("list")
@click.option("--limit", default=20, show_default=True, help="How many of the newest jobs.")
def show(limit: int) -> None:
    """List the newest jobs."""
    shown = (Job.created_at, Job.state, Job.kind, Job.progress_done, Job.progress_total, Job.last_error)
    newest = sa.select(*shown).where(is_readable(Job.sealed_by)).order_by(Job.created_at.desc()).limit(limit)
    for job in current_session().execute(newest):
        done = f"{job.progress_done}/{job.progress_total}" if job.progress_total else ""
        click.echo(
            f"{job.created_at:%Y-%m-%d %H:%M:%S} {job.state.value:8} {job.kind:24} {done:>10} {job.last_error[:80]}"
        )
