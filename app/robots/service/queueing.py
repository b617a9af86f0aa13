"""Noting what a group shall be told."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import Organization
from app.core.upsert import insert_into
from app.outbox.service import enqueue
from app.outbox.topics import URGENT
from app.robots.models import GroupRobot, PostState, RobotMessage
from app.robots.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.outbox.topics import Topic

POST = "robots.post"
"""The kind of the job that posts what waits for one robot."""
DAY = dt.timedelta(days=1)
KEPT = 90 * DAY
"""How long a message can be looked up; no event is told again after so long."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A group that wants to be told of a topic, and how."""

    robot_id: uuid.UUID
    organization_id: uuid.UUID
    organization_name: str
    locale: str
    quiet_from: int | None
    quiet_until: int | None
    max_daily: int


def listening(session: Session, *, organization_ids: Iterable[uuid.UUID], topic: Topic) -> Sequence[Listener]:
    """Return the groups of these companies that want to be told of a topic, in one query."""
    query = (
        sa.select(GroupRobot, Organization.legal_name_zh)
        .join(Organization, Organization.id == GroupRobot.organization_id)
        .where(GroupRobot.organization_id.in_(set(organization_ids)), GroupRobot.off_at.is_(None))
        .order_by(GroupRobot.organization_id, GroupRobot.id)
    )
    return [
        Listener(
            robot.id, robot.organization_id, name, robot.locale, robot.quiet_from, robot.quiet_until, robot.max_daily
        )
        for robot, name in session.execute(query).tuples()
        if topic in robot.topics
    ]


def queue_message(
    session: Session,
    listener: Listener,
    *,
    topic: Topic,
    event_key: str,
    text: str,
    path: str,
    due_at: dt.datetime,
    now: dt.datetime,
) -> bool:
    """Note what a group shall be told, to be posted at ``due_at``; the same event is noted once.

    Beyond the robot's most per day it is noted as not sent, unless it cannot wait. Returns whether it is new.
    """
    is_enough = topic not in URGENT and _is_enough(session, listener, now)
    values = {
        "id": uuid.uuid4(),
        "robot_id": listener.robot_id,
        "event_key": event_key,
        "topic": topic.value,
        "text": text[:400],
        "path": path,
        "state": PostState.SKIPPED if is_enough else PostState.QUEUED,
        "reason": Reason.ENOUGH if is_enough else None,
        "due_at": due_at,
        "created_at": now,
    }
    fresh = insert_into(session, RobotMessage).values(values)
    fresh = fresh.on_conflict_do_nothing(index_elements=["robot_id", "event_key"])
    is_new = session.scalar(fresh.returning(RobotMessage.id)) is not None
    if is_new and not is_enough:
        look(session, listener.robot_id, at=due_at, now=now)
    return is_new


def look(session: Session, robot_id: uuid.UUID, *, at: dt.datetime, now: dt.datetime) -> None:
    """Let a worker look at what waits for a robot, at ``at``."""
    payload = {"robot_id": robot_id}
    enqueue(session, POST, now=now, run_at=max(at, now), key=f"{POST}:{robot_id}", payload=payload)


def purge(session: Session, *, now: dt.datetime) -> None:
    """Delete messages that were noted long ago and do not wait."""
    waits = RobotMessage.state.in_((PostState.QUEUED, PostState.SENDING))
    old = sa.delete(RobotMessage).where(RobotMessage.created_at < now - KEPT, sa.not_(waits))
    session.execute(old.execution_options(synchronize_session=False))


def _is_enough(session: Session, listener: Listener, now: dt.datetime) -> bool:
    lately = sa.select(sa.func.count()).where(
        RobotMessage.robot_id == listener.robot_id,
        RobotMessage.created_at > now - DAY,
        RobotMessage.topic != "",
        RobotMessage.state != PostState.SKIPPED,
    )
    return (session.scalar(lately) or 0) >= listener.max_daily
