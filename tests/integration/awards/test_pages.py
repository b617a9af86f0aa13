"""The decision on its pages: for everybody, for companies, and at the desk."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.awards.models import AwardProposal, Objection, Publicity
from app.awards.ranking import final_ranking
from app.awards.workflow import ObjectionState
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.actor import StaffRole
from app.demands.workflow import PostingState
from tests.factories import awards as make
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.reviews import REASON as REMARK
from tests.factories.reviews import ranked as reviewed
from tests.support.queries import count_queries
from tests.support.reading import tells

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def firm() -> Any:
    return UserFactory(organization=OrganizationFactory(chip=True))


def form_of(session: Session, challenge: Challenge, **changes: str) -> dict[str, str]:
    """Return the form of a proposal that selects the first and refuses the others."""
    data = {"reasons": make.REASONS}
    for place, line in enumerate(final_ranking(session, challenge.id)):
        data[f"verdicts-{place}-bid_id"] = str(line.bid_id)
        data[f"verdicts-{place}-outcome"] = "selected" if place == 0 else "not_selected"
        data[f"verdicts-{place}-reason"] = make.WHY if place else ""
    return data | changes


def objection_form(**changes: Any) -> dict[str, Any]:
    return {
        "ground": "review_result",
        "text": make.FACTS,
        "contact_name": "陈静",
        "contact_phone": "0755-12345678",
        "evidence": (io.BytesIO(PDF), "证据.pdf"),
        **changes,
    }


def test_the_owner_sees_the_ranking_filled_in_as_it_suggests(client: FlaskClient, login: Any, page: Any) -> None:
    challenge = make.ranked(2)
    login(client, make.owner_of(challenge))

    text = page(f"/workspace/challenges/{challenge.id}/award/")

    assert 'name="verdicts-0-outcome"' in text
    assert 'value="selected"' in text


def test_the_owner_proposes_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = make.ranked(2)
    login(client, make.owner_of(challenge))

    response = client.post(f"/workspace/challenges/{challenge.id}/award/", data=form_of(session, challenge))

    assert response.status_code == 303
    assert session.scalars(sa.select(AwardProposal.reasons)).one() == make.REASONS


def test_a_refused_proposal_keeps_what_was_typed(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = make.ranked(2)
    login(client, make.owner_of(challenge))
    data = form_of(session, challenge, **{"verdicts-1-reason": "太短"})

    response = client.post(f"/workspace/challenges/{challenge.id}/award/", data=data)

    assert response.status_code == 422
    assert make.REASONS in response.text


@pytest.mark.parametrize("made", [firm, officer, operator])
def test_nobody_else_sees_the_owners_page(client: FlaskClient, login: Any, page: Any, made: Any) -> None:
    challenge = make.ranked(2)
    login(client, made())

    page(f"/workspace/challenges/{challenge.id}/award/", status=404)


def test_the_authority_confirms_at_the_desk(client: FlaskClient, login: Any, session: Session) -> None:
    proposal = make.proposed(2)
    url = f"/desk/awards/{proposal.challenge_id}"
    login(client, officer())

    shown = client.get(url)
    response = client.post(f"{url}/proposals/{proposal.id}/confirm", data={"opinion": ""})

    session.expire_all()
    assert (shown.status_code, response.status_code) == (200, 303)
    assert session.get_one(Challenge, proposal.challenge_id).state is PostingState.PUBLICITY


def test_a_second_confirmation_is_told_that_it_is_done(client: FlaskClient, login: Any) -> None:
    publicity = make.noticed(2)
    login(client, officer())
    url = f"/desk/awards/{publicity.challenge_id}/proposals/{publicity.proposal_id}/confirm"

    assert client.post(url, data={"opinion": ""}).status_code == 409


def test_a_return_without_an_opinion_is_refused(client: FlaskClient, login: Any) -> None:
    proposal = make.proposed(2)
    login(client, officer())

    response = client.post(f"/desk/awards/{proposal.challenge_id}/proposals/{proposal.id}/return", data={"opinion": ""})

    assert response.status_code == 422


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.EXPERT, StaffRole.SYS_ADMIN])
def test_staff_who_do_not_decide_see_no_award(client: FlaskClient, login: Any, page: Any, role: StaffRole) -> None:
    challenge = make.ranked(2)
    login(client, UserFactory(staff=(role,)))

    page(f"/desk/awards/{challenge.id}", status=404)


def test_the_supervisor_reads_and_does_not_decide(client: FlaskClient, login: Any) -> None:
    publicity = make.noticed(2, is_over=True)
    login(client, UserFactory(staff=(StaffRole.SUPERVISOR,)))

    shown = client.get(f"/desk/awards/{publicity.challenge_id}")
    response = client.post(f"/desk/awards/{publicity.challenge_id}/award")

    assert (shown.status_code, response.status_code) == (200, 403)


def test_the_award_is_made_at_the_desk_and_shown_in_the_archive(client: FlaskClient, login: Any, page: Any) -> None:
    publicity = make.noticed(2, is_over=True)
    login(client, officer())

    response = client.post(f"/desk/awards/{publicity.challenge_id}/award")

    assert response.status_code == 303
    assert publicity.content["winners"][0]["name"] in page("/results/?state=awarded")


def test_everybody_reads_the_notice_and_no_price(client: FlaskClient, page: Any) -> None:
    publicity = make.noticed(2)

    text = page(f"/challenges/{publicity.challenge_id}/notice/")

    assert publicity.content["winners"][0]["name"] in text
    assert not tells(text, "1200")


def test_there_is_no_notice_before_it_begins(client: FlaskClient, page: Any) -> None:
    page(f"/challenges/{make.ranked(2).id}/notice/", status=404)


def test_a_company_objects_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    publicity = make.noticed(2)
    login(client, firm())
    url = f"/workspace/objections/new/{publicity.challenge_id}"

    shown = client.get(url)
    response = client.post(url, data=objection_form(), content_type="multipart/form-data")

    assert (shown.status_code, response.status_code) == (200, 303)
    assert session.scalars(sa.select(Objection.state)).one() is ObjectionState.RECEIVED


def test_an_objection_without_evidence_keeps_what_was_typed(client: FlaskClient, login: Any) -> None:
    publicity = make.noticed(2)
    login(client, firm())
    data = objection_form()
    del data["evidence"]

    response = client.post(f"/workspace/objections/new/{publicity.challenge_id}", data=data)

    assert response.status_code == 422
    assert make.FACTS in response.text


def test_an_objection_is_decided_at_the_desk(client: FlaskClient, login: Any, session: Session) -> None:
    objection = make.objection(make.noticed(2))
    url = f"/desk/awards/objections/{objection.id}"
    login(client, officer())

    taken = client.post(f"{url}/accept")
    decided = client.post(f"{url}/dismiss", data={"decision": "经核查，报告日期系笔误，已附书面说明。"})

    session.refresh(objection)
    assert (taken.status_code, decided.status_code) == (303, 303)
    assert objection.state is ObjectionState.DISMISSED


def test_an_objection_that_is_upheld_needs_a_remedy_on_the_page_too(client: FlaskClient, login: Any) -> None:
    objection = make.objection(make.noticed(2))
    url = f"/desk/awards/objections/{objection.id}"
    login(client, officer())
    client.post(f"{url}/accept")

    response = client.post(f"{url}/find-right", data={"decision": "经核查，异议所述情况属实。"})

    assert response.status_code == 422
    assert "异议所述情况属实" in response.text


def test_the_owner_learns_of_an_objection_and_not_who_objects(client: FlaskClient, login: Any, page: Any) -> None:
    publicity = make.noticed(2)
    objection = make.objection(publicity)
    challenge = publicity.challenge_id
    login(client, make.owner_of(current_challenge(challenge)))

    text = page(f"/workspace/challenges/{challenge}/award/")

    assert "陈静" not in text
    assert str(objection.organization_id) not in text


def current_challenge(challenge_id: Any) -> Challenge:
    from tests.factories.base import current

    return current().get_one(Challenge, challenge_id)


def test_another_company_does_not_see_an_objection(client: FlaskClient, login: Any, page: Any) -> None:
    objection = make.objection(make.noticed(2))
    login(client, firm())

    page(f"/workspace/objections/{objection.id}", status=404)


def bidder(session: Session, publicity: Publicity, state: str) -> tuple[Bid, Any]:
    from app.accounts.models import Organization

    query = sa.select(Bid).where(Bid.challenge_id == publicity.challenge_id, Bid.state == state)
    bid = session.scalars(query).first()
    assert bid is not None
    return bid, UserFactory(organization=session.get_one(Organization, bid.organization_id))


def test_a_bidder_reads_its_own_feedback_and_nobody_elses_reasons(
    client: FlaskClient, login: Any, page: Any, session: Session
) -> None:
    challenge = session.get_one(Challenge, reviewed(2).challenge_id)
    publicity = make.in_notice(challenge, refused=1)
    bid, user = bidder(session, publicity, "not_selected")
    login(client, user)

    text = page(f"/workspace/bids/{bid.id}/feedback/")

    assert make.WHY in text
    assert REMARK in text
    assert publicity.content["winners"][0]["name"] not in text


def test_feedback_on_another_firms_bid_is_hidden(client: FlaskClient, login: Any, page: Any, session: Session) -> None:
    publicity = make.noticed(3, n_below=1)
    bid, _user = bidder(session, publicity, "not_selected")
    _other, stranger = bidder(session, publicity, "selected")
    login(client, stranger)

    page(f"/workspace/bids/{bid.id}/feedback/", status=404)


def test_nobody_reads_feedback_before_the_notice(client: FlaskClient, login: Any, page: Any, session: Session) -> None:
    proposal = make.proposed(2)
    publicity = Publicity(challenge_id=proposal.challenge_id)
    bid, user = bidder(session, publicity, "under_review")
    login(client, user)

    page(f"/workspace/bids/{bid.id}/feedback/", status=404)


@pytest.mark.parametrize(
    "url", ["/desk/awards/", "/desk/awards/?tab=publicity", "/desk/awards/objections/", "/results/"]
)
def test_lists_take_few_queries(client: FlaskClient, login: Any, url: str) -> None:
    for _ in range(3):
        make.objection(make.noticed(2))
    login(client, officer())

    with count_queries() as counted:
        assert client.get(url).status_code == 200

    assert len(counted) <= 12


def test_a_decision_takes_few_queries(client: FlaskClient, login: Any) -> None:
    publicity = make.noticed(4)
    make.objection(publicity)
    login(client, officer())

    with count_queries() as counted:
        client.get(f"/desk/awards/{publicity.challenge_id}")

    assert len(counted) <= 20
