"""The owner's prefecture checks a challenge before the province sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.challenges import service
from app.challenges.labels import CHECKLIST
from app.challenges.models import Challenge, ChallengeStep, Recommendation
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.commands import ReviewPosting
from app.demands.workflow import PostingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer, operator, prefecture_officer
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory, prefecture_programme
from tests.support.clock import NOON
from tests.support.process import DAY, OPINION, recommend, submitted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def give(session: Session, row: Challenge, rank: int = 1, **changes: Any) -> Recommendation:
    actor = changes.pop("actor", None) or prefecture_officer().as_actor()
    command = recommend(rank, **changes)
    done = service.recommend_challenge(session, actor=actor, challenge_id=row.id, command=command, now=NOON)
    session.commit()
    return done


def test_a_recommended_challenge_goes_on_to_the_province(session: Session) -> None:
    row = submitted()

    word = give(session, row, rank=2)

    step = session.scalars(select(ChallengeStep)).one()
    assert (row.state, word.body, word.rank) == (PostingState.RECOMMENDED, "440300", 2)
    assert (step.event, step.capacity, set(step.checklist)) == ("recommend", "prefecture_authority", set(CHECKLIST))
    assert session.scalars(select(AuditEvent)).one().action == "challenge.recommend"
    assert [job.kind for job in session.scalars(select(Job))] == ["challenge.recommended"]


@pytest.mark.parametrize("missing", CHECKLIST)
def test_every_point_of_the_check_list_counts(session: Session, missing: str) -> None:
    points = tuple(set(CHECKLIST) - {missing})

    with pytest.raises(RuleViolation, match="check list"):
        give(session, submitted(), checklist=points)


def test_another_city_does_not_know_of_it(session: Session) -> None:
    with pytest.raises(NotFound):
        give(session, submitted(), actor=prefecture_officer("441300").as_actor())


@pytest.mark.parametrize("who", [officer, operator])
def test_nobody_but_the_prefecture_recommends(session: Session, who: Any) -> None:
    with pytest.raises(NotAllowed):
        give(session, submitted(), actor=who().as_actor())


def test_where_a_programme_asks_no_prefecture_there_is_nothing_to_recommend(session: Session) -> None:
    with pytest.raises(Conflict, match="asks no prefecture"):
        give(session, ChallengeFactory(submitted=True))


def test_what_was_recommended_is_not_recommended_again(session: Session) -> None:
    row = submitted()
    give(session, row)

    with pytest.raises(Conflict):
        give(session, row, rank=2)


def test_a_city_recommends_no_more_than_its_quota(session: Session) -> None:
    programme = prefecture_programme(quota={"default": 5, "440300": 1})
    give(session, submitted(programme=programme))

    with pytest.raises(RuleViolation, match="quota"):
        give(session, submitted(programme=programme), rank=1)


def test_the_quota_of_another_city_is_not_touched(session: Session) -> None:
    programme = prefecture_programme(quota={"default": 1})
    give(session, submitted(programme=programme))
    other = submitted(programme=programme, organization__city_code="441300")

    word = give(session, other, actor=prefecture_officer("441300").as_actor())

    assert word.body == "441300"


@pytest.mark.parametrize("rank", [0, -1, 4])
def test_a_rank_lies_within_the_quota(session: Session, rank: int) -> None:
    row = submitted(programme=prefecture_programme(quota={"440300": 3}))

    with pytest.raises(RuleViolation, match="rank"):
        give(session, row, rank=rank)


def test_a_rank_is_given_once(session: Session) -> None:
    programme = prefecture_programme()
    give(session, submitted(programme=programme), rank=1)

    with pytest.raises(RuleViolation, match="this rank"):
        give(session, submitted(programme=programme), rank=1)


def test_what_the_province_returns_frees_rank_and_quota(session: Session) -> None:
    programme = prefecture_programme(quota={"440300": 1})
    row = submitted(programme=programme)
    give(session, row)
    service.return_challenge(session, actor=officer().as_actor(), challenge_id=row.id, command=OPINION, now=NOON)
    session.commit()

    word = give(session, submitted(programme=programme))

    assert (row.state, word.rank) == (PostingState.RETURNED, 1)


def test_a_prefecture_returns_a_challenge_with_its_opinion(session: Session) -> None:
    row = submitted()

    service.return_by_prefecture(
        session, actor=prefecture_officer().as_actor(), challenge_id=row.id, command=OPINION, now=NOON
    )
    session.commit()

    assert (row.state, row.n_returns, row.review_opinion) == (PostingState.RETURNED, 1, OPINION.opinion)
    assert [job.kind for job in session.scalars(select(Job))] == ["need.returned"]


def test_a_prefecture_returns_a_challenge_twice_at_most(session: Session) -> None:
    row = submitted(n_returns=2)

    with pytest.raises(Conflict, match="twice"):
        service.return_by_prefecture(
            session, actor=prefecture_officer().as_actor(), challenge_id=row.id, command=OPINION, now=NOON
        )


def test_what_was_changed_meanwhile_is_read_again_first(session: Session) -> None:
    row = submitted()

    with pytest.raises(Conflict, match="changed"):
        give(session, row, version=row.version - 1)


def test_while_the_prefecture_has_time_the_province_waits(session: Session) -> None:
    row = submitted()

    with pytest.raises(Conflict, match="five working days"):
        service.return_challenge(session, actor=officer().as_actor(), challenge_id=row.id, command=OPINION, now=NOON)


def test_after_five_working_days_of_silence_the_province_goes_on_by_itself_and_nothing_else_happens(
    session: Session,
) -> None:
    row = submitted(programme=ProgrammeFactory(requires_recommendation=True), submitted_at=NOON - 10 * DAY)
    before = row.state

    service.approve_challenge(session, actor=officer().as_actor(), challenge_id=row.id, command=OPINION, now=NOON)

    assert (before, row.state) == (PostingState.SUBMITTED, PostingState.APPROVED)


def test_an_empty_opinion_is_none(session: Session) -> None:
    row = submitted()

    with pytest.raises(RuleViolation, match="opinion"):
        service.return_by_prefecture(
            session,
            actor=prefecture_officer().as_actor(),
            challenge_id=row.id,
            command=ReviewPosting(""),
            now=NOON,
        )


def test_a_member_of_a_company_recommends_nothing(session: Session) -> None:
    row = submitted()

    with pytest.raises(NotAllowed):
        give(session, row, actor=UserFactory(organization=row.organization).as_actor())
