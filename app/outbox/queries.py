"""What the page of jobs shows."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.core.paging import Page, paginate
from app.core.sealing import is_readable
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ROWS = 30


@dataclass(frozen=True, slots=True)
class JobFilter:
    """How the list is narrowed; empty values do not narrow."""

    state: JobState | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job."""

    id: uuid.UUID
    kind: str
    state: JobState
    run_at: dt.datetime
    attempts: int
    progress_done: int
    progress_total: int
    last_error: str
    created_at: dt.datetime
    finished_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Whether there is still something to come."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)


def jobs(session: Session, *, wanted: JobFilter, page: int) -> Page[JobLine]:
    """Return one page of jobs in two queries: what runs first, then the newest."""
    query = sa.select(Job).options(defer(Job.payload)).where(is_readable(Job.sealed_by))
    if wanted.state is not None:
        query = query.where(Job.state == wanted.state)
    if wanted.kind:
        query = query.where(Job.kind == wanted.kind)
    order = (sa.case((Job.state == JobState.RUNNING, 0), else_=1), Job.created_at.desc(), Job.id)
    return paginate(session, query.order_by(*order), number=page, size=ROWS).map(_line)


def state_counts(session: Session, *, kind: str = "") -> dict[JobState, int]:
    """Return how many jobs (of a kind) are in each state."""
    query = sa.select(Job.state, sa.func.count()).where(is_readable(Job.sealed_by))
    if kind:
        query = query.where(Job.kind == kind)
    return dict(session.execute(query.group_by(Job.state)).tuples().all())


def _line(job: Job) -> JobLine:
    return JobLine(
        id=job.id,
        kind=job.kind,
        state=job.state,
        run_at=job.run_at,
        attempts=job.attempts,
        progress_done=job.progress_done,
        progress_total=job.progress_total,
        last_error=job.last_error,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )
