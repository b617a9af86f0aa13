"""Durable jobs."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column
from app.core.sealing import BoxedJson, SealedBy


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    """One piece of work; the row is the truth, a broker message only says "look at it"."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", name="lease_while_running"),
        sa.CheckConstraint("progress_done >= 0 AND progress_total >= 0", name="progress_not_negative"),
        sa.CheckConstraint("sealed_by IS NULL OR requested_by IS NULL", name="nobody_named_while_sealed"),
        sa.Index("ix_jobs_due", "state", "run_at"),
        # A waiting job of the same key already covers the new request.
        sa.Index(
            "uq_jobs_waiting_key",
            "key",
            unique=True,
            postgresql_where=sa.text("state = 'queued' AND key IS NOT NULL"),
            sqlite_where=sa.text("state = 'queued' AND key IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[str] = mapped_column(sa.String(60), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(BoxedJson("jobs.payload"))
    key: Mapped[str | None] = mapped_column(sa.String(120))
    """What the job is about, while it waits for the first time; of a sealed job only its tag."""
    occasion: Mapped[str | None] = mapped_column(sa.String(120))
    """The same for good, so that a job that runs twice tells of one occurrence."""
    state: Mapped[JobState] = mapped_column(enum_column(JobState, "state"), default=JobState.QUEUED)
    run_at: Mapped[UtcTime]
    leased_until: Mapped[dt.datetime | None]
    leased_by: Mapped[str] = mapped_column(sa.String(80), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[dt.datetime | None]
    requested_by: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)
    sealed_by: Mapped[SealedBy]


class Schedule(Model):
    """When a recurring job was last queued; whoever moves this row forward queues it, once for all processes."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    fired_at: Mapped[UtcTime]
