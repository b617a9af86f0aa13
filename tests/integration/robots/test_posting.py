"""What waits for a robot is posted once, together, not too often, and not for ever."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.jobs.robots import post_all
from app.outbox.models import Job
from app.robots.guard import Rules
from app.robots.models import GroupRobot, PostState, RobotMessage
from app.robots.outcome import Fate, Outcome, Reason
from app.robots.service import purge, settle, take_batch
from app.robots.service.posting import MOST_A_MINUTE, RETRY_AFTER, SENDING
from app.robots.service.queueing import KEPT
from tests.factories.robots import RobotFactory, RobotMessageFactory
from tests.support.clock import NOON
from tests.support.robots import robot_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.robots import RobotServer

RULES = Rules((), has_loopback=True)
SENT = Outcome(Fate.SENT)
BUSY = Outcome(Fate.LATER, Reason.BUSY, 45009)
BAD_KEY = Outcome(Fate.NEVER, Reason.INVALID_KEY, 93000)
UNKNOWN = Outcome(Fate.UNKNOWN, Reason.NO_ANSWER)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    """Jobs run inside the portal."""
    with app.app_context():
        yield


@pytest.fixture
def there() -> Iterator[RobotServer]:
    with robot_server() as server:
        yield server


def do(session: Session, robot: Any, outcome: Outcome, now: dt.datetime = NOON) -> None:
    """Take what is due, and note an outcome for it."""
    batch = take_batch(session, robot_id=robot.id, now=now)
    assert batch is not None
    settle(session, batch, outcome, now=now)
    session.flush()


def told(session: Session) -> list[tuple[PostState, Reason | None]]:
    session.expire_all()
    found = session.scalars(sa.select(RobotMessage).order_by(RobotMessage.created_at, RobotMessage.event_key))
    return [(message.state, message.reason) for message in found]


def waiting_jobs(session: Session, kind: str) -> list[Job]:
    return list(session.scalars(sa.select(Job).where(Job.kind == kind)))


def test_what_is_due_is_posted_in_one_message(session: Session, there: RobotServer) -> None:
    robot = RobotFactory(url=there.url)
    first, second = (RobotMessageFactory(robot=robot, created_at=NOON + number * SECOND) for number in range(2))

    n_posts = post_all(robot.id, RULES)

    [content] = there.contents
    assert content.index(first.text) < content.index(second.text)
    assert "[前往平台查看](http://localhost/workspace/needs/1)" in content
    assert (n_posts, told(session)) == (1, [(PostState.SENT, None)] * 2)


def test_a_second_run_posts_nothing_again(session: Session, there: RobotServer) -> None:
    robot = RobotFactory(url=there.url)
    RobotMessageFactory(robot=robot)
    post_all(robot.id, RULES)

    post_all(robot.id, RULES)

    assert len(there.posts) == 1


def test_a_worker_that_ended_in_the_middle_leaves_nothing_to_be_posted_twice(
    session: Session, there: RobotServer
) -> None:
    robot = RobotFactory(url=there.url)
    RobotMessageFactory(robot=robot, due_at=NOON - SENDING)
    take_batch(session, robot_id=robot.id, now=NOON - SENDING)
    session.commit()

    post_all(robot.id, RULES)

    assert (there.posts, told(session)) == ([], [(PostState.UNKNOWN, Reason.STOPPED)])


def test_while_a_post_is_under_way_another_worker_waits(session: Session) -> None:
    robot = RobotFactory()
    RobotMessageFactory(robot=robot)
    take_batch(session, robot_id=robot.id, now=NOON)
    RobotMessageFactory(robot=robot)

    assert take_batch(session, robot_id=robot.id, now=NOON + SECOND) is None
    assert waiting_jobs(session, "robots.post")[0].run_at == NOON + SENDING


def test_what_is_not_due_waits_for_its_time(session: Session) -> None:
    robot = RobotFactory()
    RobotMessageFactory(robot=robot, due_at=NOON + SECOND)

    assert take_batch(session, robot_id=robot.id, now=NOON) is None
    assert waiting_jobs(session, "robots.post")[0].run_at == NOON + SECOND


def test_a_group_gets_no_more_posts_a_minute_than_it_takes(session: Session) -> None:
    robot = RobotFactory()
    for number in range(MOST_A_MINUTE):
        RobotMessageFactory(robot=robot, state=PostState.SENT, tried_at=NOON - number * SECOND)
    RobotMessageFactory(robot=robot)

    assert take_batch(session, robot_id=robot.id, now=NOON) is None
    oldest = NOON - (MOST_A_MINUTE - 1) * SECOND
    assert waiting_jobs(session, "robots.post")[0].run_at == oldest + dt.timedelta(minutes=1)


def test_a_busy_group_is_asked_again_after_a_growing_pause(session: Session) -> None:
    robot = RobotFactory()
    message = RobotMessageFactory(robot=robot)

    do(session, robot, BUSY)

    session.refresh(message)
    assert (message.state, message.due_at, message.number) == (PostState.QUEUED, NOON + RETRY_AFTER[0], 45009)


def test_after_the_last_attempt_it_is_given_up(session: Session) -> None:
    robot = RobotFactory()
    RobotMessageFactory(robot=robot, attempts=len(RETRY_AFTER))

    do(session, robot, BUSY)

    assert told(session) == [(PostState.FAILED, Reason.BUSY)]


def test_what_may_have_arrived_is_not_posted_again(session: Session, there: RobotServer) -> None:
    there.drops = True
    robot = RobotFactory(url=there.url)
    RobotMessageFactory(robot=robot)

    post_all(robot.id, RULES)
    post_all(robot.id, RULES)

    assert (len(there.posts), told(session)) == (1, [(PostState.UNKNOWN, Reason.NO_ANSWER)])


def fail(session: Session, robot: Any, times: int, outcome: Outcome = BAD_KEY) -> None:
    for number in range(times):
        now = NOON + number * dt.timedelta(minutes=5)
        RobotMessageFactory(robot=robot, due_at=now, created_at=now)
        do(session, robot, outcome, now)


@pytest.mark.parametrize("outcome", [BAD_KEY, UNKNOWN])
def test_a_robot_that_only_fails_is_switched_off_and_its_company_told(session: Session, outcome: Outcome) -> None:
    robot = RobotFactory()

    fail(session, robot, 3, outcome)

    session.refresh(robot)
    assert (robot.off_at is not None, robot.off_reason) == (True, outcome.reason)
    assert waiting_jobs(session, "robot.stopped")[0].payload == {"robot_id": str(robot.id)}
    assert session.scalar(sa.select(AuditEvent.action).where(AuditEvent.subject_id == robot.id)) == "robot.stop"


def test_two_failures_do_not_switch_it_off(session: Session) -> None:
    robot = RobotFactory()

    fail(session, robot, 2)

    assert session.get_one(GroupRobot, robot.id).off_at is None


def test_one_success_makes_failures_forgotten(session: Session) -> None:
    robot = RobotFactory(n_failures=2)
    RobotMessageFactory(robot=robot)

    do(session, robot, SENT)

    assert session.get_one(GroupRobot, robot.id).n_failures == 0


def test_what_waits_for_a_robot_that_is_switched_off_is_noted_as_not_sent(session: Session) -> None:
    robot = RobotFactory(n_failures=2)
    RobotMessageFactory(robot=robot)
    later = RobotMessageFactory(robot=robot, due_at=NOON + SECOND)

    do(session, robot, BAD_KEY)

    session.refresh(later)
    assert (later.state, later.reason) == (PostState.SKIPPED, Reason.SWITCHED_OFF)


def test_an_address_that_the_key_no_longer_opens_is_posted_nowhere(session: Session) -> None:
    robot = RobotFactory(address={})
    RobotMessageFactory(robot=robot)

    post_all(robot.id, RULES)

    assert told(session) == [(PostState.FAILED, Reason.HOST)]


def test_a_robot_that_is_gone_or_off_is_left_alone(session: Session) -> None:
    robot = RobotFactory(off_at=NOON)
    RobotMessageFactory(robot=robot)

    assert take_batch(session, robot_id=robot.id, now=NOON) is None


def test_old_messages_are_forgotten_unless_they_wait(session: Session) -> None:
    robot, long_ago = RobotFactory(), NOON - KEPT - SECOND
    RobotMessageFactory(robot=robot, state=PostState.SENT, created_at=long_ago)
    waiting = RobotMessageFactory(robot=robot, created_at=long_ago)
    fresh = RobotMessageFactory(robot=robot, state=PostState.SENT)

    purge(session, now=NOON)

    assert set(session.scalars(sa.select(RobotMessage.id))) == {waiting.id, fresh.id}
