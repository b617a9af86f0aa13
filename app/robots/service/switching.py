"""Switching a robot off, whoever does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.robots.models import PostState, RobotMessage
from app.robots.outcome import Reason

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.robots.models import GroupRobot


def switch_off(session: Session, robot: GroupRobot, *, reason: Reason | None, now: dt.datetime) -> None:
    """Post nothing more through a robot; what waited is noted as not sent."""
    robot.off_at, robot.off_reason = now, reason
    waiting = sa.update(RobotMessage).where(RobotMessage.robot_id == robot.id, RobotMessage.state == PostState.QUEUED)
    session.execute(waiting.values(state=PostState.SKIPPED, reason=Reason.SWITCHED_OFF, number=None))
