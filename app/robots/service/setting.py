"""Setting group robots up, changing and removing them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import force_locale, gettext

from app.accounts.models import Organization
from app.audit import service as audit
from app.core import box
from app.core.errors import Conflict, NotFound, RuleViolation
from app.robots import policy
from app.robots.guard import masked
from app.robots.labels import TOPICS
from app.robots.models import GroupRobot, RobotMessage
from app.robots.service.queueing import look
from app.robots.service.switching import switch_off

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.robots.commands import SaveRobot
    from app.robots.guard import Rules

SETTINGS = "/workspace/robots/"


def add_robot(session: Session, *, actor: Actor, command: SaveRobot, rules: Rules, now: dt.datetime) -> GroupRobot:
    """Set up a robot for the actor's company. Raises NotAllowed, RuleViolation or Conflict."""
    policy.can_set(actor).enforce()
    owner = actor.own_organization_id()
    session.execute(sa.select(Organization.id).where(Organization.id == owner).with_for_update())
    of_company = sa.select(GroupRobot.id).where(GroupRobot.organization_id == owner)
    policy.can_add(actor, len(session.scalars(of_company).all())).enforce()
    robot = GroupRobot(id=uuid.uuid4(), organization_id=owner, created_at=now, n_failures=0)
    _write(session, robot, command, rules, now)
    session.add(robot)
    session.flush()
    audit.record(session, actor, "robot.add", "group_robot", robot.id, label=robot.name, **_told(robot))
    return robot


def change_robot(
    session: Session, *, actor: Actor, robot_id: uuid.UUID, command: SaveRobot, rules: Rules, now: dt.datetime
) -> GroupRobot:
    """Change a robot; an empty address leaves the stored one. Raises NotFound, NotAllowed, RuleViolation, Conflict."""
    robot = _lock(session, actor, robot_id)
    _write(session, robot, command, rules, now)
    session.flush()
    audit.record(session, actor, "robot.change", "group_robot", robot.id, label=robot.name, **_told(robot))
    return robot


def _write(session: Session, robot: GroupRobot, command: SaveRobot, rules: Rules, now: dt.datetime) -> None:
    if (command.quiet_from is None) != (command.quiet_until is None):
        raise RuleViolation("Name both ends of the quiet hours, or none.", code="half_quiet", field="quiet_until")
    if command.url or not robot.address:
        parts = rules.check(command.url)
        tag = box.tag("group_robot", robot.organization_id, command.url)
        _refuse_twin(session, robot, tag)
        robot.address, robot.url_tag, robot.shown = {"url": command.url}, tag, masked(parts)
    robot.name, robot.locale = command.name, command.locale
    robot.topics = [topic.value for topic in TOPICS if topic.value in command.topics]
    robot.quiet_from, robot.quiet_until, robot.max_daily = command.quiet_from, command.quiet_until, command.max_daily
    robot.updated_at = now


def _refuse_twin(session: Session, robot: GroupRobot, tag: str) -> None:
    twin = sa.select(GroupRobot.id).where(
        GroupRobot.organization_id == robot.organization_id, GroupRobot.url_tag == tag, GroupRobot.id != robot.id
    )
    with session.no_autoflush:
        if session.scalar(twin) is not None:
            raise Conflict("Your company has set this group robot up already.", code="robot_twin", field="url")


def _told(robot: GroupRobot) -> dict[str, object]:
    """Return what the trail says of a robot; never its address."""
    return {"topics": list(robot.topics), "max_daily": robot.max_daily}


def stop_robot(session: Session, *, actor: Actor, robot_id: uuid.UUID, now: dt.datetime) -> GroupRobot:
    """Switch a robot off. Raises NotFound, NotAllowed, or Conflict when it is off."""
    robot = _lock(session, actor, robot_id)
    if robot.off_at is not None:
        raise Conflict("This group robot is switched off already.", code="robot_off")
    switch_off(session, robot, reason=None, now=now)
    audit.record(session, actor, "robot.stop", "group_robot", robot.id, label=robot.name)
    return robot


def start_robot(session: Session, *, actor: Actor, robot_id: uuid.UUID, now: dt.datetime) -> GroupRobot:
    """Switch a robot on again; only what happens from now on is posted. Raises NotFound, NotAllowed or Conflict."""
    robot = _lock(session, actor, robot_id)
    if robot.off_at is None:
        raise Conflict("This group robot is switched on already.", code="robot_on")
    robot.off_at, robot.off_reason, robot.n_failures, robot.updated_at = None, None, 0, now
    audit.record(session, actor, "robot.switch_on", "group_robot", robot.id, label=robot.name)
    return robot


def try_robot(session: Session, *, actor: Actor, robot_id: uuid.UUID, now: dt.datetime) -> None:
    """Post a test message, at any hour. Raises NotFound, NotAllowed, or Conflict while another is on its way."""
    robot = _lock(session, actor, robot_id)
    waiting = sa.select(RobotMessage.id).where(RobotMessage.robot_id == robot.id, RobotMessage.is_trial_under_way())
    is_trying = session.scalar(waiting.limit(1)) is not None
    decision = policy.can_try(actor, robot, is_trying=is_trying)
    if not decision:
        raise Conflict(decision.reason, code="robot_cannot_be_tried")
    with force_locale(robot.locale):
        line = gettext("This is a test message of the portal: the group will be told here what is new.")
    key = f"robot.test:{uuid.uuid4()}"
    session.add(
        RobotMessage(
            id=uuid.uuid4(), robot_id=robot.id, event_key=key, topic="", text=line, path=SETTINGS, due_at=now,
            created_at=now,
        )
    )  # fmt: skip
    look(session, robot.id, at=now, now=now)
    audit.record(session, actor, "robot.test", "group_robot", robot.id, label=robot.name)


def remove_robot(session: Session, *, actor: Actor, robot_id: uuid.UUID) -> None:
    """Forget a robot, its address and what was posted through it. Raises NotFound or NotAllowed."""
    robot = _lock(session, actor, robot_id)
    audit.record(session, actor, "robot.remove", "group_robot", robot.id, label=robot.name)
    session.execute(sa.delete(RobotMessage).where(RobotMessage.robot_id == robot.id))
    session.delete(robot)


def _lock(session: Session, actor: Actor, robot_id: uuid.UUID) -> GroupRobot:
    """Return a robot for change; another company's does not exist for the actor."""
    robot = session.get(GroupRobot, robot_id, with_for_update=True, populate_existing=True)
    if robot is None or not actor.belongs_to(robot.organization_id):
        raise NotFound("There is no such group robot.", code="robot_not_found")
    policy.can_change(actor, robot).enforce()
    return robot
