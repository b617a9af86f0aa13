"""The first page of the desk: what waits, for whom, and until when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.awards.workflow import ObjectionState
from app.bids.workflow import BidState
from app.clarifications.models import Amendment
from app.demands.workflow import PostingState
from app.outbox.models import Job, JobState
from app.queues.competition import competition_queues
from app.queues.desk import overview
from app.queues.waiting import Waiting
from tests.factories import awards
from tests.factories.accounts import officer, operator, supervisor
from tests.factories.challenges import ChallengeFactory
from tests.factories.keys import freeze
from tests.factories.reviews import under_evaluation
from tests.support import process
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

DAY = dt.timedelta(days=1)


def waiting(session: Session, user: Any = None) -> dict[str, Waiting]:
    """Return the queues as somebody finds them, by their English names."""
    actor = (user or officer()).as_actor()
    return {str(queue.label): queue for queue in competition_queues(session, actor=actor, now=NOON)}


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (PostingState.SUBMITTED, "Challenges before their prefecture"),
        (PostingState.RECOMMENDED, "Challenges to decide"),
        (PostingState.APPRAISING, "Challenges before the experts"),
        (PostingState.APPROVED, "Challenges to publish"),
    ],
)
def test_a_challenge_waits_in_the_queue_of_its_stage(session: Session, state: PostingState, name: str) -> None:
    challenge = process.in_state(state)

    found = waiting(session)

    assert (found[name].n_waiting, found[name].title) == (1, challenge.title)
    assert sum(queue.n_waiting for queue in found.values()) == 1


def test_an_unanswered_challenge_is_overdue(session: Session) -> None:
    process.in_state(PostingState.RECOMMENDED, submitted_at=NOON - 30 * DAY)

    assert waiting(session)["Challenges to decide"].is_late(NOON)


def test_amendments_wait_for_their_decision(session: Session) -> None:
    challenge = ChallengeFactory()
    session.add(
        Amendment(
            challenge_id=challenge.id, number=1, reason="x", wanted={}, is_core=False, proposed_at=NOON,
            proposed_by=challenge.created_by or officer().id,
        )
    )  # fmt: skip
    session.commit()

    assert waiting(session)["Amendments to decide"].n_waiting == 1


def test_closed_challenges_with_keys_wait_to_be_opened(session: Session) -> None:
    challenge = ChallengeFactory(
        state=PostingState.CLOSED, question_deadline_at=NOON - 9 * DAY, bid_deadline_at=NOON - DAY
    )
    freeze(challenge)
    session.commit()

    assert waiting(session)["Openings to do"].since == NOON - DAY


def test_every_opened_bid_waits_for_its_format_check_and_the_panel_waits_for_all(session: Session) -> None:
    under_evaluation(2, BidState.OPENED)

    found = waiting(session)

    assert (found["Format checks"].n_waiting, found["Panels to form"].n_waiting) == (2, 0)


def test_proposals_wait_to_be_confirmed(session: Session) -> None:
    awards.proposed()

    assert waiting(session)["Proposals of award to confirm"].n_waiting == 1


def test_the_objection_that_is_due_first_stands_for_the_others(session: Session) -> None:
    notice = awards.noticed()
    awards.objection(notice)
    late = awards.objection(notice, state=ObjectionState.INVESTIGATING)
    late.decide_by = NOON - DAY
    session.commit()

    found = waiting(session)["Objections"]

    assert (found.n_waiting, found.due_at, found.is_late(NOON)) == (2, NOON - DAY, True)


def test_an_award_is_ready_when_its_notice_has_ended(session: Session) -> None:
    awards.noticed(is_over=True)

    assert waiting(session)["Awards ready to be made"].n_waiting == 1


def test_no_award_is_ready_while_an_objection_waits(session: Session) -> None:
    awards.objection(awards.noticed(is_over=True))

    assert waiting(session)["Awards ready to be made"].n_waiting == 0


def test_decisions_are_no_business_of_the_operator(session: Session) -> None:
    awards.objection(awards.noticed())

    shown = waiting(session, operator())

    assert not {"Objections", "Proposals of award to confirm", "Awards ready to be made"} & shown.keys()


@pytest.mark.parametrize("who", [officer, operator, supervisor])
def test_every_queue_leads_to_a_page_that_its_reader_may_open(
    client: FlaskClient, login: Any, session: Session, who: Any
) -> None:
    reader = login(client, who(locale="en"))

    text = reader.get("/desk/").text
    queues = waiting(session, who())
    statuses = {reader.get(f"/desk/{path}").status_code for path in ("challenges/?tab=requests", "amendments/")}

    assert all(name in text for name in queues)
    assert statuses == {200}


def test_the_newest_failure_is_told(session: Session) -> None:
    for_all = {"kind": "need.changed", "payload": {}, "state": JobState.FAILED, "run_at": NOON, "created_at": NOON}
    session.add_all(
        [
            Job(**for_all, last_error="old", finished_at=NOON - DAY),
            Job(**for_all, last_error="new", finished_at=NOON),
        ]
    )
    session.commit()

    found = overview(session).jobs

    assert (found.n_failed, found.last_error, found.last_at) == (2, "new", NOON)


def test_the_page_takes_few_queries(client: FlaskClient, login: Any, session: Session) -> None:
    awards.objection(awards.noticed())
    process.in_state(PostingState.APPROVED)
    reader = login(client, officer(locale="en"))

    with count_queries() as statements:
        reader.get("/desk/")

    assert len(statements) <= 12
