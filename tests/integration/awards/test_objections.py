"""Objections: in time, in a real name, with evidence; and what follows when they are right."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.datastructures import FileStorage

from app.accounts.models import Organization
from app.awards import service
from app.awards.commands import DecideObjection, Remedy
from app.awards.models import AwardProposal, Objection, Publicity
from app.awards.ranking import final_ranking
from app.awards.workflow import ObjectionState
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingState
from app.files.models import StoredFile
from app.files.policy import can_open
from app.reviews.commands import FormPanel
from app.reviews.service import form_panel
from tests.factories import awards as make
from tests.factories.accounts import UserFactory, officer
from tests.support.clock import NOON
from tests.support.objections import DECISION, decide, firm, member_of, take_up, uphold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = dt.timedelta(days=1)


ANEW = FormPanel("owner", 0)


def evidence(name: str = "证据.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), filename=name)


def hand_in(session: Session, publicity: Publicity, user: Any = None, *, n_files: int = 1, **changes: Any) -> Objection:
    return service.file_objection(
        session,
        actor=(user or firm()).as_actor(),
        challenge_id=publicity.challenge_id,
        command=make.file_command(**changes),
        uploads=[evidence(f"{place}.pdf") for place in range(n_files)],
        max_bytes=10_000,
        now=NOON,
    )


def selected(session: Session, publicity: Publicity) -> Any:
    return session.scalar(sa.select(Bid.id).where(Bid.challenge_id == publicity.challenge_id, Bid.state == "selected"))


def test_an_objection_comes_with_its_clocks(session: Session) -> None:
    objection = hand_in(session, make.noticed())

    assert objection.state is ObjectionState.RECEIVED
    assert objection.received_at == NOON
    assert objection.accept_by < objection.decide_by


def test_it_is_in_time_until_the_last_millisecond_of_the_notice(session: Session) -> None:
    publicity = make.noticed()
    publicity.ends_at = NOON + dt.timedelta(milliseconds=1)
    session.commit()

    assert hand_in(session, publicity).state is ObjectionState.RECEIVED


def test_after_the_notice_it_is_too_late(session: Session) -> None:
    publicity = make.noticed()
    publicity.starts_at, publicity.ends_at = NOON - DAY, NOON
    session.commit()

    with pytest.raises(RuleViolation, match="notice is over"):
        hand_in(session, publicity)


@pytest.mark.parametrize(
    ("changes", "n_files", "message"),
    [
        ({"text": "不公平"}, 1, "at least twenty characters"),
        ({"ground": "none"}, 1, "Choose what you object to"),
        ({"contact_name": " "}, 1, "real name"),
        ({}, 0, "Attach the evidence"),
        ({}, 6, "At most five"),
    ],
)
def test_what_an_objection_lacks_is_said(session: Session, changes: Any, n_files: int, message: str) -> None:
    with pytest.raises(RuleViolation, match=message):
        hand_in(session, make.noticed(), n_files=n_files, **changes)


def test_it_is_not_about_a_bid_of_another_competition(session: Session) -> None:
    other = make.noticed()

    with pytest.raises(RuleViolation, match="firms in the notice"):
        hand_in(session, make.noticed(), bid_id=selected(session, other))


def test_its_evidence_is_read_by_its_company_and_the_authority_only(session: Session) -> None:
    user, publicity = firm(), make.noticed()
    objection = hand_in(session, publicity, user)
    file = session.get_one(StoredFile, objection.files[0].file_id)
    challenge = session.get_one(Challenge, publicity.challenge_id)

    readers = [user, officer(), make.owner_of(challenge), firm()]

    assert [bool(can_open(session, one.as_actor(), file)) for one in readers] == [True, True, False, False]


def test_while_it_waits_nothing_is_awarded(session: Session) -> None:
    publicity = make.noticed(is_over=True)
    make.objection(publicity)

    with pytest.raises(RuleViolation, match="objection waits"):
        service.award_challenge(session, actor=officer().as_actor(), challenge_id=publicity.challenge_id, now=NOON)


def test_an_objection_that_is_taken_up_stops_the_notice(session: Session) -> None:
    publicity = make.noticed()

    take_up(session, make.objection(publicity), NOON + DAY)

    assert publicity.frozen_at == NOON + DAY


def test_a_dismissed_objection_gives_the_notice_its_time_back(session: Session) -> None:
    publicity = make.noticed()
    ends_at, objection = publicity.ends_at, make.objection(publicity)
    take_up(session, objection, NOON + DAY)

    decide(session, objection, "dismiss", now=NOON + 4 * DAY)

    assert (publicity.frozen_at, publicity.ends_at) == (None, ends_at + 3 * DAY)


def test_the_notice_stands_still_until_the_last_objection_is_decided(session: Session) -> None:
    publicity = make.noticed()
    first, second = make.objection(publicity), make.objection(publicity)
    take_up(session, first)
    take_up(session, second)

    decide(session, first, "dismiss")

    assert publicity.frozen_at == NOON


def test_an_objection_is_not_decided_before_it_is_taken_up(session: Session) -> None:
    with pytest.raises(Conflict):
        decide(session, make.objection(make.noticed()), "dismiss")


def test_a_decision_needs_reasons(session: Session) -> None:
    objection = make.objection(make.noticed())

    with pytest.raises(RuleViolation, match="Give the reasons"):
        decide(session, objection, "refuse", decision="无")


def test_upholding_needs_a_remedy(session: Session) -> None:
    objection = make.objection(make.noticed())
    take_up(session, objection)

    with pytest.raises(RuleViolation, match="what follows"):
        decide(session, objection, "find_right")


def test_after_an_upheld_objection_the_review_is_done_again(session: Session) -> None:
    publicity = make.noticed(3)
    objection = make.objection(publicity)
    take_up(session, objection)

    uphold(session, objection, Remedy.REVIEW_AGAIN)

    challenge = session.get_one(Challenge, publicity.challenge_id)
    bids = session.scalars(sa.select(Bid.state).where(Bid.challenge_id == challenge.id)).all()
    assert challenge.state is PostingState.EVALUATING
    assert {state.value for state in bids} == {"under_review"}
    assert final_ranking(session, challenge.id) == ()
    assert publicity.ended_at == NOON


def test_a_firm_that_is_struck_makes_room_for_the_next_reserve_under_a_new_notice(session: Session) -> None:
    publicity = make.noticed(3)
    struck = selected(session, publicity)
    objection = make.objection(publicity, bid_id=struck)
    take_up(session, objection)

    uphold(session, objection, Remedy.NEXT_RESERVE)

    fresh = session.scalars(sa.select(Publicity).where(Publicity.ended_at.is_(None))).one()
    assert session.get_one(Bid, struck).state.value == "disqualified"
    assert fresh.number.endswith("-N2")
    assert fresh.content["winners"][0]["bid_id"] == str(selected(session, publicity))


def test_nobody_moves_up_when_nobody_is_in_reserve(session: Session) -> None:
    publicity = make.noticed(1)
    objection = make.objection(publicity, bid_id=selected(session, publicity))
    take_up(session, objection)

    with pytest.raises(RuleViolation, match="Nobody is in reserve"):
        uphold(session, objection, Remedy.NEXT_RESERVE)


def test_an_upheld_objection_can_end_the_competition_without_an_award(session: Session) -> None:
    publicity = make.noticed(2)
    objection = make.objection(publicity)
    take_up(session, objection)

    uphold(session, objection, Remedy.NO_AWARD)

    challenge = session.get_one(Challenge, publicity.challenge_id)
    assert challenge.state is PostingState.NO_AWARD
    assert challenge.outcome == {"reasons": ["objection_upheld"]}


def test_an_objection_that_is_taken_back_lets_the_notice_go_on(session: Session) -> None:
    publicity = make.noticed()
    objection = make.objection(publicity)
    take_up(session, objection)
    user = member_of(session, objection)

    service.withdraw_objection(session, actor=user.as_actor(), objection_id=objection.id, now=NOON + DAY)

    assert (objection.state, publicity.frozen_at) == (ObjectionState.WITHDRAWN, None)


def test_nobody_objects_after_the_end_though_the_notice_stands_still(session: Session) -> None:
    publicity = make.noticed(is_over=True)
    take_up(session, make.objection(publicity))

    with pytest.raises(RuleViolation, match="notice is over"):
        hand_in(session, publicity)


def test_an_objection_that_waits_stands_against_the_next_notice(session: Session) -> None:
    publicity = make.noticed(3)
    first = make.objection(publicity, bid_id=selected(session, publicity))
    second = make.objection(publicity)
    take_up(session, first)
    take_up(session, second)

    uphold(session, first, Remedy.NEXT_RESERVE)

    fresh = session.scalars(sa.select(Publicity).where(Publicity.ended_at.is_(None))).one()
    assert (second.publicity_id, fresh.frozen_at) == (fresh.id, NOON)


def test_finding_an_objection_right_changes_nothing_before_a_second_officer_agrees(session: Session) -> None:
    publicity = make.noticed(3)
    objection = make.objection(publicity, bid_id=selected(session, publicity))
    take_up(session, objection)

    decide(session, objection, "find_right", Remedy.NEXT_RESERVE)

    assert objection.state is ObjectionState.UPHOLDING
    assert (publicity.ended_at, publicity.frozen_at) == (None, NOON)
    assert session.get_one(Bid, objection.bid_id).state.value == "selected"


def test_whoever_found_it_right_does_not_confirm_it(session: Session) -> None:
    publicity, person = make.noticed(3), officer()
    objection = make.objection(publicity, bid_id=selected(session, publicity))
    take_up(session, objection)
    decide(session, objection, "find_right", Remedy.NEXT_RESERVE, person=person)

    with pytest.raises(NotAllowed, match="Another officer"):
        service.uphold_objection(session, actor=person.as_actor(), objection_id=objection.id, now=NOON)


def test_the_new_notice_rests_on_two_people(session: Session) -> None:
    publicity, confirming = make.noticed(3), officer()
    objection = make.objection(publicity, bid_id=selected(session, publicity))
    take_up(session, objection)

    uphold(session, objection, Remedy.NEXT_RESERVE, confirming)

    fresh = session.scalars(sa.select(Publicity).where(Publicity.ended_at.is_(None))).one()
    proposal = session.get_one(AwardProposal, fresh.proposal_id)
    assert (proposal.proposed_by, proposal.confirmed_by) == (objection.proposed_by, confirming.id)
    assert proposal.proposed_by != proposal.confirmed_by


def test_a_finding_that_is_returned_is_investigated_further(session: Session) -> None:
    publicity = make.noticed(3)
    objection = make.objection(publicity)
    take_up(session, objection)
    decide(session, objection, "find_right", Remedy.REVIEW_AGAIN)

    service.return_decision(
        session, actor=officer().as_actor(), objection_id=objection.id, opinion="证据不足，请补充检测说明。", now=NOON
    )

    assert (objection.state, objection.remedy, objection.decision) == (ObjectionState.INVESTIGATING, None, "")


def test_a_finding_is_not_returned_without_a_word(session: Session) -> None:
    objection = make.objection(make.noticed(3))
    take_up(session, objection)
    decide(session, objection, "find_right", Remedy.REVIEW_AGAIN)

    with pytest.raises(RuleViolation, match="why it is returned"):
        service.return_decision(session, actor=officer().as_actor(), objection_id=objection.id, opinion="", now=NOON)


def test_a_finding_that_waits_keeps_the_notice_still(session: Session) -> None:
    publicity = make.noticed()
    first, second = make.objection(publicity), make.objection(publicity)
    take_up(session, first)
    take_up(session, second)
    decide(session, first, "find_right", Remedy.REVIEW_AGAIN)

    decide(session, second, "dismiss")

    assert publicity.frozen_at == NOON


def test_a_firm_that_withdrew_meanwhile_is_not_struck(session: Session) -> None:
    publicity = make.noticed(3)
    objection = make.objection(publicity, bid_id=selected(session, publicity))
    take_up(session, objection)
    decide(session, objection, "find_right", Remedy.NEXT_RESERVE)
    leave(session, objection.bid_id)

    with pytest.raises(Conflict):
        service.uphold_objection(session, actor=officer().as_actor(), objection_id=objection.id, now=NOON)


def leave(session: Session, bid_id: Any) -> None:
    bid = session.get_one(Bid, bid_id)
    user = UserFactory(organization=session.get_one(Organization, bid.organization_id))
    service.withdraw_opened(session, actor=user.as_actor(), bid_id=bid.id, reason="产线调整，无法按期交付。", now=NOON)
    session.commit()


MILLISECOND = dt.timedelta(milliseconds=1)


def test_the_databases_clock_says_since_when_a_notice_stands_still(session: Session) -> None:
    publicity = make.noticed()
    objection = make.objection(publicity)

    with time_machine.travel(NOON + DAY + MILLISECOND, tick=False):
        service.accept_objection(session, actor=officer().as_actor(), objection_id=objection.id, now=NOON)

    assert publicity.frozen_at == NOON + DAY + MILLISECOND


def test_the_databases_clock_says_when_an_objection_was_decided(session: Session) -> None:
    objection = make.objection(make.noticed())
    take_up(session, objection)

    with time_machine.travel(NOON + DAY, tick=False):
        actor, command = officer().as_actor(), DecideObjection(DECISION)
        service.dismiss_objection(session, actor=actor, objection_id=objection.id, command=command, now=NOON)

    assert (objection.decided_at, objection.again_by) == (NOON + DAY, add_working_days(NOON + DAY, 5))


def test_nobody_looks_for_another_panel_once_the_bids_are_ranked(session: Session) -> None:
    challenge = make.ranked(2)

    with pytest.raises(Conflict, match="ranked already"):
        form_panel(session, actor=officer().as_actor(), challenge_id=challenge.id, command=ANEW, now=NOON)


def test_an_upheld_objection_lets_another_panel_judge(session: Session) -> None:
    publicity = make.noticed(2)
    objection = make.objection(publicity)
    take_up(session, objection)
    uphold(session, objection, Remedy.REVIEW_AGAIN)

    panel = form_panel(session, actor=officer().as_actor(), challenge_id=publicity.challenge_id, command=ANEW, now=NOON)

    assert panel.round == 2
