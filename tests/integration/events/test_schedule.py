"""The schedule: computed, kept, edited by hand, published."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.events import service
from app.events.commands import PlaceMeeting
from app.events.models import Meeting, ScheduleRun, Seat
from app.events.queries.schedule import plan_of_run
from app.events.scheduling.optimum import solve
from app.events.workflow import EventState, MeetingState, Role, RunState, Wish
from app.jobs.scheduling import make_schedule
from app.outbox.models import Job
from tests.factories.challenges import ChallengeFactory
from tests.factories.events import WishFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from tests.integration.events.conftest import Fair

AFTER = NOON + dt.timedelta(days=6)
"""When registration is over."""


def ask_for_everything(fair: Fair) -> None:
    """Let every exhibitor ask for every visitor, the first two for each other as a must."""
    WishFactory(by=fair.hosts[0], of=fair.guests[0], wish=Wish.MUST)
    WishFactory(by=fair.guests[0], of=fair.hosts[0], wish=Wish.MUST)
    WishFactory(by=fair.hosts[0], of=fair.guests[1])
    WishFactory(by=fair.hosts[1], of=fair.guests[0])
    WishFactory(by=fair.hosts[1], of=fair.guests[1])


def compute(app: Flask, session: Session, fair: Fair, boss: Actor) -> ScheduleRun:
    """Make the schedule as the job does, and return its run."""
    run = service.request_schedule(session, actor=boss, event_id=fair.event.id, now=NOON)
    session.flush()
    _work(app, run.id, boss)
    return session.get_one(ScheduleRun, run.id, populate_existing=True)


def _work(app: Flask, run_id: uuid.UUID, boss: Actor) -> bool:
    with app.app_context():
        return make_schedule(run_id, lambda *_: None, actor=boss)


def place(session: Session, fair: Fair, boss: Actor, slot: int, table: int, host: int = 0, guest: int = 0) -> Meeting:
    command = PlaceMeeting(fair.hosts[host].organization_id, fair.guests[guest].organization_id, slot, table)
    return service.place_meeting(session, actor=boss, event_id=fair.event.id, command=command, now=NOON)


def meetings(session: Session) -> list[Meeting]:
    query = sa.select(Meeting).where(Meeting.state == MeetingState.SET).execution_options(populate_existing=True)
    return list(session.scalars(query))


def told(session: Session) -> list[str]:
    query = sa.select(Job.kind).where(Job.kind.startswith("meeting.")).order_by(Job.kind)
    return list(session.scalars(query))


def test_a_schedule_is_computed_with_its_proof(app: Flask, session: Session, fair: Fair, boss: Actor) -> None:
    ask_for_everything(fair)

    run = compute(app, session, fair, boss)

    assert (run.state, run.n_meetings, run.n_wanted) == (RunState.DONE, 4, 4)
    assert (run.n_musts, run.n_musts_met) == (1, 1)
    assert run.gap <= 0.01
    assert len(meetings(session)) == 4


def test_who_refuses_is_never_made_to_meet(app: Flask, session: Session, fair: Fair, boss: Actor) -> None:
    WishFactory(by=fair.hosts[0], of=fair.guests[0], wish=Wish.MUST)
    WishFactory(by=fair.guests[0], of=fair.hosts[0], wish=Wish.NO)

    assert compute(app, session, fair, boss).n_meetings == 0


def test_companies_learn_of_a_schedule_only_when_it_is_published(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    ask_for_everything(fair)

    compute(app, session, fair, boss)

    assert told(session) == []
    assert {meeting.announced for meeting in meetings(session)} == {None}


def test_publishing_invites_the_companies_of_every_meeting(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    ask_for_everything(fair)
    compute(app, session, fair, boss)

    n = service.publish_schedule(session, actor=boss, event_id=fair.event.id, now=AFTER)
    session.flush()

    assert n == 4
    assert told(session) == ["meeting.set"] * 4
    assert fair.event.state is EventState.SCHEDULED


def test_a_schedule_is_not_published_while_companies_register(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    ask_for_everything(fair)
    compute(app, session, fair, boss)

    with pytest.raises(NotAllowed):
        service.publish_schedule(session, actor=boss, event_id=fair.event.id, now=NOON)


def test_a_second_computation_waits_for_the_first(session: Session, fair: Fair, boss: Actor) -> None:
    service.request_schedule(session, actor=boss, event_id=fair.event.id, now=NOON)

    with pytest.raises(Conflict):
        service.request_schedule(session, actor=boss, event_id=fair.event.id, now=NOON)


def test_a_schedule_of_older_requests_is_not_kept(session: Session, fair: Fair, boss: Actor) -> None:
    ask_for_everything(fair)
    run = service.request_schedule(session, actor=boss, event_id=fair.event.id, now=NOON)
    session.flush()
    plan = plan_of_run(session, run_id=run.id)
    assert plan is not None
    solution = solve(plan.problem)
    service.withdraw(session, actor=fair.actor_of(fair.hosts[0]), event_id=fair.event.id, now=NOON)

    is_kept = service.keep_schedule(
        session, actor=boss, run_id=run.id, plan=plan, solution=solution, seconds=1.0, now=NOON
    )

    assert not is_kept
    assert meetings(session) == []


def test_a_job_that_runs_twice_changes_nothing(app: Flask, session: Session, fair: Fair, boss: Actor) -> None:
    ask_for_everything(fair)
    run = compute(app, session, fair, boss)
    before = {(one.id, one.version) for one in meetings(session)}

    _work(app, run.id, boss)

    assert {(one.id, one.version) for one in meetings(session)} == before


def test_a_meeting_put_by_hand_stays_there(app: Flask, session: Session, fair: Fair, boss: Actor) -> None:
    ask_for_everything(fair)
    fixed = place(session, fair, boss, slot=5, table=2)

    compute(app, session, fair, boss)

    seat = session.scalars(sa.select(Seat).where(Seat.meeting_id == fixed.id, Seat.role == Role.VISITOR)).one()
    assert (seat.slot_id, seat.table_no) == (fair.event.slots[5].id, 2)


def test_a_conflict_by_hand_is_refused_with_its_reason(session: Session, fair: Fair, boss: Actor) -> None:
    place(session, fair, boss, slot=0, table=0)

    with pytest.raises(RuleViolation, match="another meeting in this slot"):
        place(session, fair, boss, slot=0, table=1, guest=1)


def test_a_meeting_moves_by_hand(session: Session, fair: Fair, boss: Actor) -> None:
    first = place(session, fair, boss, slot=0, table=0)

    second = place(session, fair, boss, slot=1, table=1)

    assert second.id == first.id
    assert second.starts_at == fair.event.slots[1].starts_at
    assert session.scalar(sa.select(sa.func.count()).select_from(Seat)) == 2


def test_a_published_meeting_that_moves_is_told_with_a_higher_sequence(
    session: Session, fair: Fair, boss: Actor
) -> None:
    place(session, fair, boss, slot=0, table=0)
    service.publish_schedule(session, actor=boss, event_id=fair.event.id, now=AFTER)

    moved = place(session, fair, boss, slot=1, table=0)
    session.flush()

    assert (moved.sequence, moved.announced) == (1, 1)
    assert told(session) == ["meeting.moved", "meeting.set"]


def test_a_published_meeting_that_falls_out_is_called_off(session: Session, fair: Fair, boss: Actor) -> None:
    meeting = place(session, fair, boss, slot=0, table=0)
    service.publish_schedule(session, actor=boss, event_id=fair.event.id, now=AFTER)

    service.drop_meeting(session, actor=boss, event_id=fair.event.id, meeting_id=meeting.id, now=AFTER)
    session.flush()

    assert told(session) == ["meeting.cancelled", "meeting.set"]
    assert meeting.sequence == 1


def test_a_new_schedule_keeps_the_calendar_entry_of_a_pair(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    ask_for_everything(fair)
    compute(app, session, fair, boss)
    before = {one.id for one in meetings(session)}

    compute(app, session, fair, boss)

    assert {one.id for one in meetings(session)} == before
    assert {one.sequence for one in meetings(session)} == {0}


def test_a_withdrawal_frees_the_others_and_tells_them(session: Session, fair: Fair, boss: Actor) -> None:
    place(session, fair, boss, slot=0, table=0)
    service.publish_schedule(session, actor=boss, event_id=fair.event.id, now=AFTER)

    service.withdraw(session, actor=fair.actor_of(fair.hosts[0]), event_id=fair.event.id, now=AFTER)
    session.flush()

    assert meetings(session) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Seat)) == 0
    assert "meeting.cancelled" in told(session)


def test_fixed_meetings_that_contradict_each_other_are_explained(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    place(session, fair, boss, slot=0, table=0)
    fair.hosts[0].busy_slots = [0]
    session.flush()

    run = compute(app, session, fair, boss)

    assert run.state is RunState.REFUSED
    assert [flaw["code"] for flaw in run.flaws] == ["not_free"]
    assert len(meetings(session)) == 1


def test_a_must_without_a_place_is_explained(app: Flask, session: Session, fair: Fair, boss: Actor) -> None:
    WishFactory(by=fair.hosts[0], of=fair.guests[0], wish=Wish.MUST)
    fair.hosts[0].busy_slots, fair.guests[0].busy_slots = [0, 1, 2], [3, 4, 5]
    session.flush()

    run = compute(app, session, fair, boss)

    assert [one["code"] for one in run.unmet] == ["no_common_slot"]


@pytest.mark.parametrize("twin", ["company", "table"])
def test_the_database_lets_nobody_sit_twice(session: Session, fair: Fair, boss: Actor, twin: str) -> None:
    first = place(session, fair, boss, slot=0, table=0)
    second = place(session, fair, boss, slot=1, table=1, host=1, guest=1)
    seat = next(one for one in second.seats if one.role is Role.EXHIBITOR)
    given = {"slot_id": fair.event.slots[0].id}
    given |= {"organization_id": first.host_id, "table_no": 2} if twin == "company" else {"table_no": 0}
    values = sa.update(Seat).where(Seat.meeting_id == seat.meeting_id, Seat.role == Role.EXHIBITOR).values(**given)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(values)


def test_only_the_desk_edits_the_schedule(session: Session, fair: Fair, boss: Actor) -> None:
    stranger = replace(boss, roles=frozenset())

    with pytest.raises(NotAllowed):
        place(session, fair, stranger, slot=0, table=0)


def embargo(fair: Fair) -> None:
    """Let the first exhibitor pose a challenge that takes bids for 30 days, the day of the event among them."""
    ChallengeFactory(organization=fair.hosts[0].organization)


def test_a_maker_whose_challenge_takes_bids_that_day_has_no_place_in_the_schedule(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    ask_for_everything(fair)
    embargo(fair)

    run = compute(app, session, fair, boss)

    assert run.state is RunState.DONE
    assert {one.host_id for one in meetings(session)} == {fair.hosts[1].organization_id}


def test_a_challenge_that_closes_before_the_event_keeps_nobody_away(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    ask_for_everything(fair)
    ChallengeFactory(
        organization=fair.hosts[0].organization,
        question_deadline_at=NOON + dt.timedelta(days=1),
        bid_deadline_at=NOON + dt.timedelta(days=2),
    )

    compute(app, session, fair, boss)

    assert fair.hosts[0].organization_id in {one.host_id for one in meetings(session)}


def test_no_hand_puts_a_meeting_under_an_embargo(session: Session, fair: Fair, boss: Actor) -> None:
    embargo(fair)

    with pytest.raises(RuleViolation, match="still takes bids on that day"):
        place(session, fair, boss, slot=0, table=0)


def test_a_fixed_meeting_that_came_under_an_embargo_is_named(
    app: Flask, session: Session, fair: Fair, boss: Actor
) -> None:
    place(session, fair, boss, slot=0, table=0)
    embargo(fair)

    run = compute(app, session, fair, boss)

    assert [flaw["code"] for flaw in run.flaws] == ["embargoed"]


def test_a_schedule_with_a_meeting_under_an_embargo_is_not_published(session: Session, fair: Fair, boss: Actor) -> None:
    place(session, fair, boss, slot=0, table=0)
    embargo(fair)

    with pytest.raises(NotAllowed, match="takes bids on that day"):
        service.publish_schedule(session, actor=boss, event_id=fair.event.id, now=AFTER)


def test_an_unknown_run_is_left_alone(app: Flask, session: Session, boss: Actor) -> None:
    assert not _work(app, uuid.uuid4(), boss)
