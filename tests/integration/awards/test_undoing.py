"""Undoing a result takes two people, a reason everybody reads, and for whoever moves up a public notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.audit.models import AuditEvent
from app.awards import service
from app.awards.models import Award, AwardProposal, Publicity
from app.awards.workflow import AwardState, ProposalState
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.challenges.service import declare_no_award
from app.core.actor import MemberRole
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.models import Job
from tests.factories import awards as make
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def states(session: Session, challenge_id: Any) -> list[str]:
    query = sa.select(Bid.state).where(Bid.challenge_id == challenge_id)
    return sorted(state.value for state in session.scalars(query))


def told(session: Session, kind: str) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.kind == kind)) or 0


def challenge_of(session: Session, row: Any) -> Challenge:
    return session.get_one(Challenge, row.challenge_id)


def award_again(session: Session, challenge_id: Any) -> list[Award]:
    awards = service.award_challenge(session, actor=officer().as_actor(), challenge_id=challenge_id, now=NOON)
    session.commit()
    return awards


def test_proposing_to_replace_an_award_changes_nothing_yet(session: Session) -> None:
    (first,) = make.awarded(3)

    proposal = make.replacement(first)

    assert (proposal.state, first.state) == (ProposalState.PROPOSED, AwardState.CONFIRMED)
    assert challenge_of(session, first).state is PostingState.AWARDED
    assert states(session, first.challenge_id) == ["reserve", "reserve", "selected"]


def test_whoever_proposed_it_does_not_confirm_it(session: Session) -> None:
    (first,), person = make.awarded(3), officer()
    proposal = make.replacement(first, person)

    with pytest.raises(NotAllowed, match="Another officer"):
        make.confirm(proposal, person)


def test_a_confirmed_replacement_puts_the_next_reserve_in_a_notice_of_its_own(session: Session) -> None:
    (first,) = make.awarded(3)

    publicity = make.confirm(make.replacement(first))

    assert publicity is not None
    challenge = challenge_of(session, first)
    assert challenge.state is PostingState.PUBLICITY
    assert publicity.ends_at == add_working_days(NOON, 5)
    assert (first.state, first.end_reason) == (AwardState.REPLACED, make.DECLINED)
    assert states(session, first.challenge_id) == ["reserve", "selected", "withdrawn"]
    assert [firm["bid_id"] for firm in challenge.outcome["winners"]] == [str(selected(session, challenge))]


def selected(session: Session, challenge: Challenge) -> Any:
    return session.scalar(sa.select(Bid.id).where(Bid.challenge_id == challenge.id, Bid.state == "selected"))


def test_whoever_moves_up_is_not_told_the_reasons_of_the_one_who_left(session: Session) -> None:
    (first,) = make.awarded(3)

    proposal = make.replacement(first)

    reasons = {one.bid_id: one.reason for one in proposal.verdicts if one.reason}
    assert reasons == {first.bid_id: make.DECLINED}


def test_the_replaced_and_the_replacing_firm_are_told(session: Session) -> None:
    (first,) = make.awarded(3)

    make.confirm(make.replacement(first))

    assert (told(session, "award.ended"), told(session, "award.moved_up")) == (1, 1)


def test_nobody_is_awarded_before_the_new_notice_is_over(session: Session) -> None:
    (first,) = make.awarded(3)
    make.confirm(make.replacement(first))

    with pytest.raises(RuleViolation, match="not over yet"):
        award_again(session, first.challenge_id)


def test_after_the_new_notice_the_reserve_has_the_award(session: Session) -> None:
    (first,) = make.awarded(3)
    make.confirm(make.replacement(first))
    make.pass_notice(first.challenge_id)

    (second,) = award_again(session, first.challenge_id)

    assert second.replaces_id == first.id
    assert second.number.endswith("-A2")
    assert challenge_of(session, first).state is PostingState.AWARDED


def test_without_a_reserve_the_competition_ends_without_an_award(session: Session) -> None:
    (only,) = make.awarded(1)

    publicity = make.confirm(make.replacement(only))

    challenge = challenge_of(session, only)
    assert publicity is None
    assert (only.state, challenge.state) == (AwardState.CANCELLED, PostingState.NO_AWARD)
    assert challenge.outcome["reasons"] == ["all_withdrew"]
    assert told(session, "challenge.no_award") == 1


def test_another_award_of_the_race_keeps_the_competition_alive(session: Session) -> None:
    first, second = make.awarded(2, n_selected=2)

    make.confirm(make.replacement(first))

    challenge = challenge_of(session, first)
    assert challenge.state is PostingState.AWARDED
    assert [firm["bid_id"] for firm in challenge.outcome["winners"]] == [str(second.bid_id)]


def test_a_replacement_in_a_race_leaves_the_other_award_alone(session: Session) -> None:
    first, second = make.awarded(3, n_selected=2)
    make.confirm(make.replacement(first))
    make.pass_notice(first.challenge_id)

    awards = award_again(session, first.challenge_id)

    assert [one.replaces_id for one in awards] == [first.id]
    assert second.state is AwardState.CONFIRMED


def test_an_award_is_not_replaced_by_whoever_made_it(session: Session) -> None:
    publicity, person = make.noticed(is_over=True), officer()
    (first,) = service.award_challenge(session, actor=person.as_actor(), challenge_id=publicity.challenge_id, now=NOON)

    with pytest.raises(NotAllowed, match="Another officer"):
        make.replacement(first, person)


def test_an_award_is_not_replaced_without_a_reason(session: Session) -> None:
    (first,) = make.awarded(2)

    with pytest.raises(RuleViolation, match="why it is replaced"):
        service.propose_replacement(session, actor=officer().as_actor(), award_id=first.id, reason=" ", now=NOON)


def test_an_award_that_has_ended_is_not_replaced_again(session: Session) -> None:
    (first,) = make.awarded(3)
    make.confirm(make.replacement(first))

    with pytest.raises(Conflict):
        make.replacement(first)


def test_a_returned_replacement_leaves_the_award_as_it_is(session: Session) -> None:
    (first,) = make.awarded(3)
    proposal = make.replacement(first)

    service.return_proposal(
        session, actor=officer().as_actor(), proposal_id=proposal.id, opinion="请先取得书面放弃说明。", now=NOON
    )

    assert (proposal.state, first.state) == (ProposalState.RETURNED, AwardState.CONFIRMED)


def winner(session: Session, award: Award, role: MemberRole = MemberRole.OWNER) -> Any:
    firm = session.get_one(Bid, award.bid_id).organization_id
    return UserFactory(organization=session.get_one(Organization, firm), role=role)


def decline(session: Session, award: Award, user: Any, reason: str = make.DECLINED) -> Award:
    return service.decline_award(session, actor=user.as_actor(), award_id=award.id, reason=reason, now=NOON)


def test_a_winner_who_declines_is_on_record_and_the_authority_is_told(session: Session) -> None:
    (first,) = make.awarded(2)

    decline(session, first, winner(session, first))

    assert (first.declined_at, first.decline_reason) == (NOON, make.DECLINED)
    assert first.state is AwardState.CONFIRMED
    assert told(session, "award.declined") == 1
    assert session.scalar(sa.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1)) == "award.decline"


def test_an_award_is_declined_once(session: Session) -> None:
    (first,) = make.awarded(2)
    user = winner(session, first)
    decline(session, first, user)

    with pytest.raises(Conflict):
        decline(session, first, user)


def test_nobody_else_declines_an_award(session: Session) -> None:
    (first,) = make.awarded(2)

    with pytest.raises(NotFound):
        decline(session, first, UserFactory(organization=OrganizationFactory(chip=True)))


def test_a_reader_of_the_firm_declines_nothing(session: Session) -> None:
    (first,) = make.awarded(2)

    with pytest.raises(NotAllowed):
        decline(session, first, winner(session, first, MemberRole.VIEWER))


def test_declining_needs_a_reason(session: Session) -> None:
    (first,) = make.awarded(2)

    with pytest.raises(RuleViolation, match="why you decline"):
        decline(session, first, winner(session, first), " ")


def declare(session: Session, challenge_id: Any) -> None:
    declare_no_award(
        session,
        actor=officer().as_actor(),
        challenge_id=challenge_id,
        reasons=["all_withdrew"],
        text=make.DECLINED,
        now=NOON,
    )


def test_one_officer_alone_does_not_end_a_confirmed_result(session: Session) -> None:
    publicity = make.noticed(2)

    with pytest.raises(Conflict, match="two people"):
        declare(session, publicity.challenge_id)

    assert challenge_of(session, publicity).state is PostingState.PUBLICITY


def test_one_officer_alone_does_not_end_it_after_the_result_fell_either(session: Session) -> None:
    publicity = make.noticed(2)
    challenge = challenge_of(session, publicity)
    bid = session.get_one(Bid, selected(session, challenge))
    user = UserFactory(organization=session.get_one(Organization, bid.organization_id))
    service.withdraw_opened(session, actor=user.as_actor(), bid_id=bid.id, reason=make.DECLINED, now=NOON)

    with pytest.raises(Conflict, match="two people"):
        declare(session, publicity.challenge_id)


def test_before_a_result_one_officer_ends_a_competition(session: Session) -> None:
    challenge = make.ranked(2)

    declare(session, challenge.id)

    assert challenge.state is PostingState.NO_AWARD


def test_proposing_to_end_it_leaves_the_notice_running(session: Session) -> None:
    publicity = make.noticed(2)

    make.no_award(publicity.challenge_id)

    assert (publicity.ended_at, challenge_of(session, publicity).state) == (None, PostingState.PUBLICITY)


def test_a_second_officer_ends_it_and_every_bid_is_refused(session: Session) -> None:
    publicity = make.noticed(2)

    make.confirm(make.no_award(publicity.challenge_id))

    challenge = challenge_of(session, publicity)
    assert challenge.state is PostingState.NO_AWARD
    assert challenge.outcome == {"reasons": ["all_withdrew"], "text": make.DECLINED}
    assert publicity.ended_at == NOON
    assert states(session, challenge.id) == ["not_selected", "not_selected"]


def test_the_first_officer_does_not_end_it_twice(session: Session) -> None:
    publicity, person = make.noticed(2), officer()
    proposal = make.no_award(publicity.challenge_id, person)

    with pytest.raises(NotAllowed, match="Another officer"):
        make.confirm(proposal, person)


def test_a_competition_with_a_standing_award_does_not_end_without_one(session: Session) -> None:
    first, _second = make.awarded(3, n_selected=2)
    make.confirm(make.replacement(first))

    with pytest.raises(Conflict, match="stands"):
        make.no_award(first.challenge_id)


def test_only_the_authority_proposes_to_undo(session: Session) -> None:
    (first,) = make.awarded(2)
    owner = make.owner_of(challenge_of(session, first))

    with pytest.raises(NotAllowed):
        make.replacement(first, owner)
    with pytest.raises(NotAllowed):
        make.no_award(first.challenge_id, owner)


@pytest.mark.parametrize("wanted", [[], ["no_such_reason"]])
def test_no_award_needs_a_reason_that_everybody_can_read(session: Session, wanted: list[str]) -> None:
    publicity = make.noticed(2)

    with pytest.raises(RuleViolation, match="at least one reason"):
        service.propose_no_award(
            session,
            actor=officer().as_actor(),
            challenge_id=publicity.challenge_id,
            reasons=wanted,
            text=make.DECLINED,
            now=NOON,
        )


@pytest.mark.parametrize("undo", ["replace", "no_award"])
def test_one_proposal_waits_at_a_time(session: Session, undo: str) -> None:
    (first,) = make.awarded(3)
    make.replacement(first)

    with pytest.raises(Conflict):
        {"replace": lambda: make.replacement(first), "no_award": lambda: make.no_award(first.challenge_id)}[undo]()


@pytest.mark.real_clock
def test_a_replacement_is_not_both_confirmed_and_returned(own_app: Flask, own_session: Session) -> None:
    (first,) = make.awarded(3)
    proposal_id = make.replacement(first).id
    people = [officer().as_actor(), officer().as_actor()]

    refused = at_once(
        own_app,
        lambda session: service.confirm_proposal(
            session, actor=people[0], proposal_id=proposal_id, opinion="", now=NOON
        ),
        lambda session: service.return_proposal(
            session, actor=people[1], proposal_id=proposal_id, opinion="请先取得书面放弃说明。", now=NOON
        ),
    )

    assert outcomes(refused) == ["Conflict", "done"]


def test_one_proposal_in_force_is_a_rule_of_the_database(session: Session) -> None:
    publicity = make.noticed(2)
    make.no_award(publicity.challenge_id)

    with pytest.raises(sa.exc.IntegrityError):
        session.execute(
            sa.update(AwardProposal)
            .where(AwardProposal.state == "proposed")
            .values(state="confirmed", confirmed_by=officer().id)
        )


def test_every_notice_has_a_number_of_its_own(session: Session) -> None:
    (first,) = make.awarded(3)
    make.confirm(make.replacement(first))

    numbers = session.scalars(sa.select(Publicity.number).order_by(Publicity.number)).all()

    assert [number.rpartition("-")[2] for number in numbers] == ["N1", "N2"]
