"""Queueing, claiming and settling durable jobs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import sqlalchemy as sa

from app.audit import service as audit
from app.core import box
from app.core.errors import Conflict, NotFound
from app.core.processes import is_dead
from app.core.sealing import is_readable
from app.core.upsert import insert_into
from app.outbox import policy
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.engine import CursorResult
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

JSON: TypeAlias = "str | int | float | bool | uuid.UUID | dict[str, JSON] | list[JSON] | None"

MAX_ATTEMPTS = 8
RETRY_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after the first, second … failure."""
LEASE = dt.timedelta(seconds=90)
KEPT = dt.timedelta(days=14)
"""How long a job that is done can be looked up."""
WAITING_KEY = sa.text("state = 'queued' AND key IS NOT NULL")
NEWS = "sealed.news"
"""The kind of the jobs that ask the people of a bidding firm to log in."""
POKES = "jobs_to_look_at"
"""Where a session keeps the jobs it has queued, until its transaction is committed."""


def publish(
    session: Session,
    kind: str,
    *,
    now: dt.datetime,
    key: str | None = None,
    sealed_by: uuid.UUID | None = None,
    **payload: JSON,
) -> None:
    """Queue a job of this kind in the running transaction, to be run as soon as it is committed.

    A waiting job of the same ``key`` already covers the request; then no second row is made. ``sealed_by`` is the
    competition that keeps the job from every list; its row then names nobody, in clear text, but its kind.
    """
    enqueue(session, kind, now=now, key=key, sealed_by=sealed_by, payload=payload)


def publish_sealed(
    session: Session, *, occasion: str, organization_id: uuid.UUID, sealed_by: uuid.UUID, now: dt.datetime
) -> None:
    """Let the people of a firm be asked to log in, by a message that does not say why.

    For whatever concerns a bid while the competition ``sealed_by`` is sealed; ``occasion`` merges requests.
    """
    publish(session, NEWS, now=now, key=occasion, sealed_by=sealed_by, organization_id=organization_id)


def enqueue(
    session: Session,
    kind: str,
    *,
    now: dt.datetime,
    run_at: dt.datetime | None = None,
    key: str | None = None,
    requested_by: uuid.UUID | None = None,
    sealed_by: uuid.UUID | None = None,
    payload: dict[str, Any] | None = None,
) -> uuid.UUID:
    """Queue a job for ``run_at`` (default: ``now``) and return its id, or that of the waiting job of its key.

    The waiting job is touched, never merely seen: its lock keeps workers away until this transaction ends,
    so that they cannot run it before what is changed here can be read. Requires an open transaction.
    """
    named = box.tag("job", key) if key and sealed_by else key
    values = {
        "id": uuid.uuid4(),
        "kind": kind,
        "payload": {
            name: str(value) if isinstance(value, uuid.UUID) else value for name, value in (payload or {}).items()
        },
        "key": named,
        "occasion": named,
        "state": JobState.QUEUED,
        "run_at": run_at or now,
        "created_at": now,
        "requested_by": None if sealed_by else requested_by,
        "sealed_by": sealed_by,
    }
    job_id = cast("uuid.UUID", session.scalar(_merging_insert(session).values(values).returning(Job.id)))
    session.info.setdefault(POKES, []).append(job_id)
    return job_id


def _merging_insert(session: Session) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that moves the waiting job of the same key forward instead of adding a second."""
    statement = insert_into(session, Job)
    earlier = sa.case((Job.run_at < statement.excluded.run_at, Job.run_at), else_=statement.excluded.run_at)
    return statement.on_conflict_do_update(index_elements=["key"], index_where=WAITING_KEY, set_={"run_at": earlier})


def claim(
    session: Session,
    *,
    worker: str,
    now: dt.datetime,
    lease: dt.timedelta = LEASE,
    job_id: uuid.UUID | None = None,
) -> Job | None:
    """Take the next due job (or ``job_id``, when it is due) for ``lease``; None when there is nothing to do.

    Workers never wait for each other: what another one is just taking is skipped. Commit at once.
    """
    due = sa.select(Job).where(Job.state == JobState.QUEUED, Job.run_at <= now).order_by(Job.run_at, Job.created_at)
    if job_id is not None:
        due = due.where(Job.id == job_id)
    fresh = due.limit(1).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    job = session.scalars(fresh).one_or_none()
    if job is None:
        return None
    job.state = JobState.RUNNING
    job.leased_by, job.leased_until = worker, now + lease
    job.attempts += 1
    session.flush()
    return job


def renew(session: Session, *, worker: str, now: dt.datetime, lease: dt.timedelta = LEASE) -> int:
    """Extend every lease this worker holds; return how many there are."""
    return _count(session, sa.update(Job).where(*_held_by(worker)).values(leased_until=now + lease))


def report(session: Session, job_id: uuid.UUID, *, worker: str, done: int, total: int) -> None:
    """Show how far a running job has come: ``done`` of ``total`` steps."""
    session.execute(
        sa.update(Job).where(Job.id == job_id, *_held_by(worker)).values(progress_done=done, progress_total=total)
    )


def finish(session: Session, job_id: uuid.UUID, *, worker: str, now: dt.datetime) -> bool:
    """Mark a job as done; False when the lease had passed to another worker."""
    return _settle(session, job_id, worker, state=JobState.DONE, finished_at=now, last_error="")


def fail(
    session: Session,
    job_id: uuid.UUID,
    *,
    worker: str,
    now: dt.datetime,
    error: str,
    is_final: bool = False,
) -> JobState:
    """Queue a failed job again after a growing pause, or give it up; return its new state.

    It is given up when ``is_final`` or after ``MAX_ATTEMPTS``. A retry gives its key up: newer requests
    need not wait for it.
    """
    attempts = session.scalar(sa.select(Job.attempts).where(Job.id == job_id)) or 0
    if is_final or attempts >= MAX_ATTEMPTS:
        _settle(session, job_id, worker, state=JobState.FAILED, finished_at=now, last_error=error[:4000])
        return JobState.FAILED
    run_at = now + RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
    _settle(session, job_id, worker, state=JobState.QUEUED, run_at=run_at, key=None, last_error=error[:4000])
    return JobState.QUEUED


def release_expired(session: Session, *, now: dt.datetime) -> int:
    """Queue again what dead workers held; return how many jobs. A job that kills its worker each time ends."""
    expired = (is_released(session, now=now),)
    told = "The worker stopped in the middle of this job."
    free: dict[str, Any] = {"leased_until": None, "leased_by": "", "last_error": told}
    ended = sa.update(Job).where(*expired, Job.attempts >= MAX_ATTEMPTS)
    session.execute(ended.values(state=JobState.FAILED, finished_at=now, **free))
    again = sa.update(Job).where(*expired, Job.attempts < MAX_ATTEMPTS)
    return _count(session, again.values(state=JobState.QUEUED, run_at=now, key=None, **free))


def is_released(session: Session, *, now: dt.datetime) -> sa.ColumnElement[bool]:
    """Return which running jobs nobody does any more: their worker has ended, or let its lease run out."""
    is_running = Job.state == JobState.RUNNING
    holders = session.scalars(sa.select(Job.leased_by).where(is_running).distinct())
    dead = [name for name in holders if is_dead(name)]
    return sa.and_(is_running, sa.or_(Job.leased_until < now, Job.leased_by.in_(dead)))


def retry(session: Session, *, actor: Actor, job_id: uuid.UUID, now: dt.datetime) -> Job:
    """Queue a job that was given up once more, with all its attempts. Raises NotAllowed, NotFound or Conflict."""
    policy.can_retry(actor).enforce()
    query = sa.select(Job).where(Job.id == job_id, is_readable(Job.sealed_by))
    query = query.with_for_update().execution_options(populate_existing=True)
    job = session.scalars(query).one_or_none()
    if job is None:
        raise NotFound("There is no such job.", code="job_not_found")
    if job.state is not JobState.FAILED:
        raise Conflict("This job has not failed.", code="job_not_failed")
    job.state, job.key, job.run_at = JobState.QUEUED, None, now
    job.attempts, job.finished_at = 0, None
    job.progress_done = job.progress_total = 0
    audit.record_sealed(session, actor, "job.retry", "job", job.id, label=job.kind, sealed_by=job.sealed_by)
    session.info.setdefault(POKES, []).append(job.id)
    return job


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete jobs that were done long ago; what failed stays until somebody has looked at it."""
    old = sa.delete(Job).where(Job.state == JobState.DONE, Job.finished_at < now - KEPT)
    return _count(session, old)


def _held_by(worker: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (Job.state == JobState.RUNNING, Job.leased_by == worker)


def _settle(session: Session, job_id: uuid.UUID, worker: str, **values: Any) -> bool:
    held = sa.update(Job).where(Job.id == job_id, *_held_by(worker))
    return _count(session, held.values(leased_until=None, leased_by="", **values)) == 1


def _count(session: Session, statement: sa.Update | sa.Delete) -> int:
    free = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(free)).rowcount
