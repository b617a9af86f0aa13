"""What the pages of group robots show."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core.actor import DEFAULT_LOCALE
from app.core.errors import NotFound
from app.robots import policy
from app.robots.labels import CHOSEN
from app.robots.models import GroupRobot, PostState, RobotMessage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.core.policy import Decision
    from app.robots.outcome import Reason

LOGGED = 50
"""Messages that the log shows."""


@dataclass(frozen=True, slots=True)
class RobotForm:
    """A robot as its form shows it; the address is never among it."""

    name: str = ""
    topics: tuple[str, ...] = tuple(topic.value for topic in CHOSEN)
    locale: str = DEFAULT_LOCALE
    quiet_from: int | None = 21
    quiet_until: int | None = 8
    max_daily: int = 50
    shown: str = ""


@dataclass(frozen=True, slots=True)
class RobotCard:
    """One robot with what may be done with it."""

    id: uuid.UUID
    name: str
    shown: str
    topics: tuple[str, ...]
    locale: str
    quiet_from: int | None
    quiet_until: int | None
    max_daily: int
    off_at: dt.datetime | None
    off_reason: Reason | None
    trying: Decision


@dataclass(frozen=True, slots=True)
class LogLine:
    """One message and what became of it."""

    robot: str
    text: str
    topic: str
    state: PostState
    reason: Reason | None
    number: int | None
    attempts: int
    due_at: dt.datetime
    tried_at: dt.datetime | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class RobotsPage:
    """The robots of one company and what they posted last."""

    robots: tuple[RobotCard, ...]
    log: tuple[LogLine, ...]
    setting: Decision
    adding: Decision


def robots_page(session: Session, *, actor: Actor) -> RobotsPage:
    """Return the robots of the actor's company and their last messages, in three queries; nothing without one."""
    of_company = GroupRobot.organization_id == actor.organization_id
    robots = session.scalars(sa.select(GroupRobot).where(of_company).order_by(GroupRobot.created_at, GroupRobot.id))
    found = robots.all() if actor.organization_id is not None else []
    tried = _being_tried(session, [robot.id for robot in found]) if found else set()
    cards = tuple(_card(actor, robot, is_trying=robot.id in tried) for robot in found)
    log = _log(session, [robot.id for robot in found]) if found else ()
    return RobotsPage(cards, log, policy.can_set(actor), policy.can_add(actor, len(cards)))


def _card(actor: Actor, robot: GroupRobot, *, is_trying: bool) -> RobotCard:
    return RobotCard(
        robot.id,
        robot.name,
        robot.shown,
        tuple(robot.topics),
        robot.locale,
        robot.quiet_from,
        robot.quiet_until,
        robot.max_daily,
        robot.off_at,
        robot.off_reason,
        policy.can_try(actor, robot, is_trying=is_trying),
    )


def _being_tried(session: Session, robot_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    query = sa.select(RobotMessage.robot_id).where(RobotMessage.robot_id.in_(robot_ids))
    return set(session.scalars(query.where(RobotMessage.is_trial_under_way())))


def _log(session: Session, robot_ids: list[uuid.UUID]) -> tuple[LogLine, ...]:
    query = (
        sa.select(
            GroupRobot.name,
            RobotMessage.text,
            RobotMessage.topic,
            RobotMessage.state,
            RobotMessage.reason,
            RobotMessage.number,
            RobotMessage.attempts,
            RobotMessage.due_at,
            RobotMessage.tried_at,
            RobotMessage.created_at,
        )
        .join(GroupRobot, GroupRobot.id == RobotMessage.robot_id)
        .where(RobotMessage.robot_id.in_(robot_ids))
        .order_by(RobotMessage.created_at.desc(), RobotMessage.id)
        .limit(LOGGED)
    )
    return tuple(LogLine(*row) for row in session.execute(query).tuples())


def robot_form(session: Session, *, actor: Actor, robot_id: uuid.UUID) -> RobotForm:
    """Return a robot for its form. Raises NotFound or NotAllowed."""
    robot = session.get(GroupRobot, robot_id)
    if robot is None or not actor.belongs_to(robot.organization_id):
        raise NotFound("There is no such group robot.", code="robot_not_found")
    policy.can_change(actor, robot).enforce()
    return RobotForm(
        robot.name,
        tuple(robot.topics),
        robot.locale,
        robot.quiet_from,
        robot.quiet_until,
        robot.max_daily,
        robot.shown,
    )


def groups_by_topic(session: Session, *, organization_id: uuid.UUID | None) -> dict[str, tuple[str, ...]]:
    """Return the names of a company's groups that are told of each topic."""
    query = sa.select(GroupRobot.name, GroupRobot.topics).where(
        GroupRobot.organization_id == organization_id, GroupRobot.off_at.is_(None)
    )
    told: dict[str, tuple[str, ...]] = {}
    for name, topics in session.execute(query.order_by(GroupRobot.created_at, GroupRobot.id)).tuples():
        for topic in topics:
            told[topic] = (*told.get(topic, ()), name)
    return told
