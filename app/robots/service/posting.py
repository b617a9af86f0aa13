"""Posting what waits for a robot: take it, call the robot outside any transaction, note what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import force_locale, gettext

from app.audit import service as audit
from app.core.actor import SYSTEM
from app.mail import letterhead
from app.outbox.service import publish
from app.robots import text
from app.robots.models import GroupRobot, PostState, RobotMessage
from app.robots.outcome import Fate, Outcome, Reason
from app.robots.service.queueing import look
from app.robots.service.switching import switch_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MINUTE = dt.timedelta(minutes=1)
MOST_A_MINUTE = 15
"""企业微信 takes twenty; the rest is for whoever else uses the robot."""
SENDING = dt.timedelta(minutes=2)
"""Longer than any post takes: what has been under way for longer was left there by a worker that ended."""
RETRY_AFTER = (MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)
"""How long to wait after the first, second … attempt that surely did not arrive."""
STOP_AFTER = 3
"""Posts in a row that came to nothing, after which the robot is switched off."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that are posted together."""

    robot_id: uuid.UUID
    message_ids: tuple[uuid.UUID, ...]
    url: str
    markdown: str


def take_batch(session: Session, *, robot_id: uuid.UUID, now: dt.datetime) -> Batch | None:
    """Take what is due for a robot, as much as one post holds; commit before it is posted.

    What is taken and never settled counts as posted: it is told once or not at all, never twice. Returns None when
    nothing is to be posted now; then a job looks again when something is.
    """
    robot = session.get(GroupRobot, robot_id, with_for_update=True, populate_existing=True)
    if robot is None or robot.off_at is not None:
        return None
    _give_up_lost(session, robot_id, now)
    waiting = _waiting(session, robot_id)
    if not waiting:
        return None
    at = max(waiting[0].due_at, _free_at(session, robot_id, now))
    if at > now:
        look(session, robot_id, at=at, now=now)
        return None
    return _take(robot, [one for one in waiting if one.due_at <= now], now)


def _give_up_lost(session: Session, robot_id: uuid.UUID, now: dt.datetime) -> None:
    lost = sa.update(RobotMessage).where(
        RobotMessage.robot_id == robot_id,
        RobotMessage.state == PostState.SENDING,
        RobotMessage.tried_at <= now - SENDING,
    )
    session.execute(lost.values(state=PostState.UNKNOWN, reason=Reason.STOPPED))


def _waiting(session: Session, robot_id: uuid.UUID) -> Sequence[RobotMessage]:
    query = (
        sa.select(RobotMessage)
        .where(RobotMessage.robot_id == robot_id, RobotMessage.state == PostState.QUEUED)
        .order_by(RobotMessage.due_at, RobotMessage.created_at, RobotMessage.id)
        .limit(text.MAX_TOGETHER)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _free_at(session: Session, robot_id: uuid.UUID, now: dt.datetime) -> dt.datetime:
    """Return when the robot takes a message: not while another post is under way, and not too many a minute."""
    is_ours = RobotMessage.robot_id == robot_id
    under_way = sa.select(sa.func.max(RobotMessage.tried_at)).where(is_ours, RobotMessage.state == PostState.SENDING)
    began = session.scalar(under_way)
    if began is not None:
        return began + SENDING
    lately = sa.select(RobotMessage.tried_at).where(is_ours, RobotMessage.tried_at > now - MINUTE).distinct()
    posts = session.scalars(lately.order_by(RobotMessage.tried_at.desc()).limit(MOST_A_MINUTE)).all()
    oldest = posts[-1] if len(posts) == MOST_A_MINUTE else None
    return now if oldest is None else oldest + MINUTE


def _take(robot: GroupRobot, due: Sequence[RobotMessage], now: dt.datetime) -> Batch:
    portal = letterhead.current().public_url
    with force_locale(robot.locale):
        words = gettext("Read on in the portal")
        markdown, n_taken = text.pack(text.paragraph(one.text, f"{portal}{one.path}", words) for one in due)
    for message in due[:n_taken]:
        message.state, message.tried_at = PostState.SENDING, now
        message.attempts += 1
    ids = tuple(message.id for message in due[:n_taken])
    return Batch(robot.id, ids, str(robot.address.get("url", "")), markdown)


def settle(session: Session, batch: Batch, outcome: Outcome, *, now: dt.datetime) -> None:
    """Note what came of a post. A robot that only fails is switched off, and its company is told."""
    robot = session.get(GroupRobot, batch.robot_id, with_for_update=True, populate_existing=True)
    if robot is None:
        return
    query = sa.select(RobotMessage).where(
        RobotMessage.id.in_(batch.message_ids), RobotMessage.state == PostState.SENDING
    )
    messages = session.scalars(query.execution_options(populate_existing=True)).all()
    for message in messages:
        _note(message, outcome, now)
    session.flush()
    if outcome.fate is Fate.SENT:
        robot.n_failures = 0
    elif any(message.state is not PostState.QUEUED for message in messages):
        _count(session, robot, outcome, now)


def _note(message: RobotMessage, outcome: Outcome, now: dt.datetime) -> None:
    message.reason, message.number = outcome.reason, outcome.number
    is_retried = outcome.fate is Fate.LATER and message.attempts <= len(RETRY_AFTER)
    if is_retried:
        message.state, message.due_at = PostState.QUEUED, now + RETRY_AFTER[message.attempts - 1]
    else:
        message.state = ENDS[outcome.fate]


ENDS = {
    Fate.SENT: PostState.SENT,
    Fate.LATER: PostState.FAILED,
    Fate.NEVER: PostState.FAILED,
    Fate.UNKNOWN: PostState.UNKNOWN,
}
"""Where a message stands that is not tried again."""


def _count(session: Session, robot: GroupRobot, outcome: Outcome, now: dt.datetime) -> None:
    robot.n_failures += 1
    if robot.n_failures < STOP_AFTER or robot.off_at is not None:
        return
    switch_off(session, robot, reason=outcome.reason, now=now)
    audit.record(session, SYSTEM, "robot.stop", "group_robot", robot.id, label=robot.name, reason=outcome.reason or "")
    publish(session, "robot.stopped", now=now, robot_id=robot.id)
