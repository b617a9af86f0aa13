"""The schedule of an event as the desk sees it, and how its computation goes."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from app.events import board as boards
from app.events import policy
from app.events.models import Event, Meeting, MeetingOutcome, ScheduleRun, Seat, Slot
from app.events.plan import make_plan
from app.events.workflow import MeetingState, Role, RunState
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.placing import Board
    from app.events.plan import Plan
    from app.events.queries.views import SlotView


@dataclass(frozen=True, slots=True)
class RunView:
    """The newest computation of a schedule."""

    id: uuid.UUID
    state: RunState
    n_wanted: int
    n_meetings: int
    n_musts: int
    n_musts_met: int
    gap: float
    seconds: float
    flaws: Sequence[Mapping[str, Any]]
    unmet: Sequence[Mapping[str, str]]
    created_at: dt.datetime
    finished_at: dt.datetime | None
    done: int
    total: int
    has_failed: bool
    """Whether the job was given up; then the run waits for ever."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One meeting of the grid."""

    meeting_id: uuid.UUID
    host_id: uuid.UUID
    guest_id: uuid.UUID
    host: str
    guest: str
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One slot of the grid with a cell, or None, for every table that is used at all."""

    slot: SlotView
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Grid:
    """The schedule: slots down, tables across."""

    tables: Sequence[tuple[int, str]]
    rows: Sequence[GridRow]
    n_meetings: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of past meetings, as their companies say."""

    n_meetings: int
    n_told: int
    """Outcomes written; each meeting may have two."""
    results: Mapping[str, int]
    next_steps: Mapping[str, int]
    rating: float | None


def last_run(session: Session, *, event_id: uuid.UUID) -> RunView | None:
    """Return the newest computation of an event's schedule and how far it has come, in one query."""
    query = (
        select(ScheduleRun, Job.progress_done, Job.progress_total, Job.state)
        .outerjoin(Job, Job.id == ScheduleRun.job_id)
        .where(ScheduleRun.event_id == event_id)
        .order_by(ScheduleRun.created_at.desc(), ScheduleRun.id)
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    run, done, total, job = row
    return RunView(
        id=run.id,
        state=run.state,
        n_wanted=run.n_wanted,
        n_meetings=run.n_meetings,
        n_musts=run.n_musts,
        n_musts_met=run.n_musts_met,
        gap=run.gap,
        seconds=run.seconds,
        flaws=run.flaws,
        unmet=run.unmet,
        created_at=run.created_at,
        finished_at=run.finished_at,
        done=done or 0,
        total=total or 0,
        has_failed=job is JobState.FAILED,
    )


def plan_of_run(session: Session, *, run_id: uuid.UUID) -> Plan | None:
    """Return the problem that a run is to solve, read in seven queries; None when the run is over or gone."""
    query = select(Event).join(ScheduleRun, ScheduleRun.event_id == Event.id)
    query = query.where(ScheduleRun.id == run_id, ScheduleRun.state == RunState.WAITING)
    event = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if event is None:
        return None
    inputs = event.inputs
    slots = session.scalars(select(Slot).where(Slot.event_id == event.id).order_by(Slot.number)).all()
    board = boards.load_board(session, event, slots)
    return make_plan(
        board,
        event_id=event.id,
        inputs=inputs,
        pinned=boards.pinned(session, event.id),
        affinities=boards.affinities(session, list(board.participants)),
    )


def board_of(session: Session, *, event: Event) -> Board:
    """Return an event's schedule with the rules it stands by; ``event`` has its slots loaded."""
    return boards.load_board(session, event, event.slots)


def grid(
    board: Board,
    slots: Sequence[SlotView],
    tables: Sequence[str],
    fixed: set[tuple[uuid.UUID, uuid.UUID]],
    *,
    company: uuid.UUID | None = None,
) -> Grid:
    """Return the schedule, or that of one company, as a table; tables nobody uses are left out."""
    standing = [one for one in board.standing if company in (None, one.host_id, one.guest_id)]
    used = sorted({one.table for one in standing})
    cells = {
        (one.slot, one.table): Cell(
            one.meeting_id,
            one.host_id,
            one.guest_id,
            board.participants[one.host_id].name,
            board.participants[one.guest_id].name,
            (one.host_id, one.guest_id) in fixed,
        )
        for one in standing
        if {one.host_id, one.guest_id} <= board.participants.keys()
    }
    rows = [GridRow(slot, [cells.get((slot.number, table)) for table in used]) for slot in slots]
    return Grid([(table, tables[table]) for table in used], rows, len(cells))


def meeting_count(session: Session, *, event_id: uuid.UUID) -> int:
    """Return how many meetings of an event have a place."""
    query = select(func.count()).where(Meeting.event_id == event_id, Meeting.state == MeetingState.SET)
    return session.scalar(query) or 0


def placed_at(session: Session, *, event_id: uuid.UUID, meeting_id: uuid.UUID) -> tuple[int, int] | None:
    """Return slot and table of a meeting."""
    query = (
        select(Slot.number, Seat.table_no)
        .join(Seat, and_(Seat.slot_id == Slot.id, Seat.role == Role.EXHIBITOR))
        .where(Seat.meeting_id == meeting_id, Slot.event_id == event_id)
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def figures(session: Session, *, actor: Actor, now: dt.datetime, event_id: uuid.UUID | None = None) -> Figures:
    """Return what came of past meetings, of one event or of all, in four queries. Raises NotAllowed."""
    policy.can_see_figures(actor).enforce()
    past = [Meeting.state == MeetingState.SET, Meeting.announced.is_not(None), Meeting.ends_at <= now]
    if event_id is not None:
        past.append(Meeting.event_id == event_id)
    told = select(MeetingOutcome).join(Meeting, Meeting.id == MeetingOutcome.meeting_id).where(*past).subquery()
    results = session.execute(select(told.c.result, func.count()).group_by(told.c.result)).tuples().all()
    steps = session.execute(
        select(told.c.next_step, func.count()).where(told.c.next_step != "").group_by(told.c.next_step)
    )
    rating = session.scalar(select(func.avg(told.c.rating)))
    return Figures(
        n_meetings=session.scalar(select(func.count()).select_from(Meeting).where(*past)) or 0,
        n_told=sum(number for _, number in results),
        results=dict(results),
        next_steps=dict(steps.tuples().all()),
        rating=float(rating) if rating is not None else None,
    )
