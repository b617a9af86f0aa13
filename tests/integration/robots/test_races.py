"""Two workers at the same robot, at the same moment, on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.db import transaction
from app.robots.service import take_batch
from tests.factories.robots import RobotFactory, RobotMessageFactory
from tests.support.clock import NOON
from tests.support.racing import together

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.real_clock


def test_a_message_is_taken_by_one_worker(own_app: Flask, own_session: Session) -> None:
    robot_id = RobotMessageFactory(robot=RobotFactory()).robot_id

    def take() -> bool:
        with transaction() as session:
            return take_batch(session, robot_id=robot_id, now=NOON) is not None

    assert sorted(map(bool, together(own_app, take, take))) == [False, True]
