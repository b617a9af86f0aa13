"""Setting group robots up: through the pages, by those who may, with an address that stays secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.actor import MemberRole
from app.jobs.run import work_off
from app.notifications.models import Notification
from app.outbox.service import publish
from app.robots.models import GroupRobot, PostState, RobotMessage
from app.robots.outcome import Reason
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.robots import RobotFactory, RobotMessageFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

PATH = "/workspace/robots/"
KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"
URL = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
FORM = {
    "name": "销售群",
    "url": URL,
    "topics": ["pairings", "meetings"],
    "locale": "zh_Hans_CN",
    "quiet_from": "21",
    "quiet_until": "8",
    "max_daily": "30",
}


@pytest.fixture
def company(session: Session) -> Any:
    return OrganizationFactory()


@pytest.fixture
def owner(company: Any) -> User:
    user: User = UserFactory(organization=company, role=MemberRole.OWNER)
    return user


@pytest.fixture
def colleague(client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient], owner: User) -> FlaskClient:
    return login(client, owner)


def robots(session: Session) -> list[GroupRobot]:
    session.expire_all()
    return list(session.scalars(sa.select(GroupRobot)))


def test_a_robot_is_set_up(session: Session, colleague: FlaskClient, company: Any) -> None:
    answer = colleague.post(f"{PATH}new", data=FORM)

    [robot] = robots(session)
    assert answer.status_code == 303
    assert (robot.organization_id, robot.name, robot.address) == (company.id, "销售群", {"url": URL})
    assert (robot.topics, robot.quiet_from, robot.quiet_until, robot.max_daily) == (["pairings", "meetings"], 21, 8, 30)


def test_its_key_is_nowhere_in_clear_text(session: Session, colleague: FlaskClient) -> None:
    colleague.post(f"{PATH}new", data=FORM)

    stored = session.connection().exec_driver_sql("SELECT * FROM group_robots").mappings().one()
    trail = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "robot.add")).one()
    pages = colleague.get(PATH).text + colleague.get(f"{PATH}{robots(session)[0].id}/edit").text
    assert KEY not in "".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in stored.values())
    assert KEY not in f"{trail.details} {trail.subject_label}"
    assert KEY not in pages
    assert "qyapi.weixin.qq.com/…5aaa" in pages


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"topics": []},
        {"topics": ["reviews"]},
        {"url": ""},
        {"url": "https://evil.example.com/send?key=abc"},
        {"url": "http://127.0.0.1:80/send?key=abc"},
        {"quiet_until": ""},
        {"max_daily": "0"},
        {"max_daily": ""},
        {"locale": "fr"},
    ],
)
def test_a_wrong_form_is_refused_and_keeps_what_was_typed(
    session: Session, colleague: FlaskClient, change: dict[str, Any]
) -> None:
    answer = colleague.post(f"{PATH}new", data={**FORM, "name": "研发群", **change})

    assert (answer.status_code, robots(session)) == (422, [])
    assert 'value="21" ' in answer.text or 'value="21">' in answer.text


def test_the_same_group_is_set_up_once(session: Session, colleague: FlaskClient) -> None:
    colleague.post(f"{PATH}new", data=FORM)

    answer = colleague.post(f"{PATH}new", data={**FORM, "name": "又一群"})

    assert (answer.status_code, len(robots(session))) == (422, 1)


def test_a_fourth_robot_is_refused(session: Session, colleague: FlaskClient, company: Any) -> None:
    RobotFactory.create_batch(3, organization=company)

    answer = colleague.post(f"{PATH}new", data=FORM)

    assert (answer.status_code, len(robots(session))) == (403, 3)


def test_a_change_without_an_address_keeps_the_stored_one(
    session: Session, colleague: FlaskClient, company: Any
) -> None:
    robot = RobotFactory(organization=company, url=URL)

    colleague.post(f"{PATH}{robot.id}/edit", data={**FORM, "url": "", "name": "新名"})

    [kept] = robots(session)
    assert (kept.name, kept.address) == ("新名", {"url": URL})


def test_a_new_address_takes_the_place_of_the_old(session: Session, colleague: FlaskClient, company: Any) -> None:
    robot = RobotFactory(organization=company)

    colleague.post(f"{PATH}{robot.id}/edit", data=FORM)

    assert robots(session)[0].address == {"url": URL}


@pytest.mark.parametrize("path", ["edit", "test", "stop", "start", "remove"])
def test_another_companys_robot_does_not_exist(session: Session, colleague: FlaskClient, path: str) -> None:
    robot = RobotFactory()

    assert colleague.post(f"{PATH}{robot.id}/{path}", data=FORM).status_code == 404


@pytest.mark.parametrize("path", ["edit", "test", "stop", "start", "remove"])
def test_a_reader_sees_and_changes_nothing(
    session: Session,
    client: FlaskClient,
    login: Callable[[FlaskClient, User], FlaskClient],
    company: Any,
    path: str,
) -> None:
    robot = RobotFactory(organization=company, name="只读群")
    reader = login(client, UserFactory(organization=company, role=MemberRole.VIEWER))

    assert "只读群" in reader.get(PATH).text
    assert reader.get(f"{PATH}new").status_code == 403
    assert reader.post(f"{PATH}{robot.id}/{path}", data=FORM).status_code == 403


def test_whoever_belongs_to_no_company_learns_what_to_do(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    answer = login(client, UserFactory()).get(PATH)

    assert (answer.status_code, "/workspace/company/" in answer.text) == (200, True)


def test_nobody_comes_in_without_logging_in(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 302


def test_a_robot_is_switched_off_and_on(session: Session, colleague: FlaskClient, company: Any) -> None:
    robot = RobotFactory(organization=company, n_failures=2)
    waiting = RobotMessageFactory(robot=robot)

    colleague.post(f"{PATH}{robot.id}/stop")
    is_off = robots(session)[0].off_at is not None
    colleague.post(f"{PATH}{robot.id}/start")

    assert (is_off, robots(session)[0].off_at, robots(session)[0].n_failures) == (True, None, 0)
    assert session.get_one(RobotMessage, waiting.id).state is PostState.SKIPPED


@pytest.mark.parametrize(("off_at", "verb"), [(NOON, "stop"), (None, "start"), (NOON, "test")])
def test_what_has_been_done_already_is_a_conflict(
    session: Session, colleague: FlaskClient, company: Any, off_at: Any, verb: str
) -> None:
    robot = RobotFactory(organization=company, off_at=off_at)

    assert colleague.post(f"{PATH}{robot.id}/{verb}").status_code == 409


def test_a_test_message_is_queued_for_now_whatever_the_hour(
    session: Session, colleague: FlaskClient, company: Any
) -> None:
    robot = RobotFactory(organization=company, quiet_from=11, quiet_until=14)

    colleague.post(f"{PATH}{robot.id}/test")
    again = colleague.post(f"{PATH}{robot.id}/test")

    [message] = session.scalars(sa.select(RobotMessage))
    assert (message.due_at, message.topic, again.status_code) == (NOON, "", 409)


def test_a_robot_is_forgotten_with_its_messages(session: Session, colleague: FlaskClient, company: Any) -> None:
    robot = RobotFactory(organization=company)
    RobotMessageFactory(robot=robot)

    colleague.post(f"{PATH}{robot.id}/remove")

    assert robots(session) == []
    assert session.scalars(sa.select(RobotMessage)).all() == []


def test_the_page_shows_the_last_fifty_messages_in_few_queries(
    session: Session, colleague: FlaskClient, company: Any
) -> None:
    robot = RobotFactory(organization=company, name="销售群")
    RobotMessageFactory.create_batch(52, robot=robot, state=PostState.FAILED, reason=Reason.INVALID_KEY, number=93000)

    with count_queries() as statements:
        text = colleague.get(PATH).text

    assert len(re.findall("93000", text)) == 50
    assert len(statements) <= 12


def test_the_matrix_names_the_groups_that_are_told(session: Session, colleague: FlaskClient, company: Any) -> None:
    RobotFactory(organization=company, name="销售群", topics=["meetings"])
    RobotFactory(organization=company, name="停用群", off_at=NOON)

    text = colleague.get("/workspace/notifications/preferences").text

    assert ("销售群" in text, "停用群" in text) == (True, False)


def test_people_are_told_that_the_portal_switched_a_robot_off(
    app: Flask, session: Session, owner: User, company: Any
) -> None:
    robot = RobotFactory(organization=company, off_at=NOON, off_reason=Reason.INVALID_KEY, name="销售群")
    publish(session, "robot.stopped", now=NOON, robot_id=robot.id)
    session.commit()

    work_off(app, worker="test")

    line = session.scalars(sa.select(Notification)).one()
    assert (line.kind, line.user_id, line.payload["title"]) == ("robot.stopped", owner.id, "销售群")


def test_a_job_posts_through_the_robot_it_names(app: Flask, session: Session, company: Any) -> None:
    robot = RobotFactory(organization=company, url="http://127.0.0.1:9/send?key=abc")
    RobotMessageFactory(robot=robot)
    publish(session, "robots.post", now=NOON, robot_id=robot.id)
    session.commit()

    work_off(app, worker="test")

    session.expire_all()
    assert session.scalars(sa.select(RobotMessage)).one().reason is Reason.HOST
