"""Two people at the same moment, on connections that really commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.challenges import service
from app.challenges.clock import database_now
from app.challenges.content import filled
from app.challenges.models import Challenge
from app.core.errors import Conflict
from app.demands.commands import ReviewPosting
from app.demands.workflow import PostingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer
from tests.factories.challenges import ChallengeFactory
from tests.factories.keys import three_keys
from tests.support.clock import NOON
from tests.support.racing import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.real_clock
OPINION = ReviewPosting("需求真实，指标可测。")


@pytest.fixture(autouse=True)
def _holders(own_session: Session) -> None:
    """Let there be people for whom bids can be locked; without them nothing is published."""
    three_keys()


def publishing(row: Challenge) -> Callable[[Session], object]:
    authority, challenge_id = officer().as_actor(), row.id
    return lambda s: service.publish_challenge(s, actor=authority, challenge_id=challenge_id, command=OPINION, now=NOON)


def test_publications_at_once_get_different_numbers_without_a_gap(own_app: Flask, own_session: Session) -> None:
    acts = [publishing(ChallengeFactory(submitted=True)) for _ in range(6)]

    refused = at_once(own_app, *acts)

    own_session.expire_all()
    codes = sorted(code for (code,) in own_session.query(Challenge.code))
    assert refused == [None] * 6
    assert codes == [f"CH2026-{number:03d}" for number in range(1, 7)]


def test_of_two_officers_who_publish_one_wins(own_app: Flask, own_session: Session) -> None:
    row = ChallengeFactory(submitted=True)

    refused = at_once(own_app, publishing(row), publishing(row))

    assert [type(one) for one in refused if one] == [Conflict]
    assert own_session.query(Job).filter_by(kind="challenge.published").count() == 1


def test_of_publication_and_return_one_wins(own_app: Flask, own_session: Session) -> None:
    row, other = ChallengeFactory(submitted=True), officer().as_actor()
    challenge_id = row.id

    refused = at_once(
        own_app,
        publishing(row),
        lambda s: service.return_challenge(s, actor=other, challenge_id=challenge_id, command=OPINION, now=NOON),
    )

    own_session.refresh(row)
    assert [type(one) for one in refused if one] == [Conflict]
    assert (row.code is None) == (row.state is PostingState.RETURNED)


def test_of_a_double_click_on_submit_one_counts(own_app: Flask, own_session: Session) -> None:
    row = ChallengeFactory(draft=True)
    actor, challenge_id = UserFactory(organization=row.organization).as_actor(), row.id

    def submit(session: Session) -> object:
        return service.submit_challenge(session, actor=actor, challenge_id=challenge_id, now=NOON)

    assert sorted(type(one) for one in at_once(own_app, submit, submit) if one) == [Conflict]


def test_of_two_editors_who_save_the_same_version_one_is_told(own_app: Flask, own_session: Session) -> None:
    row = ChallengeFactory(draft=True)
    actor, challenge_id, seen = UserFactory(organization=row.organization).as_actor(), row.id, filled(row)

    def save(session: Session) -> object:
        return service.save_challenge(
            session, actor=actor, challenge_id=challenge_id, command=seen, now=database_now(session)
        )

    assert [type(one) for one in at_once(own_app, save, save) if one] == [Conflict]


def test_a_challenge_is_closed_once_by_workers_that_meet(own_app: Flask, own_session: Session) -> None:
    row = ChallengeFactory(bid_deadline_at=database_now(own_session), question_deadline_at=None)
    own_session.commit()

    at_once(own_app, *[lambda s: service.close_due_challenges(s, NOON)] * 3)

    own_session.refresh(row)
    assert row.state is PostingState.CLOSED
    assert own_session.query(Job).filter_by(kind="need.changed").count() == 1
