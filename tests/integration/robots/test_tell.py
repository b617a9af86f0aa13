"""What group chats are told, when, and how often."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.bids.workflow import BidState
from app.clarifications.models import ChallengeFollow
from app.notifications.events import EventKind
from app.notifications.service import tell, tell_competition
from app.notifications.telling import CompetitionEvent
from app.outbox.models import Job
from app.robots.models import PostState, RobotMessage
from app.robots.outcome import Reason
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.robots import RobotFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    """Lines are put into words by Flask-Babel."""
    with app.app_context():
        yield


def published(session: Session, need: Any, now: dt.datetime = NOON) -> None:
    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=now)


def messages(session: Session) -> list[RobotMessage]:
    return list(session.scalars(sa.select(RobotMessage).order_by(RobotMessage.created_at)))


def test_a_group_is_told_what_the_inbox_says(session: Session) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization)

    published(session, need)

    [message] = messages(session)
    assert message.text == f"您的需求已公开：{need.title}"
    assert (message.path, message.state, message.due_at) == (f"/workspace/needs/{need.id}", PostState.QUEUED, NOON)


def test_a_group_is_told_in_its_own_language(session: Session) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization, locale="en")

    published(session, need)

    assert messages(session)[0].text == f"Your need is public: {need.title}"


def test_the_same_event_is_told_once(session: Session) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization)

    published(session, need)
    published(session, need)

    assert len(messages(session)) == 1


def test_every_group_of_a_company_is_told(session: Session) -> None:
    need = NeedFactory()
    RobotFactory.create_batch(2, organization=need.organization)

    published(session, need)

    assert len(messages(session)) == 2


@pytest.mark.parametrize("changes", [{"topics": ["pairings"]}, {"off_at": NOON}])
def test_a_group_that_does_not_want_it_is_not_told(session: Session, changes: dict[str, Any]) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization, **changes)

    published(session, need)

    assert messages(session) == []


def test_another_companys_group_is_not_told(session: Session) -> None:
    RobotFactory()

    published(session, NeedFactory())

    assert messages(session) == []


def test_in_quiet_hours_a_message_waits_with_its_job(session: Session) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization, quiet_from=11, quiet_until=14)

    published(session, need)

    [message] = messages(session)
    job = session.scalars(sa.select(Job).where(Job.kind == "robots.post")).one()
    assert message.due_at == job.run_at == NOON + dt.timedelta(hours=2)


def test_beyond_the_most_per_day_nothing_is_posted_and_the_log_says_so(session: Session) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization, max_daily=1)

    published(session, need)
    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON)

    states = {message.state: message.reason for message in messages(session)}
    assert states == {PostState.QUEUED: None, PostState.SKIPPED: Reason.ENOUGH}


def test_the_next_day_is_posted_again(session: Session) -> None:
    need = NeedFactory()
    RobotFactory(organization=need.organization, max_daily=1)
    published(session, need)

    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON + dt.timedelta(days=2))

    assert [message.state for message in messages(session)] == [PostState.QUEUED] * 2


def test_one_query_finds_the_groups(session: Session) -> None:
    need = NeedFactory()
    UserFactory(organization=need.organization)

    with count_queries() as statements:
        published(session, need)

    assert sum("group_robots" in statement for statement in statements) == 1


@pytest.fixture
def challenge(session: Session) -> Any:
    return ChallengeFactory()


def extended(session: Session, challenge: Any) -> None:
    tell_competition(
        session, event=CompetitionEvent.EXTENDED, subject_id=challenge.id, key="challenge.extended:1", now=NOON
    )


def test_the_group_of_a_company_is_told_once_however_many_of_its_people_follow(
    session: Session, challenge: Any
) -> None:
    firm = OrganizationFactory()
    people = UserFactory.create_batch(2, organization=firm)
    session.add_all([ChallengeFollow(challenge_id=challenge.id, user_id=user.id) for user in people])
    session.commit()
    robot = RobotFactory(organization=firm)

    extended(session, challenge)

    assert [message.robot_id for message in messages(session)] == [robot.id]


def test_the_owners_group_is_told_of_its_competition(session: Session, challenge: Any) -> None:
    RobotFactory(organization=challenge.organization)

    extended(session, challenge)

    assert messages(session)[0].path == f"/workspace/challenges/{challenge.id}"


def test_that_the_company_bids_is_a_topic_of_its_own(session: Session, challenge: Any) -> None:
    firm = OrganizationFactory()
    BidFactory(challenge=challenge, organization=firm, state=BidState.OPENED)
    RobotFactory(organization=firm)
    open_to_all = RobotFactory(organization=firm, topics=["bids"])

    extended(session, challenge)

    assert [message.robot_id for message in messages(session)] == [open_to_all.id]


def test_of_a_sealed_bid_no_group_is_told(session: Session, challenge: Any) -> None:
    firm = OrganizationFactory()
    BidFactory(challenge=challenge, organization=firm, sealed=True)
    RobotFactory(organization=firm, topics=["bids", "competition"])

    extended(session, challenge)

    assert messages(session) == []
