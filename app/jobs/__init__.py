"""What runs outside requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from flask import Flask

    from app.jobs.worker import Worker
    from app.mail.letterhead import Letterhead
    from config import Settings

EXTENSION = "chipbridge_worker"


def init_jobs(app: Flask, settings: Settings) -> None:
    """Set the letterhead of messages, attach the worker and its commands; nothing runs before ``start``."""
    from app.db import db
    from app.jobs.cli import jobs
    from app.jobs.worker import Worker
    from app.mail import letterhead

    letterhead.use(letterhead_of(settings))
    worker = app.extensions[EXTENSION] = Worker(app, settings)
    app.cli.add_command(jobs)
    with app.app_context():
        _poke_after_commit(db.sessionmaker, worker)


def letterhead_of(settings: Settings) -> Letterhead:
    """Return what the messages of an installation carry."""
    from app.mail.dkim import load_signer
    from app.mail.letterhead import Letterhead

    head = Letterhead(sender=settings.mail_from, public_url=settings.public_url, signing_key=settings.secret_key)
    if settings.dkim_key is None:
        return head
    return replace(head, signer=load_signer(settings.dkim_key, domain=head.domain, selector=settings.dkim_selector))


def worker_of(app: Flask) -> Worker:
    """Return the worker of a portal."""
    worker: Worker = app.extensions[EXTENSION]
    return worker


def _poke_after_commit(sessions: object, worker: Worker) -> None:
    """Wake the worker as soon as what it shall see is committed; nothing leaves the process before."""
    from app.mail.service import POKE
    from app.outbox.service import POKES

    @event.listens_for(sessions, "after_commit")
    def _committed(session: Session) -> None:
        job_ids = session.info.pop(POKES, [])
        has_mail = session.info.pop(POKE, False)
        for job_id in job_ids[:1]:
            worker.poke(job_id)
        if has_mail and not job_ids:
            worker.poke()

    @event.listens_for(sessions, "after_rollback")
    def _rolled_back(session: Session) -> None:
        session.info.pop(POKES, None)
        session.info.pop(POKE, None)
