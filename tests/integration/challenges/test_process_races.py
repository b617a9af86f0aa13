"""Two people decide about a competition at the same moment: one wins, the other is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.challenges import service
from app.challenges.clock import database_now
from app.challenges.commands import ProposeExtension
from app.challenges.models import Challenge, ChallengeEdition, DeadlineExtension, Programme, Recommendation
from app.challenges.programme_content import filled_programme
from app.demands.workflow import PostingState
from tests.factories.accounts import UserFactory, officer, prefecture_officer
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory, prefecture_programme
from tests.factories.keys import three_keys
from tests.support.clock import NOON
from tests.support.process import CANCEL, OPINION, RESUME, SUSPEND, recommend, submitted
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.real_clock
MONTH = dt.timedelta(days=30)


def running(session: Session, left: dt.timedelta = MONTH) -> Challenge:
    row: Challenge = ChallengeFactory(bid_deadline_at=database_now(session) + left, question_deadline_at=None)
    session.commit()
    return row


def deciding(verb: Callable[..., object], row: Challenge, **given: object) -> Callable[[Session], object]:
    actor, challenge_id = officer().as_actor(), row.id
    return lambda s: verb(s, actor=actor, challenge_id=challenge_id, now=NOON, **given)


def test_a_rank_given_twice_at_once_is_given_once(own_app: Flask, own_session: Session) -> None:
    programme = prefecture_programme()
    rows = [submitted(programme=programme), submitted(programme=programme)]
    actor = prefecture_officer().as_actor()
    acts = [
        lambda s, one=row.id: service.recommend_challenge(
            s, actor=actor, challenge_id=one, command=recommend(1), now=NOON
        )
        for row in rows
    ]

    refused = at_once(own_app, *acts)

    assert outcomes(refused) == ["RuleViolation", "done"]
    assert len(own_session.scalars(select(Recommendation)).all()) == 1


def test_a_quota_is_not_overrun_by_two_at_once(own_app: Flask, own_session: Session) -> None:
    programme = prefecture_programme(quota={"default": 1})
    rows = [submitted(programme=programme), submitted(programme=programme)]
    actor = prefecture_officer().as_actor()
    acts = [
        lambda s, one=row.id: service.recommend_challenge(
            s, actor=actor, challenge_id=one, command=recommend(1), now=NOON
        )
        for row in rows
    ]

    assert outcomes(at_once(own_app, *acts)) == ["RuleViolation", "done"]


def test_of_two_who_suspend_one_wins(own_app: Flask, own_session: Session) -> None:
    row = running(own_session)

    refused = at_once(own_app, *(deciding(service.suspend_challenge, row, command=SUSPEND) for _ in range(2)))

    assert outcomes(refused) == ["Conflict", "done"]


def test_of_two_who_resume_one_adds_the_lost_time(own_app: Flask, own_session: Session) -> None:
    row = running(own_session)
    row.state, row.suspended_at = PostingState.SUSPENDED, database_now(own_session) - dt.timedelta(days=2)
    own_session.commit()
    before = row.bid_deadline_at

    refused = at_once(own_app, *(deciding(service.resume_challenge, row, command=RESUME) for _ in range(2)))

    own_session.refresh(row)
    assert outcomes(refused) == ["Conflict", "done"]
    assert row.bid_deadline_at is not None
    assert before is not None
    assert dt.timedelta(days=2) <= row.bid_deadline_at - before < dt.timedelta(days=2, minutes=5)
    assert len(own_session.scalars(select(ChallengeEdition)).all()) == 1


def test_of_suspension_and_cancellation_one_comes_first_and_both_hold(own_app: Flask, own_session: Session) -> None:
    row = running(own_session)
    row.cancel_requested_at = NOON
    own_session.commit()

    refused = at_once(
        own_app,
        deciding(service.suspend_challenge, row, command=SUSPEND),
        deciding(service.cancel_published, row, command=CANCEL),
    )

    own_session.refresh(row)
    assert row.state is PostingState.CANCELLED
    assert row.suspended_at is None
    assert outcomes(refused) in (["Conflict", "done"], ["done", "done"])


def test_two_who_confirm_the_same_time_move_the_deadline_once(own_app: Flask, own_session: Session) -> None:
    row = running(own_session)
    new = row.bid_deadline_at + MONTH  # type: ignore[operator]
    command = ProposeExtension("多家单位反映准备时间不足，延长。", new_deadline_at=new)
    proposal = service.propose_extension(
        own_session, actor=officer().as_actor(), challenge_id=row.id, command=command, now=NOON
    )
    own_session.commit()
    people, extension_id = [officer().as_actor(), officer().as_actor()], proposal.id

    refused = at_once(
        own_app,
        *(
            lambda s, who=person: service.confirm_extension(s, actor=who, extension_id=extension_id, now=NOON)
            for person in people
        ),
    )

    own_session.refresh(row)
    assert outcomes(refused) == ["Conflict", "done"]
    assert (row.bid_deadline_at, row.edition) == (new, 2)


def test_two_proposals_at_once_leave_one(own_app: Flask, own_session: Session) -> None:
    row = running(own_session)
    command = ProposeExtension(
        "多家单位反映准备时间不足，延长。",
        new_deadline_at=row.bid_deadline_at + MONTH,  # type: ignore[operator]
    )

    refused = at_once(own_app, *(deciding(service.propose_extension, row, command=command) for _ in range(2)))

    assert outcomes(refused) == ["Conflict", "done"]
    assert len(own_session.scalars(select(DeadlineExtension)).all()) == 1


def test_a_rule_changes_before_the_first_publication_or_not_at_all(own_app: Flask, own_session: Session) -> None:
    three_keys()
    programme: Programme = ProgrammeFactory()
    row = ChallengeFactory(
        submitted=True,
        programme=programme,
        bid_deadline_at=NOON + MONTH,
        question_deadline_at=NOON + dt.timedelta(days=20),
    )
    changed = replace(filled_programme(programme), pass_line=60)
    actor, programme_id = officer().as_actor(), programme.id

    refused = at_once(
        own_app,
        deciding(service.publish_challenge, row, command=OPINION),
        lambda s: service.save_programme(s, actor=actor, programme_id=programme_id, command=changed, now=NOON),
    )

    edition = own_session.scalars(select(ChallengeEdition)).one()
    own_session.refresh(programme)
    kept = edition.snapshot["document"]["public"]["programme"]["pass_line"]
    assert outcomes(refused) in (["RuleViolation", "done"], ["done", "done"])
    assert kept == programme.pass_line


def test_two_who_post_a_challenge_again_begin_one(own_app: Flask, own_session: Session) -> None:
    row = ChallengeFactory(closed=True, state=PostingState.NO_AWARD, outcome={"reasons": ["no_bid"]})
    owner, challenge_id = UserFactory(organization=row.organization).as_actor(), row.id
    acts = [lambda s: service.relist_challenge(s, actor=owner, challenge_id=challenge_id, now=NOON)] * 2

    refused = at_once(own_app, *acts)

    assert outcomes(refused) == ["Conflict", "done"]
    assert len(own_session.scalars(select(Challenge).where(Challenge.parent_id == challenge_id)).all()) == 1
