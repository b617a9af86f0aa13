"""The worker: Dramatiq carries "look at job N", the job row is the truth, a sweeper finds what was missed.

By default the broker is Dramatiq's in-process one and the worker runs inside the server; with BROKER_URL
(Redis or RabbitMQ) ``flask jobs work`` runs as many workers as there is work for.
"""

from __future__ import annotations

import logging
import threading
import uuid
from typing import TYPE_CHECKING

import dramatiq
import sqlalchemy as sa
from dramatiq.brokers.stub import StubBroker

from app.core import clock
from app.core.processes import worker_name
from app.db import current_session, transaction
from app.jobs import schedule
from app.jobs.postman import Postman
from app.jobs.run import work_off
from app.mail.transports import transport_for
from app.outbox import service as outbox
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    import datetime as dt

    from flask import Flask

    from config import Settings

log = logging.getLogger(__name__)

QUEUE = "chipbridge"
SWEEP_SECONDS = 1.0
STOP_SECONDS = 25.0
"""How long a job may go on after the worker was asked to stop; then its lease runs out and another takes it."""


def make_broker(settings: Settings) -> dramatiq.Broker:
    """Return the broker that BROKER_URL names. No middleware: retries and time limits are the job row's."""
    if settings.broker_url.startswith("redis"):
        from dramatiq.brokers.redis import RedisBroker

        return RedisBroker(  # type: ignore[no-untyped-call]  # Dramatiq leaves it so
            url=settings.broker_url, middleware=[]
        )
    if settings.broker_url.startswith("amqp"):
        from dramatiq.brokers.rabbitmq import RabbitmqBroker

        return RabbitmqBroker(url=settings.broker_url, middleware=[])
    if settings.broker_url:
        raise ValueError("BROKER_URL must be empty, redis://… or amqp://…")
    return StubBroker(middleware=[])


class Worker:
    """Threads that look at jobs, one that sweeps, and a postman; ``start`` and ``stop`` it once."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._broker = make_broker(settings)
        self._is_embedded = not settings.broker_url
        self._stopping = threading.Event()
        self._idle = threading.Semaphore(settings.worker_threads)
        self._actor = dramatiq.actor(broker=self._broker, actor_name="look", queue_name=QUEUE)(self._look)
        self._threads = dramatiq.Worker(self._broker, worker_timeout=100, worker_threads=settings.worker_threads)
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)
        self._postman = Postman(app, transport_for(settings.mail_url))
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Whether this process does the work itself."""
        return self._is_running

    def start(self) -> None:
        """Begin to work."""
        self._is_running = True
        self._threads.start()
        self._sweeper.start()
        self._postman.start()
        log.info("worker started")

    def stop(self) -> None:
        """Take no new work, let running jobs finish for a while, and give back what is left."""
        self._stopping.set()
        self._postman.stop(STOP_SECONDS)
        self._threads.stop(timeout=int(STOP_SECONDS * 1000))
        self._sweeper.join(STOP_SECONDS)
        self._is_running = False
        log.info("worker stopped")

    def poke(self, job_id: uuid.UUID | None = None) -> None:
        """Say "look at job N", or at the mail; nobody is told when nobody in this process would hear it.

        What cannot be said is found by a sweeper: the change itself has been committed.
        """
        if self._is_running and job_id is None:
            self._postman.call()
        elif self._is_running or not self._is_embedded:
            self._wake(job_id)

    def _wake(self, job_id: uuid.UUID | None = None) -> None:
        """Let a worker look at a job, or at whatever is due."""
        try:
            self._actor.send(str(job_id or ""))
        except Exception:
            log.exception("broker is away")

    def _look(self, job_id: str) -> None:
        self._postman.call()
        with self._idle:
            try:
                work_off(
                    self._app,
                    worker=worker_name(),
                    job_id=uuid.UUID(job_id) if job_id else None,
                    is_stopping=self._stopping.is_set,
                )
            except Exception:
                log.exception("worker stumbled")

    def _sweep(self) -> None:
        next_due = clock.now()
        while not self._stopping.wait(SWEEP_SECONDS):
            try:
                next_due = self._sweep_once(next_due)
            except Exception:
                log.exception("sweeper stumbled")

    def _sweep_once(self, next_due: dt.datetime) -> dt.datetime:
        """Queue what the calendar asks for, free what dead workers held, and wake a worker when work is due."""
        now = clock.now()
        with self._app.app_context():
            if next_due <= now:
                with transaction() as session:
                    schedule.queue_due(session, now=now)
                next_due = schedule.next_due(current_session(), now=now)
        with self._app.app_context():
            session = current_session()
            released = sa.select(Job.id).where(outbox.is_released(session, now=now)).limit(1)
            is_expired = session.scalar(released) is not None
            is_due = session.scalar(_due(now)) is not None
            if is_expired:
                with transaction() as writing:
                    outbox.release_expired(writing, now=now)
        if (is_due or is_expired) and self._is_idle():
            self._wake()
        return next_due

    def _is_idle(self) -> bool:
        """Return whether a thread of this process is free; busy ones find what is due by themselves."""
        if self._idle.acquire(blocking=False):
            self._idle.release()
            return True
        return False


def _due(now: dt.datetime) -> sa.Select[tuple[uuid.UUID]]:
    return sa.select(Job.id).where(Job.state == JobState.QUEUED, Job.run_at <= now).limit(1)
