"""From the ranking to the award: two people, a public notice, and what becomes of every bid."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.awards import service
from app.awards.commands import Outcome, ProposeAward
from app.awards.models import Award, AwardProposal, Publicity
from app.awards.workflow import ProposalState
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingMode, PostingState
from tests.factories import awards as make
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes
from tests.support.reading import tells

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def states(session: Session, challenge_id: Any) -> list[str]:
    query = sa.select(Bid.state).where(Bid.challenge_id == challenge_id)
    return sorted(state.value for state in session.scalars(query))


def test_the_owner_proposes_what_the_ranking_suggests(session: Session) -> None:
    proposal = make.proposed(3, n_below=1)

    assert [verdict.outcome for verdict in proposal.verdicts] == [
        Outcome.SELECTED,
        Outcome.RESERVE,
        Outcome.NOT_SELECTED,
    ]


def test_nothing_is_proposed_before_there_is_a_ranking(session: Session) -> None:
    challenge = make.ranked(2)
    session.execute(sa.text("DELETE FROM review_entries"))
    session.execute(sa.text("DELETE FROM review_panels"))
    session.commit()

    with pytest.raises(RuleViolation, match="not finished"):
        service.propose_award(
            session,
            actor=make.owner_of(challenge).as_actor(),
            challenge_id=challenge.id,
            command=ProposeAward((), make.REASONS),
            now=NOON,
        )


def test_another_company_proposes_nothing(session: Session) -> None:
    challenge = make.ranked(2)

    with pytest.raises(NotAllowed):
        service.propose_award(
            session,
            actor=UserFactory(organization=OrganizationFactory(chip=True)).as_actor(),
            challenge_id=challenge.id,
            command=make.as_ranked(challenge),
            now=NOON,
        )


def test_one_proposal_waits_at_a_time(session: Session) -> None:
    proposal = make.proposed()
    challenge = session.get_one(Challenge, proposal.challenge_id)

    with pytest.raises(Conflict):
        service.propose_award(
            session,
            actor=make.owner_of(challenge).as_actor(),
            challenge_id=challenge.id,
            command=make.as_ranked(challenge),
            now=NOON,
        )


def test_confirming_begins_the_notice_and_settles_every_bid(session: Session) -> None:
    publicity = make.noticed(3, n_below=1)

    challenge = session.get_one(Challenge, publicity.challenge_id)
    assert challenge.state is PostingState.PUBLICITY
    assert states(session, challenge.id) == ["not_selected", "reserve", "selected"]
    assert publicity.ends_at == add_working_days(NOON, 5)
    assert publicity.number == f"{challenge.code}-N1"


def test_a_notice_tells_names_and_never_prices(session: Session) -> None:
    publicity = make.noticed(2)

    told = str(publicity.content)
    assert publicity.content["winners"][0]["name"]
    assert not tells(told, "1200")
    assert "price" not in told


def test_nobody_confirms_an_own_proposal(session: Session) -> None:
    challenge = make.ranked(2, mode=PostingMode.GOVERNMENT_TASK)
    person = officer()
    proposal = service.propose_award(
        session, actor=person.as_actor(), challenge_id=challenge.id, command=make.as_ranked(challenge), now=NOON
    )

    with pytest.raises(NotAllowed, match="Another officer"):
        service.confirm_proposal(session, actor=person.as_actor(), proposal_id=proposal.id, opinion="", now=NOON)


def test_a_returned_proposal_leaves_the_bids_alone_and_another_round_is_possible(session: Session) -> None:
    proposal = make.proposed(2)
    challenge = session.get_one(Challenge, proposal.challenge_id)

    service.return_proposal(
        session, actor=officer().as_actor(), proposal_id=proposal.id, opinion="请补充第二名的理由说明。", now=NOON
    )
    again = service.propose_award(
        session,
        actor=make.owner_of(challenge).as_actor(),
        challenge_id=challenge.id,
        command=make.as_ranked(challenge),
        now=NOON,
    )

    assert (proposal.state, again.round) == (ProposalState.RETURNED, 2)
    assert states(session, challenge.id) == ["under_review", "under_review"]


def test_a_proposal_is_not_returned_without_a_word(session: Session) -> None:
    proposal = make.proposed(2)

    with pytest.raises(RuleViolation, match="why it is returned"):
        service.return_proposal(session, actor=officer().as_actor(), proposal_id=proposal.id, opinion=" ", now=NOON)


def award(session: Session, publicity: Publicity, person: Any = None) -> list[Award]:
    actor = (person or officer()).as_actor()
    return service.award_challenge(session, actor=actor, challenge_id=publicity.challenge_id, now=NOON)


def test_nothing_is_awarded_while_the_notice_runs(session: Session) -> None:
    with pytest.raises(RuleViolation, match="not over yet"):
        award(session, make.noticed())


def test_a_notice_that_ends_this_very_moment_is_over(session: Session) -> None:
    publicity = make.noticed()
    publicity.starts_at, publicity.ends_at = NOON - dt.timedelta(days=7), NOON
    session.commit()

    assert len(award(session, publicity)) == 1


def test_nothing_is_awarded_one_millisecond_before_its_end(session: Session) -> None:
    publicity = make.noticed()
    publicity.starts_at, publicity.ends_at = NOON - dt.timedelta(days=7), NOON + dt.timedelta(milliseconds=1)
    session.commit()

    with pytest.raises(RuleViolation, match="not over yet"):
        award(session, publicity)


def test_the_award_goes_to_every_selected_bid_of_a_race(session: Session) -> None:
    publicity = make.noticed(3, n_selected=2, is_over=True, is_race=True)

    awards = award(session, publicity)

    challenge = session.get_one(Challenge, publicity.challenge_id)
    assert [one.number for one in awards] == [f"{challenge.code}-A1", f"{challenge.code}-A2"]
    assert challenge.state is PostingState.AWARDED
    assert publicity.ended_at == NOON
    assert session.scalar(sa.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1)) == "award.make"


def test_nobody_but_the_authority_makes_an_award(session: Session) -> None:
    publicity = make.noticed(is_over=True)
    challenge = session.get_one(Challenge, publicity.challenge_id)

    with pytest.raises(NotAllowed):
        award(session, publicity, make.owner_of(challenge))


def test_an_award_is_made_once(session: Session) -> None:
    publicity = make.noticed(is_over=True)
    award(session, publicity)

    with pytest.raises(Conflict):
        award(session, publicity)


@pytest.mark.real_clock
def test_of_two_officers_who_award_at_once_one_is_told_that_it_is_done(own_app: Flask, own_session: Session) -> None:
    publicity = make.noticed(is_over=True)
    challenge_id, people = publicity.challenge_id, [officer().as_actor(), officer().as_actor()]

    refused = at_once(
        own_app,
        *(
            lambda session, one=one: service.award_challenge(session, actor=one, challenge_id=challenge_id, now=NOON)
            for one in people
        ),
    )

    assert outcomes(refused) == ["Conflict", "done"]


@pytest.mark.real_clock
def test_of_two_proposals_at_once_one_stands(own_app: Flask, own_session: Session) -> None:
    challenge = make.ranked(2)
    command, challenge_id = make.as_ranked(challenge), challenge.id
    people = [make.owner_of(challenge).as_actor(), make.owner_of(challenge).as_actor()]

    refused = at_once(
        own_app,
        *(
            lambda session, one=one: service.propose_award(
                session, actor=one, challenge_id=challenge_id, command=command, now=NOON
            )
            for one in people
        ),
    )

    assert outcomes(refused) == ["Conflict", "done"]


@pytest.mark.real_clock
def test_a_proposal_is_not_both_confirmed_and_returned(own_app: Flask, own_session: Session) -> None:
    proposal_id = make.proposed(2).id
    people = [officer().as_actor(), officer().as_actor()]

    refused = at_once(
        own_app,
        lambda session: service.confirm_proposal(
            session, actor=people[0], proposal_id=proposal_id, opinion="", now=NOON
        ),
        lambda session: service.return_proposal(
            session, actor=people[1], proposal_id=proposal_id, opinion="请补充第二名的理由说明。", now=NOON
        ),
    )

    assert outcomes(refused) == ["Conflict", "done"]


def test_two_people_are_a_rule_of_the_database(session: Session) -> None:
    proposal = make.proposed(2)

    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(AwardProposal).values(confirmed_by=proposal.proposed_by))
