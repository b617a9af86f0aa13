"""Asking for a schedule, keeping it, and publishing it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.audit import service as audit
from app.core.errors import Conflict, NotFound
from app.events import plan as planning
from app.events import policy
from app.events.board import count_embargoed
from app.events.models import Meeting, ScheduleRun, Seat
from app.events.rules import table_names
from app.events.service.announce import announce, call_off
from app.events.service.locked import event_meetings, lock_event
from app.events.workflow import (
    EVENT_WORKFLOW,
    MEETING_WORKFLOW,
    EventEvent,
    MeetingEvent,
    MeetingKind,
    MeetingState,
    Role,
    RunState,
)
from app.outbox.service import enqueue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.events.models import Event, Slot
    from app.events.plan import Plan
    from app.events.scheduling.optimum import Placed, Solution
    from app.events.scheduling.problem import Flaw


def request_schedule(session: Session, *, actor: Actor, event_id: uuid.UUID, now: dt.datetime) -> ScheduleRun:
    """Queue the computation of an event's schedule. Raises NotFound, NotAllowed or Conflict (one is under way)."""
    event = lock_event(session, event_id)
    policy.can_compute(actor, state=event.state).enforce()
    waiting = select(ScheduleRun.id).where(ScheduleRun.event_id == event.id, ScheduleRun.state == RunState.WAITING)
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("A schedule is being computed already.", code="already_computing")
    run = ScheduleRun(id=uuid.uuid4(), event_id=event.id, requested_by=actor.user_id, created_at=now)
    run.job_id = enqueue(session, "events.schedule", now=now, requested_by=actor.user_id, payload={"run_id": run.id})
    session.add(run)
    session.flush()
    audit.record(session, actor, "event.compute", "event", event.id, label=event.title_zh)
    return run


def keep_schedule(
    session: Session,
    *,
    actor: Actor,
    run_id: uuid.UUID,
    plan: Plan,
    solution: Solution,
    seconds: float,
    now: dt.datetime,
) -> bool:
    """Make a solution the event's schedule; False when the event has changed since it was read.

    Meetings that moved or fell out of a published schedule are told to their companies at once. A run that is
    over already stays as it is.
    """
    event, run = lock_event(session, plan.event_id), _run(session, run_id)
    if run.state is not RunState.WAITING:
        return True
    if event.inputs != plan.inputs:
        return False
    _replace(session, actor, event, [(plan.ids[one.host], plan.ids[one.guest], one) for one in solution.meetings], now)
    met = {(one.host, one.guest) for one in solution.meetings}
    run.n_wanted, run.n_meetings = len(plan.problem.pairs), len(solution.meetings)
    run.n_musts = len(plan.musts)
    run.n_musts_met = sum((pair.host, pair.guest) in met for pair in plan.musts)
    run.value, run.bound, run.gap = solution.value, solution.bound, solution.gap
    run.unmet, run.seconds = planning.unmet(plan, solution), seconds
    run.state, run.finished_at = RunState.DONE, now
    session.flush()
    figures = {"n_meetings": run.n_meetings, "gap": round(run.gap, 6)}
    audit.record(session, actor, "event.schedule", "event", event.id, label=event.title_zh, **figures)
    return True


def refuse_schedule(session: Session, *, run_id: uuid.UUID, flaws: Sequence[Flaw], now: dt.datetime) -> None:
    """Note why no schedule could be made; the one that stands is left alone."""
    run = _run(session, run_id)
    if run.state is RunState.WAITING:
        run.flaws = [{**asdict(flaw), "names": list(flaw.names)} for flaw in flaws]
        run.state, run.finished_at = RunState.REFUSED, now


def publish_schedule(session: Session, *, actor: Actor, event_id: uuid.UUID, now: dt.datetime) -> int:
    """Invite both companies of every meeting; return how many meetings. Raises NotFound, NotAllowed or Conflict."""
    event = lock_event(session, event_id)
    meetings = [one for one in event_meetings(session, event.id) if one.state is MeetingState.SET]
    policy.can_publish(
        actor,
        state=event.state,
        registers_until=event.registers_until,
        n_meetings=len(meetings),
        n_embargoed=count_embargoed(session, event.id),
        now=now,
    ).enforce()
    event.state, event.published_at = EVENT_WORKFLOW.step(event.state, EventEvent.PUBLISH), now
    for meeting in meetings:
        announce(session, meeting, now)
    audit.record(session, actor, "event.publish", "event", event.id, label=event.title_zh, n_meetings=len(meetings))
    return len(meetings)


def _run(session: Session, run_id: uuid.UUID) -> ScheduleRun:
    run = session.get(ScheduleRun, run_id, populate_existing=True)
    if run is None:
        raise NotFound("There is no such schedule.", code="run_not_found")
    return run


def _replace(
    session: Session,
    actor: Actor,
    event: Event,
    wanted: Sequence[tuple[uuid.UUID, uuid.UUID, Placed]],
    now: dt.datetime,
) -> None:
    """Let the event's meetings be these: keep, move, add, and end what is left."""
    # All seats at once: moving them one by one would put two companies into one seat on the way.
    own = select(Meeting.id).where(Meeting.event_id == event.id)
    session.execute(delete(Seat).where(Seat.meeting_id.in_(own)).execution_options(synchronize_session=False))
    known = {(meeting.host_id, meeting.guest_id): meeting for meeting in event_meetings(session, event.id)}
    kept = set()
    for host_id, guest_id, placed in wanted:
        meeting = known.get((host_id, guest_id)) or new_meeting(session, actor, event, host_id, guest_id, now)
        put(session, event, meeting, slot=event.slots[placed.slot], table=placed.table, now=now)
        kept.add(meeting.id)
    for meeting in known.values():
        if meeting.state is MeetingState.SET and meeting.id not in kept:
            meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.CANCEL)
            meeting.reason, meeting.ended_at, meeting.is_pinned = "replaced", now, False
            call_off(session, meeting, now)
    session.flush()


def new_meeting(
    session: Session, actor: Actor, event: Event, host_id: uuid.UUID, guest_id: uuid.UUID, now: dt.datetime
) -> Meeting:
    """Return a meeting of an event that still needs a place."""
    meeting = Meeting(
        id=uuid.uuid4(),
        kind=MeetingKind.EVENT,
        state=MeetingState.CANCELLED,
        event_id=event.id,
        host_id=host_id,
        guest_id=guest_id,
        sequence=0,
        created_by=actor.user_id,
        created_at=now,
        seats=[],
    )
    session.add(meeting)
    return meeting


def put(session: Session, event: Event, meeting: Meeting, *, slot: Slot, table: int, now: dt.datetime) -> bool:
    """Seat a meeting, and tell its companies when the schedule is published; return whether anything changed."""
    place = " · ".join(filter(None, (event.place, table_names(event.rooms)[table])))
    before = (meeting.state, meeting.starts_at, meeting.ends_at, meeting.place, meeting.video_url)
    meeting.state = MEETING_WORKFLOW.step(meeting.state, MeetingEvent.PLACE)
    meeting.starts_at, meeting.ends_at = slot.starts_at, slot.ends_at
    meeting.place, meeting.video_url = place, event.video_url
    meeting.reason, meeting.ended_at = "", None
    meeting.seats.extend(
        Seat(role=role, organization_id=company, slot_id=slot.id, table_no=table)
        for role, company in ((Role.EXHIBITOR, meeting.host_id), (Role.VISITOR, meeting.guest_id))
    )
    is_changed = before != (meeting.state, meeting.starts_at, meeting.ends_at, meeting.place, meeting.video_url)
    if is_changed and meeting.announced is not None:
        meeting.sequence += 1
    if event.published_at is not None and (is_changed or meeting.announced is None):
        announce(session, meeting, now)
    return is_changed
