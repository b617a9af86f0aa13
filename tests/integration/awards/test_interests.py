"""Officers decide nothing about companies they are tied to: declared, their own, or one they acted for lately."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts import service as accounts
from app.accounts.commands import DeclareInterest, InterestKind
from app.accounts.models import Membership, OfficerInterest, Organization
from app.accounts.queries.interests import tied_companies
from app.audit.models import AuditEvent
from app.awards import service
from app.awards.commands import DecideObjection, Remedy
from app.awards.models import Award, AwardProposal, Objection
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.actor import MemberRole, StaffRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingMode
from tests.factories import awards as make
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

WHY = "配偶在该单位任研发总监。"
YEARS = dt.timedelta(days=365)


def declare(session: Session, person: User, firm: Organization, **changes: Any) -> OfficerInterest:
    command = DeclareInterest(**{"company": firm.legal_name_zh, "kind": InterestKind.KINSHIP, "reason": WHY, **changes})
    interest = accounts.declare_interest(session, actor=person.as_actor(), command=command, now=NOON)
    session.commit()
    return interest


def bidder(session: Session, challenge_id: Any) -> Organization:
    firm = session.scalars(sa.select(Bid.organization_id).where(Bid.challenge_id == challenge_id)).first()
    return session.get_one(Organization, firm)


def tied(session: Session, challenge_id: Any) -> User:
    """Return an officer with an interest in a bidder."""
    person: User = officer()
    declare(session, person, bidder(session, challenge_id))
    return person


def test_an_interest_is_declared_by_name_or_by_credit_code(session: Session) -> None:
    person, first, second = (
        officer(),
        OrganizationFactory(chip=True),
        OrganizationFactory(chip=True, uscc="91440300MA5DEMO01X"),
    )

    declare(session, person, first)
    declare(session, person, second, company=f" {second.uscc.lower()} ")

    assert tied_companies(session, person.as_actor(), NOON) == {first.id, second.id}
    assert session.scalar(sa.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1)) == "interest.declare"


@pytest.mark.parametrize(
    ("changes", "message"), [({"company": "无此单位"}, "no company"), ({"reason": " "}, "few words")]
)
def test_what_a_declaration_lacks_is_said(session: Session, changes: dict[str, str], message: str) -> None:
    with pytest.raises(RuleViolation, match=message):
        declare(session, officer(), OrganizationFactory(chip=True), **changes)


def test_an_interest_is_declared_once(session: Session) -> None:
    person, firm = officer(), OrganizationFactory(chip=True)
    declare(session, person, firm)

    with pytest.raises(Conflict):
        declare(session, person, firm)


@pytest.mark.parametrize("role", [StaffRole.EXPERT, StaffRole.TEST_LAB])
def test_experts_declare_with_their_seat_instead(session: Session, role: StaffRole) -> None:
    with pytest.raises(NotAllowed):
        declare(session, UserFactory(staff=(role,)), OrganizationFactory(chip=True))


def test_an_interest_that_is_over_counts_for_three_years(session: Session) -> None:
    person, firm = officer(), OrganizationFactory(chip=True)
    interest = declare(session, person, firm)

    accounts.end_interest(session, actor=person.as_actor(), interest_id=interest.id, now=NOON)

    actor = person.as_actor()
    assert tied_companies(session, actor, NOON + 3 * YEARS - dt.timedelta(milliseconds=1)) == {firm.id}
    assert tied_companies(session, actor, NOON + 3 * YEARS) == frozenset()


def test_nobody_ends_the_interest_of_another_or_twice(session: Session) -> None:
    person = officer()
    interest = declare(session, person, OrganizationFactory(chip=True))

    with pytest.raises(NotFound):
        accounts.end_interest(session, actor=officer().as_actor(), interest_id=interest.id, now=NOON)
    accounts.end_interest(session, actor=person.as_actor(), interest_id=interest.id, now=NOON)
    with pytest.raises(Conflict):
        accounts.end_interest(session, actor=person.as_actor(), interest_id=interest.id, now=NOON)


def test_an_old_account_with_a_company_is_tied_to_it(session: Session) -> None:
    person, firm = officer(), OrganizationFactory(chip=True)
    session.add(Membership(user_id=person.id, organization_id=firm.id, role=MemberRole.VIEWER))
    session.commit()
    session.refresh(person)

    assert tied_companies(session, person.as_actor(), NOON) == {firm.id}


def acted_for(session: Session, person: User, firm: Organization, at: dt.datetime) -> None:
    session.add(
        AuditEvent(
            created_at=at, actor_id=person.id, actor_name=person.name, capacity="editor", organization_id=firm.id,
            action="product.publish", subject_type="product", details={},
        )
    )  # fmt: skip
    session.commit()


def test_whoever_acted_for_a_company_is_tied_to_it_for_three_years(session: Session) -> None:
    person, lately, long_ago = officer(), OrganizationFactory(chip=True), OrganizationFactory(chip=True)
    acted_for(session, person, lately, NOON - 2 * YEARS)
    acted_for(session, person, long_ago, NOON - 4 * YEARS)

    assert tied_companies(session, person.as_actor(), NOON) == {lately.id}


def test_an_officer_with_an_interest_confirms_no_award(session: Session) -> None:
    proposal = make.proposed(2)

    with pytest.raises(NotAllowed, match="declared an interest"):
        make.confirm(proposal, tied(session, proposal.challenge_id))


def test_nor_returns_one(session: Session) -> None:
    proposal = make.proposed(2)
    actor = tied(session, proposal.challenge_id).as_actor()

    with pytest.raises(NotAllowed, match="declared an interest"):
        service.return_proposal(session, actor=actor, proposal_id=proposal.id, opinion=make.WHY, now=NOON)


def test_nor_proposes_the_award_of_a_government_task(session: Session) -> None:
    challenge = make.ranked(2, mode=PostingMode.GOVERNMENT_TASK)
    actor, command = tied(session, challenge.id).as_actor(), make.as_ranked(challenge)

    with pytest.raises(NotAllowed, match="declared an interest"):
        service.propose_award(session, actor=actor, challenge_id=challenge.id, command=command, now=NOON)


def test_nor_makes_one(session: Session) -> None:
    publicity = make.noticed(2, is_over=True)
    actor = tied(session, publicity.challenge_id).as_actor()

    with pytest.raises(NotAllowed, match="declared an interest"):
        service.award_challenge(session, actor=actor, challenge_id=publicity.challenge_id, now=NOON)


def test_nor_undoes_one(session: Session) -> None:
    (award,) = make.awarded(2)
    person = tied(session, award.challenge_id)

    with pytest.raises(NotAllowed, match="declared an interest"):
        make.replacement(award, person)


def test_nor_ends_a_result_without_an_award(session: Session) -> None:
    publicity = make.noticed(2)
    person = tied(session, publicity.challenge_id)

    with pytest.raises(NotAllowed, match="declared an interest"):
        make.no_award(publicity.challenge_id, person)


def act_on(session: Session, objection: Objection, act: str, person: User) -> object:
    given: dict[str, Any] = {"actor": person.as_actor(), "objection_id": objection.id, "now": NOON}
    command = DecideObjection(make.WHY, Remedy.REVIEW_AGAIN)
    return {
        "accept": lambda: service.accept_objection(session, **given),
        "refuse": lambda: service.refuse_objection(session, command=command, **given),
        "dismiss": lambda: service.dismiss_objection(session, command=command, **given),
        "find_right": lambda: service.find_right(session, command=command, **given),
        "uphold": lambda: service.uphold_objection(session, **given),
        "return": lambda: service.return_decision(session, opinion=make.WHY, **given),
    }[act]()


@pytest.mark.parametrize("act", ["accept", "refuse", "dismiss", "find_right", "uphold", "return"])
def test_nor_decides_anything_about_an_objection(session: Session, act: str) -> None:
    publicity = make.noticed(2)
    objection = make.objection(publicity)
    person = tied(session, publicity.challenge_id)

    with pytest.raises(NotAllowed, match="declared an interest"):
        act_on(session, objection, act, person)


def test_an_interest_in_the_challenge_owner_counts_too(session: Session) -> None:
    proposal, person = make.proposed(2), officer()
    challenge = session.get_one(Challenge, proposal.challenge_id)
    declare(session, person, challenge.organization)

    with pytest.raises(NotAllowed, match="declared an interest"):
        make.confirm(proposal, person)


def test_an_interest_in_a_member_of_a_consortium_counts_too(session: Session) -> None:
    proposal, person, member = make.proposed(2), officer(), OrganizationFactory(chip=True)
    bid = session.scalars(sa.select(Bid).where(Bid.challenge_id == proposal.challenge_id)).first()
    assert bid is not None
    bid.details = {**bid.details, "members": [{"organization_id": str(member.id), "name": member.legal_name_zh}]}
    declare(session, person, member)

    with pytest.raises(NotAllowed, match="declared an interest"):
        make.confirm(proposal, person)


def test_an_interest_elsewhere_keeps_nobody_from_deciding(session: Session) -> None:
    proposal, person = make.proposed(2), officer()
    declare(session, person, OrganizationFactory(chip=True))

    make.confirm(proposal, person)

    assert session.get_one(AwardProposal, proposal.id).confirmed_by == person.id
    assert session.scalar(sa.select(sa.func.count()).select_from(Award)) == 0


@pytest.fixture
def browser(app: Flask, login: Callable[..., FlaskClient]) -> Callable[[Any], FlaskClient]:
    return lambda user: login(app.test_client(), user)


def test_the_page_takes_a_declaration_and_its_end(session: Session, browser: Callable[[Any], FlaskClient]) -> None:
    person, firm = officer(locale="en"), OrganizationFactory(chip=True)
    client = browser(person)

    sent = client.post("/desk/interests/", data={"company": firm.legal_name_zh, "kind": "shares", "reason": WHY})
    shown = client.get("/desk/interests/").text
    interest = session.scalars(sa.select(OfficerInterest)).one()
    ended = client.post(f"/desk/interests/{interest.id}/end")

    assert (sent.status_code, ended.status_code) == (303, 303)
    assert firm.legal_name_zh in shown
    assert "Shares in it" in shown


def test_a_refused_declaration_keeps_what_was_typed(session: Session, browser: Callable[[Any], FlaskClient]) -> None:
    data = {"company": "没有这家公司", "kind": "shares", "reason": WHY}

    response = browser(officer(locale="en")).post("/desk/interests/", data=data)

    assert response.status_code == 422
    assert "没有这家公司" in response.text
    assert WHY in response.text


def test_a_second_declaration_is_a_conflict(session: Session, browser: Callable[[Any], FlaskClient]) -> None:
    person, firm = officer(), OrganizationFactory(chip=True)
    declare(session, person, firm)
    data = {"company": firm.legal_name_zh, "kind": "shares", "reason": WHY}

    assert browser(person).post("/desk/interests/", data=data).status_code == 409


def test_companies_do_not_find_the_page(session: Session, browser: Callable[[Any], FlaskClient]) -> None:
    assert browser(UserFactory(organization=OrganizationFactory(chip=True))).get("/desk/interests/").status_code == 404


def test_the_supervisor_sees_old_accounts_with_a_company(
    session: Session, browser: Callable[[Any], FlaskClient]
) -> None:
    old, firm = officer(), OrganizationFactory(chip=True)
    session.add(Membership(user_id=old.id, organization_id=firm.id, role=MemberRole.VIEWER))
    session.commit()

    page = browser(UserFactory(staff=(StaffRole.SUPERVISOR,), locale="en")).get("/desk/interests/").text

    assert old.email in page
    assert firm.legal_name_zh in page


def test_the_page_of_an_award_says_why_it_cannot_be_decided(
    session: Session, browser: Callable[[Any], FlaskClient]
) -> None:
    proposal = make.proposed(2)
    person = tied(session, proposal.challenge_id)
    person.locale = "en"
    session.commit()

    page = browser(person).get(f"/desk/awards/{proposal.challenge_id}").text

    assert "Another officer decides" in page
    assert "Confirm and publish the notice" not in page
