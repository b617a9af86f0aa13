"""After the opening a firm withdraws with a reason until there is an award; whoever is behind it moves up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.audit.models import AuditEvent
from app.awards import service
from app.awards.models import Publicity
from app.awards.ranking import final_ranking
from app.awards.workflow import AwardState, ProposalState
from app.bids.models import Bid, BidEnding
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.models import Job
from app.reviews.commands import FormPanel
from app.reviews.service import form_panel
from tests.factories import awards as make
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.accounts.models import User

REASON = "核心产线调整，无法按期完成样片，现撤回揭榜。"


def bid_in(session: Session, challenge_id: Any, state: str) -> Bid:
    query = sa.select(Bid).where(Bid.challenge_id == challenge_id, Bid.state == state).order_by(Bid.id)
    bid = session.scalars(query).first()
    assert bid is not None
    return bid


def member_of(session: Session, bid: Bid, role: MemberRole = MemberRole.OWNER) -> User:
    user: User = UserFactory(organization=session.get_one(Organization, bid.organization_id), role=role)
    return user


def withdraw(session: Session, bid: Bid, user: User | None = None, reason: str = REASON) -> Bid:
    actor = (user or member_of(session, bid)).as_actor()
    done = service.withdraw_opened(session, actor=actor, bid_id=bid.id, reason=reason, now=NOON)
    session.commit()
    return done


IN_EVALUATION = ("opened", "valid", "under_review", "shortlisted", "defended")


@pytest.mark.parametrize("state", IN_EVALUATION)
def test_a_bid_that_was_opened_is_withdrawn_with_a_reason(session: Session, state: str) -> None:
    challenge = ChallengeFactory(closed=True, state=PostingState.EVALUATING)
    bid = BidFactory(challenge=challenge, state=BidState(state))

    withdraw(session, bid)

    ending = session.get_one(BidEnding, bid.id)
    assert (bid.state, bid.end_reason, ending.reason) == (BidState.WITHDRAWN, "withdrawn", REASON)
    assert challenge.ended_bids == {"withdrawn": 1}


@pytest.mark.parametrize("state", ["format_rejected", "disqualified"])
def test_a_bid_that_is_out_is_not_withdrawn(session: Session, state: str) -> None:
    challenge = ChallengeFactory(closed=True, state=PostingState.EVALUATING)
    bid = BidFactory(challenge=challenge, state=BidState(state))

    with pytest.raises(Conflict):
        withdraw(session, bid)


@pytest.mark.parametrize("state", ["draft", "sealed"])
def test_a_bid_that_was_never_opened_is_not_withdrawn_this_way(session: Session, state: str) -> None:
    challenge = ChallengeFactory(closed=True, state=PostingState.EVALUATING)
    bid = BidFactory(challenge=challenge, state=BidState(state))

    with pytest.raises(NotFound):
        withdraw(session, bid, UserFactory(organization=bid.firm))


def test_the_authority_is_told_and_the_trail_says_why(session: Session) -> None:
    challenge = make.ranked(2)

    withdraw(session, bid_in(session, challenge.id, "under_review"))

    assert session.scalar(sa.select(sa.func.count()).where(Job.kind == "bid.withdrawn")) == 1
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "bid.withdraw")).one()
    assert event.details["reason"] == REASON


def test_whoever_is_behind_it_moves_up(session: Session) -> None:
    challenge = make.ranked(3)
    first, second, third = (line.bid_id for line in final_ranking(session, challenge.id))

    withdraw(session, session.get_one(Bid, first))

    ranking = final_ranking(session, challenge.id)
    assert [(line.bid_id, line.place) for line in ranking] == [(second, 1), (third, 2)]


def test_a_proposal_that_named_it_goes_back(session: Session) -> None:
    proposal = make.proposed(2)

    withdraw(session, bid_in(session, proposal.challenge_id, "under_review"))

    assert (proposal.state, proposal.opinion) == (ProposalState.RETURNED, "bid_withdrawn")


def test_without_its_winner_the_notice_ends_and_the_next_is_proposed_and_confirmed_anew(session: Session) -> None:
    publicity = make.noticed(3)
    challenge = session.get_one(Challenge, publicity.challenge_id)

    withdraw(session, bid_in(session, challenge.id, "selected"))
    fresh = make.in_notice(challenge)

    assert publicity.ended_at == NOON
    assert fresh.number.endswith("-N2")
    assert fresh.content["winners"][0]["bid_id"] == str(bid_in(session, challenge.id, "selected").id)


def test_the_review_is_not_done_again_because_a_winner_withdrew(session: Session) -> None:
    publicity = make.noticed(3)
    withdraw(session, bid_in(session, publicity.challenge_id, "selected"))

    with pytest.raises(Conflict, match="ranked already"):
        form_panel(
            session, actor=officer().as_actor(), challenge_id=publicity.challenge_id, command=FormPanel("owner", 0),
            now=NOON,
        )  # fmt: skip


def test_a_reserve_that_withdraws_leaves_the_notice_running_and_does_not_move_up(session: Session) -> None:
    publicity = make.noticed(3)
    challenge = session.get_one(Challenge, publicity.challenge_id)
    gone = bid_in(session, challenge.id, "reserve")

    withdraw(session, gone)

    assert publicity.ended_at is None
    assert str(gone.id) not in {firm["bid_id"] for firm in challenge.outcome["reserve"]}
    assert len(challenge.outcome["reserve"]) == 1


def test_a_reserve_that_withdrew_is_passed_over_when_an_award_is_replaced(session: Session) -> None:
    publicity = make.noticed(3, is_over=True)
    withdraw(session, bid_in(session, publicity.challenge_id, "reserve"))
    left = bid_in(session, publicity.challenge_id, "reserve")
    (award,) = service.award_challenge(
        session, actor=officer().as_actor(), challenge_id=publicity.challenge_id, now=NOON
    )
    session.commit()

    fresh = make.confirm(make.replacement(award))

    assert fresh is not None
    assert [firm["bid_id"] for firm in fresh.content["winners"]] == [str(left.id)]


@pytest.mark.parametrize("state", ["selected", "reserve"])
def test_after_the_award_nobody_withdraws(session: Session, state: str) -> None:
    (award, *_rest) = make.awarded(2)

    with pytest.raises(Conflict, match="declined"):
        withdraw(session, bid_in(session, award.challenge_id, state))


def test_a_winner_of_a_race_with_an_award_declines_instead(session: Session) -> None:
    first, second = make.awarded(3, n_selected=2)
    make.confirm(make.replacement(first))

    with pytest.raises(Conflict, match="Decline the award"):
        withdraw(session, session.get_one(Bid, second.bid_id))


def test_a_replacement_in_a_race_that_withdraws_leaves_its_place_empty(session: Session) -> None:
    first, second = make.awarded(3, n_selected=2)
    publicity = make.confirm(make.replacement(first))
    assert publicity is not None
    moved = [firm["bid_id"] for firm in publicity.content["winners"] if firm["bid_id"] != str(second.bid_id)]

    query = sa.select(Bid).where(Bid.challenge_id == first.challenge_id)
    withdraw(session, next(bid for bid in session.scalars(query) if str(bid.id) in moved))

    challenge = session.get_one(Challenge, first.challenge_id)
    assert (challenge.state, second.state) == (PostingState.AWARDED, AwardState.CONFIRMED)
    assert session.scalar(sa.select(sa.func.count()).where(Publicity.ended_at.is_(None))) == 0


def test_withdrawing_needs_a_reason(session: Session) -> None:
    challenge = make.ranked(2)

    with pytest.raises(RuleViolation, match="why you withdraw"):
        withdraw(session, bid_in(session, challenge.id, "under_review"), reason=" ")


def test_nobody_withdraws_the_bid_of_another_firm(session: Session) -> None:
    challenge = make.ranked(2)

    with pytest.raises(NotFound):
        withdraw(
            session, bid_in(session, challenge.id, "under_review"),
            UserFactory(organization=OrganizationFactory(chip=True)),
        )  # fmt: skip


def test_a_reader_of_the_firm_withdraws_nothing(session: Session) -> None:
    challenge = make.ranked(2)
    bid = bid_in(session, challenge.id, "under_review")

    with pytest.raises(NotAllowed):
        withdraw(session, bid, member_of(session, bid, MemberRole.VIEWER))


@pytest.mark.real_clock
def test_a_winner_does_not_withdraw_beside_the_award(own_app: Flask, own_session: Session) -> None:
    publicity = make.noticed(2, is_over=True)
    challenge_id, bid = publicity.challenge_id, bid_in(own_session, publicity.challenge_id, "selected")
    person, user, bid_id = officer().as_actor(), member_of(own_session, bid).as_actor(), bid.id
    own_session.commit()

    refused = at_once(
        own_app,
        lambda session: service.award_challenge(session, actor=person, challenge_id=challenge_id, now=NOON),
        lambda session: service.withdraw_opened(session, actor=user, bid_id=bid_id, reason=REASON, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
