"""The pages on which two officers undo a result, and on which firms withdraw, decline and waive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.awards.models import Award, AwardProposal, Objection, Publicity
from app.awards.queries.desk import decisions
from app.awards.workflow import AwardState, ObjectionState, ProposalState
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.challenges.service.end import end_without_award
from app.demands.workflow import PostingState
from app.reviews.models import ReviewPanel
from app.reviews.workflow import PanelState
from tests.factories import awards as make
from tests.factories.accounts import UserFactory, officer
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

MAX_QUERIES, ON_A_DECISION = 12, 20


@pytest.fixture
def visitor(app: Flask, session: Session, login: Callable[..., FlaskClient]) -> Callable[[Any], FlaskClient]:
    """Return a function that gives somebody's browser."""
    return lambda user: login(app.test_client(), user)


def member_of(session: Session, organization_id: Any) -> Any:
    return UserFactory(organization=session.get_one(Organization, organization_id), locale="en")


def bid_in(session: Session, challenge_id: Any, state: str) -> Bid:
    query = sa.select(Bid).where(Bid.challenge_id == challenge_id, Bid.state == state).order_by(Bid.id)
    return session.scalars(query).all()[0]


def test_two_officers_replace_an_award_on_the_page(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    (award,) = make.awarded(2)
    url = f"/desk/awards/{award.challenge_id}"
    first, second = visitor(officer(locale="en")), visitor(officer(locale="en"))

    proposed = first.post(f"{url}/awards/{award.id}/replace", data={"reason": make.DECLINED})
    proposal = session.scalars(sa.select(AwardProposal).where(AwardProposal.state == ProposalState.PROPOSED)).one()
    own = first.post(f"{url}/proposals/{proposal.id}/confirm", data={})
    page = second.get(url).text
    done = second.post(f"{url}/proposals/{proposal.id}/confirm", data={})

    assert (proposed.status_code, own.status_code, done.status_code) == (303, 403, 303)
    assert make.DECLINED in page
    session.expire_all()
    assert session.get_one(Award, award.id).state is AwardState.REPLACED
    assert session.get_one(Challenge, award.challenge_id).state is PostingState.PUBLICITY


def test_two_officers_end_a_confirmed_result_on_the_page(
    session: Session, visitor: Callable[[Any], FlaskClient]
) -> None:
    publicity = make.noticed(2)
    url = f"/desk/awards/{publicity.challenge_id}"
    first, second = visitor(officer()), visitor(officer())

    proposed = first.post(f"{url}/no-award", data={"reasons": ["all_withdrew"], "text": make.DECLINED})
    proposal = session.scalars(sa.select(AwardProposal).where(AwardProposal.state == ProposalState.PROPOSED)).one()
    done = second.post(f"{url}/proposals/{proposal.id}/confirm", data={})

    assert (proposed.status_code, done.status_code) == (303, 303)
    session.expire_all()
    assert session.get_one(Challenge, publicity.challenge_id).state is PostingState.NO_AWARD


def test_a_refused_proposal_to_end_it_keeps_what_was_typed(
    session: Session, visitor: Callable[[Any], FlaskClient]
) -> None:
    publicity = make.noticed(2)

    response = visitor(officer()).post(f"/desk/awards/{publicity.challenge_id}/no-award", data={"text": make.DECLINED})

    assert response.status_code == 422
    assert make.DECLINED in response.text


def test_the_desk_of_the_challenge_no_longer_offers_to_end_a_result_alone(
    session: Session, visitor: Callable[[Any], FlaskClient]
) -> None:
    publicity = make.noticed(2)
    client = visitor(officer(locale="en"))

    page = client.get(f"/desk/challenges/{publicity.challenge_id}").text
    sent = client.post(
        f"/desk/challenges/{publicity.challenge_id}/no_award",
        data={"reasons": ["all_withdrew"], "text": make.DECLINED},
    )

    assert "End without an award" not in page
    assert sent.status_code == 409


def test_two_officers_uphold_an_objection_on_the_page(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    objection = make.objection(make.noticed(2))
    url = f"/desk/awards/objections/{objection.id}"
    first, second = visitor(officer(locale="en")), visitor(officer(locale="en"))
    first.post(f"{url}/accept")

    found = first.post(f"{url}/find-right", data={"decision": make.WHY, "remedy": "review_again"})
    own = first.post(f"{url}/uphold", data={})
    page = second.get(url).text
    done = second.post(f"{url}/uphold", data={})

    assert (found.status_code, own.status_code, done.status_code) == (303, 403, 303)
    assert "Confirm and uphold" in page
    session.expire_all()
    assert session.get_one(Objection, objection.id).state is ObjectionState.UPHELD


def test_a_finding_is_returned_with_a_word(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    objection = make.objection(make.noticed(2))
    url = f"/desk/awards/objections/{objection.id}"
    first, second = visitor(officer()), visitor(officer())
    first.post(f"{url}/accept")
    first.post(f"{url}/find-right", data={"decision": make.WHY, "remedy": "review_again"})

    silent = second.post(f"{url}/return", data={})
    said = second.post(f"{url}/return", data={"opinion": make.WHY})

    assert (silent.status_code, said.status_code) == (422, 303)
    assert make.WHY in first.get(url).text


def test_the_objector_does_not_learn_what_one_officer_found(
    session: Session, visitor: Callable[[Any], FlaskClient]
) -> None:
    objection = make.objection(make.noticed(2))
    desk = f"/desk/awards/objections/{objection.id}"
    first = visitor(officer())
    first.post(f"{desk}/accept")
    first.post(f"{desk}/find-right", data={"decision": make.WHY, "remedy": "review_again"})

    page = visitor(member_of(session, objection.organization_id)).get(f"/workspace/objections/{objection.id}").text

    assert "Under investigation" in page
    assert make.WHY not in page


def test_an_objector_waives_asking_again(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    objection = make.objection(make.noticed(2))
    first = visitor(officer())
    first.post(f"/desk/awards/objections/{objection.id}/accept")
    first.post(f"/desk/awards/objections/{objection.id}/dismiss", data={"decision": make.WHY})
    client, url = visitor(member_of(session, objection.organization_id)), f"/workspace/objections/{objection.id}"

    before = client.get(url).text
    done = client.post(f"{url}/waive")
    after = client.get(url).text

    assert done.status_code == 303
    assert "I will not ask again" in before
    assert "You have said that you will not ask again." in after


def test_nobody_is_invited_to_ask_again_once_the_competition_has_ended(
    session: Session, visitor: Callable[[Any], FlaskClient]
) -> None:
    objection = make.objection(make.noticed(2))
    first = visitor(officer())
    first.post(f"/desk/awards/objections/{objection.id}/accept")
    first.post(f"/desk/awards/objections/{objection.id}/dismiss", data={"decision": make.WHY})
    challenge = session.get_one(Challenge, objection.challenge_id)
    end_without_award(session, officer().as_actor(), challenge, ["all_withdrew"], make.WHY, NOON)
    session.commit()

    page = visitor(member_of(session, objection.organization_id)).get(f"/workspace/objections/{objection.id}")

    assert page.status_code == 200
    assert "Ask again" not in page.text


def test_the_page_says_until_when_the_award_waits(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    publicity = make.noticed(2)
    objection = make.objection(publicity)
    client = visitor(officer(locale="en"))
    client.post(f"/desk/awards/objections/{objection.id}/accept")
    client.post(f"/desk/awards/objections/{objection.id}/dismiss", data={"decision": make.WHY})
    make.pass_notice(publicity.challenge_id)

    page = client.get(f"/desk/awards/{publicity.challenge_id}").text

    assert "may ask to have it looked at again until" in page
    assert client.post(f"/desk/awards/{publicity.challenge_id}/award").status_code == 422


def test_a_firm_withdraws_an_opened_bid_on_its_page(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    challenge = make.ranked(2)
    bid = bid_in(session, challenge.id, "under_review")
    client, url = visitor(member_of(session, bid.organization_id)), f"/workspace/bids/{bid.id}"

    before = client.get(url).text
    short = client.post(f"{url}/withdraw-opened", data={"reason": "不"})
    done = client.post(f"{url}/withdraw-opened", data={"reason": make.DECLINED})

    assert "withdraw-opened" in before
    assert (short.status_code, done.status_code) == (422, 303)
    assert make.DECLINED in client.get(url).text


def test_how_many_were_withdrawn_stands_on_the_notice(
    session: Session, visitor: Callable[[Any], FlaskClient], client: FlaskClient
) -> None:
    publicity = make.noticed(3)
    bid = bid_in(session, publicity.challenge_id, "reserve")
    visitor(member_of(session, bid.organization_id)).post(
        f"/workspace/bids/{bid.id}/withdraw-opened", data={"reason": make.DECLINED}
    )

    page = client.get(f"/challenges/{publicity.challenge_id}/notice/", headers={"Accept-Language": "en"}).text

    assert "withdrawn by its firm after the opening" in page
    assert make.DECLINED not in page


def test_a_winner_declines_on_the_page_of_its_feedback(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    (award,) = make.awarded(2)
    firm = session.get_one(Bid, award.bid_id).organization_id
    client, url = visitor(member_of(session, firm)), f"/workspace/bids/{award.bid_id}"

    before = client.get(f"{url}/feedback/").text
    done = client.post(f"{url}/awards/{award.id}/decline", data={"reason": make.DECLINED})

    assert "Decline the award" in before
    assert done.status_code == 303
    assert "You have declined the award" in client.get(f"{url}/feedback/").text
    assert make.DECLINED in visitor(officer(locale="en")).get(f"/desk/awards/{award.challenge_id}").text


def step(session: Session, challenge: Challenge) -> str:
    page = decisions(session, actor=officer().as_actor(), tab="evaluating", page=1)
    return next(line.step for line in page.items if line.id == challenge.id)


@pytest.mark.parametrize(
    ("state", "expected"),
    [(PanelState.FORMING, "panel"), (PanelState.SCORING, "scores"), (PanelState.RANKED, "proposal")],
)
def test_the_list_says_what_a_review_waits_for(session: Session, state: PanelState, expected: str) -> None:
    challenge = make.ranked(2)
    panel = session.scalars(sa.select(ReviewPanel)).one()
    ranked_at = panel.ranked_at
    panel.state = state
    panel.ranked_at = ranked_at if state is PanelState.RANKED else None
    session.commit()

    assert step(session, challenge) == expected


@pytest.mark.parametrize(
    ("state", "expected"), [(BidState.OPENED, "format"), (BidState.VALID, "panel"), (BidState.SEALED, "unreadable")]
)
def test_the_list_says_what_comes_before_a_review(session: Session, state: BidState, expected: str) -> None:
    challenge = ChallengeFactory(closed=True, state=PostingState.EVALUATING)
    BidFactory(challenge=challenge, state=state)

    assert step(session, challenge) == expected


def test_the_list_asks_as_often_for_many_as_for_one(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    for _ in range(3):
        make.ranked(1)
    client = visitor(officer())

    with count_queries() as queries:
        client.get("/desk/awards/")

    assert len(queries) <= MAX_QUERIES


def test_the_page_of_one_award_asks_not_too_often(session: Session, visitor: Callable[[Any], FlaskClient]) -> None:
    (award,) = make.awarded(3)
    make.confirm(make.replacement(award))
    client = visitor(officer())

    with count_queries() as queries:
        client.get(f"/desk/awards/{award.challenge_id}")

    assert len(queries) <= ON_A_DECISION
    assert session.scalar(sa.select(sa.func.count()).select_from(Publicity)) == 2
