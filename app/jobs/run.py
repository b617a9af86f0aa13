"""Running jobs: claim, handle, settle; the row is the truth."""

from __future__ import annotations

import logging
import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from app.audit.service import ORIGIN, Origin
from app.core import clock
from app.core.errors import DomainError
from app.db import transaction
from app.jobs.handlers import HANDLERS, GivenUp
from app.outbox import service as outbox
from app.taxonomy import knowledge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from app.outbox.models import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A claimed job as its handler sees it."""

    job: Job
    worker: str

    def progress(self, done: int, total: int) -> None:
        """Show how far the job has come; opens its own transaction, so none may be under way."""
        with transaction() as session:
            outbox.report(session, self.job.id, worker=self.worker, done=done, total=total)


def work_off(
    app: Flask,
    *,
    worker: str,
    job_id: uuid.UUID | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Do job ``job_id`` when given, then everything that is due; return how many jobs ran."""
    n_done = 0
    if job_id is not None:
        n_done += run_one(app, worker=worker, job_id=job_id)
    while not is_stopping() and run_one(app, worker=worker):
        n_done += 1
    return n_done


def run_one(app: Flask, *, worker: str, job_id: uuid.UUID | None = None) -> bool:
    """Claim and do one due job; return whether there was one. A failing job never stops the loop."""
    with app.app_context(), transaction() as session:
        job = outbox.claim(session, worker=worker, now=clock.now(), job_id=job_id)
        if job is not None:
            session.expunge(job)
    if job is None:
        return False
    ORIGIN.set(Origin(request_id=f"job:{job.id}"))
    with app.app_context():
        error, is_final = _handle(app, Running(job, worker))
    with app.app_context():
        _settle(job, worker, error, is_final=is_final)
    return True


def _handle(app: Flask, running: Running) -> tuple[str, bool]:
    """Do the work; return what went wrong (empty: nothing) and whether trying again is of no use."""
    job = running.job
    handler = HANDLERS.get(job.kind)
    if handler is None:
        log.error("job of unknown kind", extra={"job_id": str(job.id), "kind": _kind(job)})
        return f"Nothing is known about jobs of the kind {job.kind!r}.", True
    try:
        knowledge.refresh(app.extensions["chipbridge_settings"].model_dir)
        with _kept_lease(app, running.worker):
            handler(running)
    except GivenUp as error:
        return str(error), True
    except DomainError as error:
        log.warning("job refused", extra={"job_id": str(job.id), "kind": _kind(job), "code": error.code})
        return error.code if job.sealed_by else f"{error.code}: {error.message}", False
    except Exception as error:
        # What an exception says may quote what is sealed.
        shown = None if job.sealed_by else error
        log.error("job failed", exc_info=shown, extra={"job_id": str(job.id), "kind": _kind(job)})  # noqa: TRY400
        return _told(job, error), False
    return "", False


def _kind(job: Job) -> str:
    """Return what operators may read of a job's kind: nothing of what a running competition keeps sealed."""
    return "sealed" if job.sealed_by else job.kind


def _told(job: Job, error: Exception) -> str:
    """Return an error for the desk; what may quote rows, or what is sealed, is told by its kind only."""
    if job.sealed_by:
        return type(error).__name__
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {type(error.orig).__name__}"
    return f"{type(error).__name__}: {error}"


def _settle(job: Job, worker: str, error: str, *, is_final: bool) -> None:
    with transaction() as session:
        if error:
            outbox.fail(session, job.id, worker=worker, now=clock.now(), error=error, is_final=is_final)
        elif not outbox.finish(session, job.id, worker=worker, now=clock.now()):
            log.warning("job finished after its lease", extra={"job_id": str(job.id), "kind": _kind(job)})


@contextmanager
def _kept_lease(app: Flask, worker: str) -> Iterator[None]:
    """Renew the worker's lease in the background while a long job runs."""
    done = threading.Event()
    beat = threading.Thread(target=_renew_until, args=(app, worker, done), name="lease", daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join()


def _renew_until(app: Flask, worker: str, done: threading.Event) -> None:
    while not done.wait(outbox.LEASE.total_seconds() / 4):
        try:
            with app.app_context(), transaction() as session:
                outbox.renew(session, worker=worker, now=clock.now())
        except Exception:  # noqa: BLE001 - a busy database: the next beat will do
            log.warning("lease not renewed", extra={"worker": worker})
