"""Several holders at the same moment: one opening, and a clear answer for everybody else."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.bids import service
from app.bids.models import Bid, OpeningRelease
from app.bids.service.opening import lock_challenge
from app.challenges.clock import database_now
from app.challenges.service import close_due_challenges
from app.db import current_session, transaction
from app.keys.models import ChallengeKeyHolder, KeyHolder
from tests.factories.bids import CODE
from tests.factories.keys import PASSPHRASE, PRIVATE
from tests.support.bidding import complete_bid, editor_of, move_deadline, open_challenge
from tests.support.clock import NOON
from tests.support.opening import pass_deadline, person_of, sealed_bids
from tests.support.racing import at_once, outcomes, together

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor

pytestmark = pytest.mark.real_clock
WAIT_SECONDS = 30


def actors(session: Session, challenge: Challenge) -> list[Actor]:
    query = select(KeyHolder).join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
    found = session.scalars(query.where(ChallengeKeyHolder.challenge_id == challenge.id).order_by(KeyHolder.id)).all()
    people = [person_of(session, holder) for holder in found]
    session.commit()
    return people


def releasing(actor: Actor, challenge: Challenge) -> Callable[[Session], object]:
    return lambda session: service.release_key(
        session, actor=actor, challenge_id=challenge.id, private=PRIVATE, now=NOON
    )


@pytest.fixture
def closed(own_session: Session) -> Challenge:
    """A closed challenge with two sealed bids and three holders."""
    challenge = sealed_bids(own_session)[0].challenge
    pass_deadline(own_session, challenge)
    return challenge


def test_of_two_last_releases_at_once_one_opens_and_the_other_is_told_so(
    own_app: Flask, own_session: Session, closed: Challenge
) -> None:
    first, second, third = actors(own_session, closed)
    at_once(own_app, releasing(first, closed))

    refused = at_once(own_app, releasing(second, closed), releasing(third, closed))

    assert outcomes(refused) == ["Conflict", "done"]
    own_session.expire_all()
    opened = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "challenge.open")
    assert own_session.scalar(opened) == 1
    assert own_session.scalar(select(func.count()).select_from(OpeningRelease)) == 2
    assert {bid.state.value for bid in own_session.scalars(select(Bid))} == {"opened"}


def test_two_first_releases_at_once_open_together(own_app: Flask, own_session: Session, closed: Challenge) -> None:
    first, second, _third = actors(own_session, closed)

    refused = at_once(own_app, releasing(first, closed), releasing(second, closed))

    assert outcomes(refused) == ["done", "done"]
    own_session.expire_all()
    assert {bid.state.value for bid in own_session.scalars(select(Bid))} == {"opened"}


def test_one_person_pressing_twice_releases_once(own_app: Flask, own_session: Session, closed: Challenge) -> None:
    first, *_others = actors(own_session, closed)

    refused = at_once(own_app, releasing(first, closed), releasing(first, closed))

    assert outcomes(refused) == ["Conflict", "done"]
    assert own_session.scalar(select(func.count()).select_from(OpeningRelease)) == 1


def test_two_browsers_releasing_last_get_one_opening_and_one_conflict(
    own_app: Flask, own_session: Session, closed: Challenge, login: Callable[..., FlaskClient]
) -> None:
    first, second, third = actors(own_session, closed)
    at_once(own_app, releasing(first, closed))
    browsers = [login(own_app.test_client(), _user(own_session, one)) for one in (second, third)]
    answers: list[int] = []

    together(
        own_app,
        *(
            lambda browser=browser: answers.append(
                browser.post(f"/openings/{closed.id}/release", data={"passphrase": PASSPHRASE}).status_code
            )
            for browser in browsers
        ),
    )

    assert sorted(answers) == [303, 409]


def _user(session: Session, actor: Actor) -> Any:
    from app.accounts.models import User

    return session.get_one(User, actor.user_id)


def test_closing_and_releasing_at_once_leave_one_list(own_app: Flask, own_session: Session) -> None:
    challenge = sealed_bids(own_session)[0].challenge
    first, *_others = actors(own_session, challenge)
    move_deadline(own_session, challenge, -dt.timedelta(milliseconds=1))

    refused = at_once(own_app, releasing(first, challenge), lambda session: close_due_challenges(session, NOON))

    assert outcomes(refused) == ["done", "done"]
    closings = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "bids.close")
    assert own_session.scalar(closings) == 1


def test_a_bid_submitted_while_the_challenge_is_being_closed_is_on_the_list_or_refused(
    own_app: Flask, own_session: Session
) -> None:
    challenge = open_challenge(dt.timedelta(seconds=2))
    bid = complete_bid(challenge)
    actor = editor_of(bid)
    is_held, may_end = threading.Event(), threading.Event()

    def holding() -> None:
        with transaction() as session:
            lock_challenge(session, challenge.id)
            is_held.set()
            may_end.wait(WAIT_SECONDS)
            close_due_challenges(session, NOON)

    def submitting() -> None:
        is_held.wait(WAIT_SECONDS)
        threading.Thread(target=_let_go, args=(own_app, challenge, may_end)).start()
        with transaction() as session:
            service.seal_bid(session, actor=actor, bid_id=bid.id, code=CODE, now=NOON)

    assert outcomes(together(own_app, holding, submitting)) == ["RuleViolation", "done"]


def _let_go(app: Flask, challenge: Challenge, may_end: threading.Event) -> None:
    _wait_for_the_deadline(app, challenge)
    may_end.set()


def _wait_for_the_deadline(app: Flask, challenge: Challenge) -> None:
    deadline = challenge.bid_deadline_at
    assert deadline is not None
    pause = threading.Event()
    with app.app_context():
        while database_now(current_session()) <= deadline:
            current_session().rollback()
            pause.wait(0.05)
