"""The authority publishes or returns; the clock closes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.challenges import service
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.challenges.service.review import next_code
from app.core.actor import SYSTEM, Actor
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.commands import ReviewPosting
from app.demands.workflow import PostingState
from app.outbox.models import Job
from app.search.queries import matching_ids
from tests.factories.accounts import UserFactory, officer, operator
from tests.factories.challenges import ChallengeFactory
from tests.factories.keys import three_keys
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OPINION = ReviewPosting("需求真实，指标可测。")


@pytest.fixture(autouse=True)
def _holders(session: Session) -> None:
    """Let there be people for whom bids can be locked; without them nothing is published."""
    three_keys()


def publish(session: Session, row: Challenge, actor: Actor | None = None) -> Challenge:
    authority = actor or officer().as_actor()
    done = service.publish_challenge(session, actor=authority, challenge_id=row.id, command=OPINION, now=NOON)
    session.commit()
    return done


def test_publication_gives_a_number_and_tells_everybody(session: Session) -> None:
    row = publish(session, ChallengeFactory(submitted=True))

    jobs = {job.kind: job for job in session.scalars(select(Job))}
    assert (row.state, row.published_at, row.edition) == (PostingState.PUBLISHED, NOON, 1)
    assert re.fullmatch(r"CH2026-\d{3}", row.code or "")
    assert set(jobs) == {"challenge.published", "challenge.listed", "need.changed", "challenges.close_due"}
    assert jobs["challenges.close_due"].run_at == row.bid_deadline_at


def test_publication_is_on_record_with_the_opinion(session: Session) -> None:
    authority = officer().as_actor()

    publish(session, ChallengeFactory(submitted=True), authority)

    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.actor_id) == ("challenge.publish", authority.user_id)
    assert event.details["opinion"] == OPINION.opinion


def test_a_published_challenge_is_found_by_its_public_words(session: Session) -> None:
    row = publish(session, ChallengeFactory(submitted=True, pin_compat_with="Kestmoor"))

    by_indicator, by_secret = (
        matching_ids(session, "challenge", "菊花链"),
        matching_ids(session, "challenge", "Kestmoor"),
    )
    assert by_indicator is not None
    assert by_secret is not None
    assert session.scalars(by_indicator).all() == [row.id]
    assert session.scalars(by_secret).all() == []


def test_too_little_time_for_bidders_stops_the_publication(session: Session) -> None:
    row = ChallengeFactory(submitted=True, bid_deadline_at=NOON + dt.timedelta(days=19), question_deadline_at=None)

    with pytest.raises(RuleViolation, match="less time"):
        publish(session, row)
    session.rollback()

    assert (row.state, row.code) == (PostingState.SUBMITTED, None)
    assert session.scalars(select(Job)).all() == []


def test_a_returned_challenge_says_why(session: Session) -> None:
    row = ChallengeFactory(submitted=True)

    service.return_challenge(
        session, actor=officer().as_actor(), challenge_id=row.id, command=ReviewPosting("指标不可测。"), now=NOON
    )
    session.commit()

    assert (row.state, row.n_returns, row.review_opinion) == (PostingState.RETURNED, 1, "指标不可测。")
    assert session.scalars(select(Job.kind)).all() == ["need.returned"]
    assert session.scalars(select(AuditEvent.action)).all() == ["challenge.return"]


def test_a_decision_without_an_opinion_is_none(session: Session) -> None:
    row = ChallengeFactory(submitted=True)

    with pytest.raises(RuleViolation):
        service.return_challenge(
            session, actor=officer().as_actor(), challenge_id=row.id, command=ReviewPosting(""), now=NOON
        )


def test_the_operator_does_not_decide(session: Session) -> None:
    with pytest.raises(NotAllowed):
        publish(session, ChallengeFactory(submitted=True), operator().as_actor())


def test_the_company_does_not_publish_its_own_challenge(session: Session) -> None:
    row = ChallengeFactory(submitted=True)

    with pytest.raises(NotAllowed):
        publish(session, row, UserFactory(organization=row.organization).as_actor())


@pytest.mark.parametrize("given", [{}, {"closed": True}])
def test_what_was_decided_is_not_decided_again(session: Session, given: dict[str, bool]) -> None:
    with pytest.raises(Conflict):
        publish(session, ChallengeFactory(**given))


def test_the_officer_decides_on_the_text_that_was_read(session: Session) -> None:
    row = ChallengeFactory(submitted=True)
    stale = ReviewPosting("同意。", version=row.version - 1)

    with pytest.raises(Conflict, match="changed since"):
        service.publish_challenge(session, actor=officer().as_actor(), challenge_id=row.id, command=stale, now=NOON)


def test_numbers_count_up_within_a_year(session: Session) -> None:
    assert [next_code(session, NOON) for _ in range(2)] == ["CH2026-001", "CH2026-002"]


def test_numbers_that_data_brought_along_are_passed_over(session: Session) -> None:
    ChallengeFactory(code="CH2026-041")

    assert next_code(session, NOON) == "CH2026-042"


def test_the_year_of_a_number_is_that_of_beijing(session: Session) -> None:
    new_year = dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)

    assert next_code(session, new_year) == "CH2027-001"


def test_numbers_beyond_999_grow(session: Session) -> None:
    ChallengeFactory(code="CH2026-999")

    assert [next_code(session, NOON) for _ in range(2)] == ["CH2026-1000", "CH2026-1001"]


@pytest.mark.real_clock
def test_the_clock_of_the_database_closes_what_is_due(session: Session) -> None:
    now = database_now(session)
    second = dt.timedelta(seconds=1)
    due = ChallengeFactory(bid_deadline_at=now - second, question_deadline_at=None)
    early = ChallengeFactory(bid_deadline_at=now + dt.timedelta(hours=1), question_deadline_at=None)
    draft = ChallengeFactory(draft=True, bid_deadline_at=now - second, question_deadline_at=None)

    closed = service.close_due_challenges(session, NOON)
    session.commit()

    assert closed == 1
    assert [due.state, early.state, draft.state] == [
        PostingState.CLOSED, PostingState.PUBLISHED, PostingState.DRAFT,
    ]  # fmt: skip
    assert due.closed_at == due.bid_deadline_at


def test_closing_is_on_record_as_done_by_nobody_and_ends_the_matching(session: Session) -> None:
    due = ChallengeFactory(bid_deadline_at=database_now(session), question_deadline_at=None)

    service.close_due_challenges(session, NOON)
    session.commit()

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "challenge.close")).one()
    assert event.actor_id == SYSTEM.user_id
    assert {(job.kind, job.payload["need_id"]) for job in session.scalars(select(Job))} == {
        ("challenge.keys_needed", str(due.id)),
        ("need.changed", str(due.id)),
    }


def test_closing_again_changes_nothing(session: Session) -> None:
    ChallengeFactory(bid_deadline_at=database_now(session), question_deadline_at=None)
    service.close_due_challenges(session, NOON)
    session.commit()

    assert service.close_due_challenges(session, NOON) == 0
