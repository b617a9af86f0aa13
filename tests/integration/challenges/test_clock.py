"""The clock that deadlines follow is the database's own, and it runs while a transaction waits."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.challenges.clock import database_clock, database_now
from app.core import clock
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.real_clock
def test_it_tells_the_time_in_utc(session: Session) -> None:
    told = database_now(session)

    assert told.utcoffset() == dt.timedelta()
    assert abs(told - clock.now()) < dt.timedelta(minutes=5)


@pytest.mark.real_clock
def test_it_runs_on_inside_a_transaction(session: Session) -> None:
    begun = database_now(session)

    time.sleep(0.005)

    assert database_now(session) > begun


@pytest.mark.real_clock
def test_it_can_be_part_of_a_statement(session: Session) -> None:
    begun = database_now(session)

    assert session.scalar(sa.select(sa.literal(begun, database_clock().type) <= database_clock())) in (True, 1)


def test_in_other_tests_it_stands_where_their_clock_stands(session: Session) -> None:
    assert database_now(session) == NOON
