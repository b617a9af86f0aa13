"""Consortia: asked, consented, sealed with the bid, and unknown to everybody else."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.bids import consortium, service
from app.bids.commands import InviteMember
from app.bids.content import unseal_with_code
from app.bids.models import Bid, BidMember
from app.bids.workflow import MEMBER_WORKFLOW, MemberEvent, MemberState
from app.core import clock
from app.core.errors import Conflict, NotFound, RuleViolation
from app.keys.crypto import new_code
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import BidFactory
from tests.factories.challenges import ProgrammeFactory
from tests.support.bidding import complete_bid, open_challenge
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

PART = "负责封装测试与可靠性试验"


NUMBERS = itertools.count(1)


def firm() -> Any:
    number = next(NUMBERS)
    return OrganizationFactory(chip=True, uscc=f"91440300MA5{number:07d}", legal_name_zh=f"联合体成员{number}有限公司")


def person(organization: Any) -> Any:
    return UserFactory(organization=organization)


def invite(session: Session, bid: Bid, organization: Any, share: str | None = "20", told: str = "") -> BidMember:
    command = InviteMember(
        told or organization.uscc or organization.legal_name_zh, PART, Decimal(share) if share else None
    )
    return service.invite_member(session, actor=person(bid.firm).as_actor(), bid_id=bid.id, command=command, now=NOON)


def answer(session: Session, row: BidMember, organization: Any, *, is_consenting: bool = True) -> BidMember:
    return service.answer_invitation(
        session, actor=person(organization).as_actor(), member_id=row.id, is_consenting=is_consenting, now=NOON
    )


def seal(session: Session, bid: Bid, code: str | None = None) -> Bid:
    return service.seal_bid(
        session, actor=person(bid.firm).as_actor(), bid_id=bid.id, code=code or new_code(), now=NOON
    )


@pytest.mark.parametrize("by", ["uscc", "legal_name_zh"])
def test_a_firm_is_asked_by_its_code_or_its_full_name(session: Session, by: str) -> None:
    bid, other = complete_bid(), firm()

    row = invite(session, bid, other, told=getattr(other, by))

    assert (row.state, consortium.unlock(row).firm) == (MemberState.INVITED, other.id)


def test_the_row_says_neither_who_is_asked_nor_for_what(session: Session) -> None:
    bid, other = complete_bid(), firm()

    row = invite(session, bid, other)

    stored = f"{row.firm_tag}{row.box!r}"
    assert other.id.hex not in stored
    assert other.legal_name_zh not in stored
    assert PART not in stored


@pytest.mark.parametrize(
    ("told", "message"),
    [("没有这家公司", "No verified company"), ("", "No verified company")],
)
def test_nobody_unknown_is_asked(session: Session, told: str, message: str) -> None:
    with pytest.raises(RuleViolation, match=message):
        invite(session, BidFactory(), firm(), told=told or "91440300MA5XX00149")


def test_a_name_that_two_firms_have_is_not_enough(session: Session) -> None:
    first = firm()
    OrganizationFactory(chip=True, legal_name_zh=first.legal_name_zh)

    with pytest.raises(RuleViolation, match="Enter the credit code"):
        invite(session, BidFactory(), first, told=first.legal_name_zh)


def test_an_unverified_firm_is_not_asked(session: Session) -> None:
    with pytest.raises(RuleViolation, match="No verified company"):
        invite(session, BidFactory(), OrganizationFactory(chip=True, verified_at=None, legal_name_zh="未认证公司"))


def test_the_lead_is_no_member(session: Session) -> None:
    bid = complete_bid()

    with pytest.raises(RuleViolation, match="leads this bid"):
        invite(session, bid, bid.firm)


def test_the_owner_of_the_challenge_is_no_member(session: Session) -> None:
    bid = complete_bid()

    with pytest.raises(RuleViolation, match="own challenge"):
        invite(session, bid, bid.challenge.organization)


def test_a_firm_is_asked_once(session: Session) -> None:
    bid, other = complete_bid(), firm()
    invite(session, bid, other)

    with pytest.raises(RuleViolation, match="asked already"):
        invite(session, bid, other)


def test_a_challenge_for_single_firms_takes_no_consortium(session: Session) -> None:
    bid = BidFactory(challenge__is_consortium_allowed=False)

    with pytest.raises(RuleViolation, match="single firms only"):
        invite(session, bid, firm())


def test_the_programme_limits_the_members(session: Session) -> None:
    bid = BidFactory(challenge__programme__max_members=1)
    invite(session, bid, firm())

    with pytest.raises(RuleViolation, match="no room"):
        invite(session, bid, firm())


def test_the_members_leave_the_lead_a_share(session: Session) -> None:
    bid = complete_bid()
    invite(session, bid, firm(), share="60")

    with pytest.raises(RuleViolation, match="leave nothing"):
        invite(session, bid, firm(), share="40")


def test_a_bid_is_not_sealed_before_every_member_has_consented(session: Session) -> None:
    bid = complete_bid()
    first, second = firm(), firm()
    answer(session, invite(session, bid, first), first)
    invite(session, bid, second)

    with pytest.raises(RuleViolation, match="has consented"):
        seal(session, bid)


def test_a_member_that_never_consents_can_be_left_out(session: Session) -> None:
    bid = complete_bid()
    row = invite(session, bid, firm())
    service.remove_member(session, actor=person(bid.firm).as_actor(), bid_id=bid.id, member_id=row.id, now=NOON)

    assert seal(session, bid).sealed_at == NOON


def test_the_seal_vouches_for_members_and_their_consent(session: Session) -> None:
    bid, other, code = complete_bid(), firm(), new_code()
    answer(session, invite(session, bid, other), other)

    seal(session, bid, code)

    (member,) = unseal_with_code(bid, code).content.details["members"]
    assert (member["name"], member["part"], member["share"]) == (other.legal_name_zh, PART, "20")
    assert member["answered_at"] == NOON.isoformat()


def test_a_firm_that_is_not_asked_answers_nothing(session: Session) -> None:
    row = invite(session, BidFactory(), firm())

    with pytest.raises(NotFound):
        answer(session, row, firm())


def test_a_member_steps_back_until_the_bid_is_sealed(session: Session) -> None:
    bid, other = complete_bid(), firm()
    row = answer(session, invite(session, bid, other), other)

    answer(session, row, other, is_consenting=False)

    assert row.state is MemberState.DECLINED


def test_after_the_seal_nobody_steps_back(session: Session) -> None:
    bid, other = complete_bid(), firm()
    row = answer(session, invite(session, bid, other), other)
    seal(session, bid)

    with pytest.raises(Conflict):
        answer(session, row, other, is_consenting=False)


def test_a_changed_part_is_asked_for_anew(session: Session) -> None:
    bid, other = complete_bid(), firm()
    row = answer(session, invite(session, bid, other), other)

    service.change_member(
        session,
        actor=person(bid.firm).as_actor(),
        bid_id=bid.id,
        member_id=row.id,
        command=InviteMember("", "改为负责晶圆测试", Decimal(10)),
        now=NOON,
    )

    assert (row.state, consortium.unlock(row).answered_at) == (MemberState.INVITED, "")


def test_a_withdrawn_bid_forgets_whom_it_asked(session: Session) -> None:
    bid = complete_bid()
    invite(session, bid, firm())

    service.withdraw_bid(session, actor=person(bid.firm).as_actor(), bid_id=bid.id, now=NOON)

    assert session.scalar(sa.select(sa.func.count()).select_from(BidMember)) == 0


@pytest.mark.parametrize("is_single", [True, False])
def test_whether_a_firm_may_be_in_two_bids_is_the_programmes_rule(session: Session, is_single: bool) -> None:
    challenge = open_challenge(programme=ProgrammeFactory(is_single_unit_bid=is_single))
    shared, first, second = firm(), complete_bid(challenge), complete_bid(challenge)
    answer(session, invite(session, first, shared), shared)
    answer(session, invite(session, second, shared), shared)
    seal(session, first)

    try:
        seal(session, second)
        found = ""
    except RuleViolation as refusal:
        found = refusal.code

    assert found == ("single_unit" if is_single else "")


def test_a_lead_is_no_member_of_another_bid_where_the_programme_says_so(session: Session) -> None:
    challenge = open_challenge(programme=ProgrammeFactory(is_single_unit_bid=True))
    first, second = complete_bid(challenge), complete_bid(challenge)
    answer(session, invite(session, second, first.firm), first.firm)
    seal(session, first)

    with pytest.raises(RuleViolation, match="one bid for a challenge only"):
        seal(session, second)


@pytest.mark.real_clock
def test_of_two_bids_that_share_a_firm_and_are_sealed_at_once_one_is_refused(
    own_app: Flask, own_session: Session
) -> None:
    now = clock.now()
    challenge = open_challenge(programme=ProgrammeFactory(is_single_unit_bid=True))
    shared, first, second = firm(), complete_bid(challenge), complete_bid(challenge)
    answer(own_session, invite(own_session, first, shared), shared)
    answer(own_session, invite(own_session, second, shared), shared)
    own_session.commit()
    leads = [(person(bid.firm).as_actor(), bid.id) for bid in (first, second)]

    refused = at_once(
        own_app,
        *(
            lambda session, who=who, bid_id=bid_id: service.seal_bid(
                session, actor=who, bid_id=bid_id, code=new_code(), now=now
            )
            for who, bid_id in leads
        ),
    )

    assert outcomes(refused) == ["RuleViolation", "done"]


@pytest.mark.parametrize("state", MemberState)
@pytest.mark.parametrize("event", MemberEvent)
def test_every_step_of_a_member(state: MemberState, event: MemberEvent) -> None:
    legal = {
        (MemberState.INVITED, MemberEvent.CONSENT): MemberState.CONSENTED,
        (MemberState.INVITED, MemberEvent.DECLINE): MemberState.DECLINED,
        (MemberState.CONSENTED, MemberEvent.DECLINE): MemberState.DECLINED,
        (MemberState.INVITED, MemberEvent.CHANGE): MemberState.INVITED,
        (MemberState.CONSENTED, MemberEvent.CHANGE): MemberState.INVITED,
        (MemberState.DECLINED, MemberEvent.CHANGE): MemberState.INVITED,
    }

    assert MEMBER_WORKFLOW.arrows.get((state, event)) == legal.get((state, event))


def test_the_lead_asks_and_the_member_consents_on_their_pages(
    client: FlaskClient, login: Any, session: Session
) -> None:
    bid, other = complete_bid(), firm()
    login(client, person(bid.firm))
    asked = client.post(f"/workspace/bids/{bid.id}/members/", data={"firm": other.uscc, "part": PART, "share": "20"})
    row_id = session.scalars(sa.select(BidMember.id)).one()
    login(client, person(other))

    shown = client.get("/workspace/bids/invitations/")
    answered = client.post(f"/workspace/bids/invitations/{row_id}/consent")

    session.expire_all()
    assert (asked.status_code, shown.status_code, answered.status_code) == (303, 200, 303)
    assert PART in shown.text
    assert session.get_one(BidMember, row_id).state is MemberState.CONSENTED


def test_the_lead_changes_a_part_on_its_page_and_the_firm_is_asked_anew(
    client: FlaskClient, login: Any, session: Session
) -> None:
    bid, other = complete_bid(), firm()
    row = answer(session, invite(session, bid, other), other)
    session.commit()
    login(client, person(bid.firm))
    url = f"/workspace/bids/{bid.id}/members/{row.id}"

    shown = client.get(url).get_data(as_text=True)
    refused = client.post(url, data={"part": "", "share": "15"})
    changed = client.post(url, data={"part": "改为负责晶圆测试", "share": "15"})

    assert PART in shown
    assert (refused.status_code, changed.status_code) == (422, 303)
    session.refresh(row)
    assert (row.state, consortium.unlock(row).part) == (MemberState.INVITED, "改为负责晶圆测试")


def test_a_refused_invitation_keeps_what_was_typed(client: FlaskClient, login: Any) -> None:
    bid = complete_bid()
    login(client, person(bid.firm))

    response = client.post(f"/workspace/bids/{bid.id}/members/", data={"firm": "没有这家公司", "part": PART})

    assert response.status_code == 422
    assert PART in response.text


def test_nobody_else_sees_the_consortium(client: FlaskClient, login: Any, page: Any) -> None:
    bid = complete_bid()
    invite_session = firm()
    login(client, person(invite_session))

    page(f"/workspace/bids/{bid.id}/members/", status=404)
