"""Two people, two connections, one bid."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.bids import service
from app.bids.models import Bid
from app.bids.service import locked
from app.bids.workflow import BidState
from app.challenges.clock import database_now
from app.db import current_session, transaction
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import CODE
from tests.factories.challenges import ProgrammeFactory
from tests.support.bidding import PLAN, complete_bid, open_challenge
from tests.support.clock import NOON
from tests.support.racing import outcomes, together

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor

pytestmark = pytest.mark.real_clock  # a deadline passes while somebody waits
WAIT_SECONDS = 30


def sealing(actor: Actor, bid_id: uuid.UUID) -> Callable[[], None]:
    def work() -> None:
        with transaction() as session:
            service.seal_bid(session, actor=actor, bid_id=bid_id, code=CODE, now=NOON)

    return work


def test_two_people_pressing_submit_at_once_make_one_seal(own_app: Flask, own_session: Session) -> None:
    bid = complete_bid()
    one, other = (UserFactory(organization=bid.firm).as_actor() for _ in range(2))

    refused = together(own_app, sealing(one, bid.id), sealing(other, bid.id))

    assert outcomes(refused) == ["Conflict", "done"]
    own_session.expire_all()
    seals = select(func.count()).select_from(AuditEvent).where(AuditEvent.sealed_by == bid.challenge_id)
    assert (own_session.scalar(seals), own_session.scalar(select(func.count()).select_from(Job))) == (1, 1)


def test_two_browsers_pressing_submit_at_once_get_one_receipt_and_one_conflict(
    own_app: Flask, own_session: Session, login: Callable[..., FlaskClient]
) -> None:
    bid = complete_bid()
    browsers = [login(own_app.test_client(), UserFactory(organization=bid.firm)) for _ in range(2)]
    answers: list[int] = []

    together(
        own_app,
        *(
            lambda browser=browser: answers.append(browser.post(f"/workspace/bids/{bid.id}/submit").status_code)
            for browser in browsers
        ),
    )

    assert sorted(answers) == [303, 409]


def test_two_people_of_a_firm_beginning_at_once_begin_one_bid(own_app: Flask, own_session: Session) -> None:
    challenge, firm = open_challenge(), OrganizationFactory(chip=True)
    actors = [UserFactory(organization=firm).as_actor() for _ in range(2)]

    refused = together(own_app, *(_beginning(own_app, actor, challenge) for actor in actors))

    assert outcomes(refused) == ["Conflict", "done"]
    assert own_session.scalar(select(func.count()).select_from(Bid)) == 1


def _beginning(app: Flask, actor: Actor, challenge: Challenge) -> Callable[[], None]:
    def work() -> None:
        with transaction() as session:
            service.create_bid(session, actor=actor, challenge_id=challenge.id, now=NOON)

    return work


def test_submitting_and_withdrawing_at_once_leave_one_state(own_app: Flask, own_session: Session) -> None:
    bid = complete_bid()
    one, other = (UserFactory(organization=bid.firm).as_actor() for _ in range(2))

    def withdrawing() -> None:
        with transaction() as session:
            service.withdraw_bid(session, actor=other, bid_id=bid.id, now=NOON)

    together(own_app, sealing(one, bid.id), withdrawing)

    own_session.expire_all()
    assert own_session.get_one(Bid, bid.id).state is BidState.WITHDRAWN


def test_one_leader_does_not_slip_through_with_two_bids_at_once(own_app: Flask, own_session: Session) -> None:
    programme = ProgrammeFactory(max_active_bids_per_leader=1, max_projects_per_applicant=9)
    details = {**PLAN, "leader": {"name": "黎望川"}}
    first = complete_bid(open_challenge(programme=programme), details=details)
    second = complete_bid(open_challenge(programme=programme), details=details, organization=first.firm)
    actor = UserFactory(organization=first.firm).as_actor()

    results = together(own_app, sealing(actor, first.id), sealing(actor, second.id))

    assert outcomes(results) == ["RuleViolation", "done"]


def test_two_firms_submit_side_by_side(own_app: Flask, own_session: Session) -> None:
    challenge = open_challenge()
    bids = [complete_bid(challenge) for _ in range(2)]
    actors = [UserFactory(organization=bid.firm).as_actor() for bid in bids]

    refused = together(own_app, *(sealing(actor, bid.id) for actor, bid in zip(actors, bids, strict=True)))

    assert outcomes(refused) == ["done", "done"]


def test_whoever_waited_for_a_lock_until_after_the_deadline_is_late(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bid = complete_bid(open_challenge(dt.timedelta(seconds=2)))
    actor = UserFactory(organization=bid.firm).as_actor()
    is_held, may_end = threading.Event(), threading.Event()

    def holding() -> None:
        with transaction() as session:
            locked.lock_bid(session, actor, bid.id)
            is_held.set()
            may_end.wait(WAIT_SECONDS)

    def waiting() -> None:
        is_held.wait(WAIT_SECONDS)
        threading.Thread(target=_let_go_after_the_deadline, args=(own_app, bid.challenge, may_end)).start()
        sealing(actor, bid.id)()

    assert outcomes(together(own_app, holding, waiting)) == ["RuleViolation", "done"]


def _let_go_after_the_deadline(app: Flask, challenge: Challenge, may_end: threading.Event) -> None:
    deadline = challenge.bid_deadline_at
    assert deadline is not None
    with app.app_context():
        while database_now(current_session()) <= deadline:
            current_session().rollback()
            may_end.wait(0.05)
    may_end.set()
