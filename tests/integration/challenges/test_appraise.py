"""Experts appraise, the province decides, the owner may ask once more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.challenges import service
from app.challenges.appraisals import latest_appraisal
from app.challenges.commands import PanelMember
from app.challenges.models import Challenge
from app.core.actor import Actor
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.commands import ReviewPosting
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer, operator
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.process import DAY, MINUTES, OPINION, PANEL, appraising, conclude, in_state

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def owner(row: Challenge) -> Actor:
    return UserFactory(organization=row.organization).as_actor()


def call(session: Session, row: Challenge, panel: tuple[PanelMember, ...] = PANEL) -> None:
    service.start_appraisal(session, actor=officer().as_actor(), challenge_id=row.id, panel=panel, now=NOON)
    session.commit()


def test_three_experts_begin_an_appraisal(session: Session) -> None:
    row = in_state(PostingState.RECOMMENDED)

    call(session, row)

    found = latest_appraisal(session, row.id)
    assert row.state is PostingState.APPRAISING
    assert found is not None
    assert [expert["name"] for expert in found.panel] == ["专家0", "专家1", "专家2"]


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        (PANEL[:2], "at least three"),
        ((*PANEL[:2], PANEL[0]), "at least three"),
        ((*PANEL, replace(PANEL[0], name="丁", is_free_of_conflict=False)), "conflict"),
        ((*PANEL, replace(PANEL[0], organization="")), "Name every expert"),
    ],
)
def test_a_panel_that_cannot_judge_is_refused(session: Session, panel: tuple[PanelMember, ...], message: str) -> None:
    with pytest.raises(RuleViolation, match=message):
        call(session, in_state(PostingState.RECOMMENDED), panel)


def test_an_expert_of_the_owner_is_refused(session: Session) -> None:
    row = in_state(PostingState.RECOMMENDED)
    inside = replace(PANEL[0], organization=row.organization.legal_name_zh)

    with pytest.raises(RuleViolation, match="works for the owner"):
        call(session, row, (*PANEL, inside))


def test_the_operator_calls_nobody(session: Session) -> None:
    row = in_state(PostingState.RECOMMENDED)

    with pytest.raises(NotAllowed):
        service.start_appraisal(session, actor=operator().as_actor(), challenge_id=row.id, panel=PANEL, now=NOON)


def test_a_conclusion_keeps_its_minutes(session: Session) -> None:
    row = appraising(started_by=officer().id)

    found = service.conclude_appraisal(
        session, actor=officer().as_actor(), challenge_id=row.id, command=conclude("adequate"), now=NOON
    )
    session.commit()

    assert (found.conclusion, found.minutes, found.concluded_at) == ("adequate", MINUTES, NOON)
    assert session.scalars(select(AuditEvent)).one().details["conclusion"] == "adequate"


@pytest.mark.parametrize(
    ("conclusion", "changes", "field"),
    [
        ("", {}, "conclusion"),
        ("splendid", {}, "conclusion"),
        ("adequate", {"minutes": "同意"}, "minutes"),
        ("merge", {"duplicate_of": "CH1999-001"}, "duplicate_of"),
    ],
)
def test_a_conclusion_that_says_nothing_is_refused(
    session: Session, conclusion: str, changes: dict[str, str], field: str
) -> None:
    row = appraising(started_by=officer().id)

    with pytest.raises(RuleViolation) as refused:
        service.conclude_appraisal(
            session, actor=officer().as_actor(), challenge_id=row.id, command=conclude(conclusion, **changes), now=NOON
        )

    assert refused.value.field == field


def test_what_was_concluded_is_not_concluded_again(session: Session) -> None:
    row = appraising("adequate", started_by=officer().id)

    with pytest.raises(Conflict, match="already"):
        service.conclude_appraisal(
            session, actor=officer().as_actor(), challenge_id=row.id, command=conclude("inadequate"), now=NOON
        )


def test_a_merger_is_proposed_to_the_owner(session: Session) -> None:
    row, other = appraising(started_by=officer().id), ChallengeFactory()

    found = service.conclude_appraisal(
        session,
        actor=officer().as_actor(),
        challenge_id=row.id,
        command=conclude("merge", duplicate_of=other.code),
        now=NOON,
    )
    session.commit()

    assert found.duplicate_of == other.id
    assert [job.kind for job in session.scalars(select(Job))] == ["challenge.merge_proposed"]


@pytest.mark.parametrize(
    ("accepts", "state", "answer"),
    [(True, PostingState.REJECTED, "accepted"), (False, PostingState.APPRAISING, "declined")],
)
def test_the_owner_answers_a_merger(session: Session, accepts: bool, state: PostingState, answer: str) -> None:
    row = appraising("merge", started_by=officer().id, duplicate_of=ChallengeFactory().id)

    found = service.answer_merge(session, actor=owner(row), challenge_id=row.id, accepts=accepts, now=NOON)
    session.commit()

    assert (row.state, found.merge_answer) == (state, answer)


def test_a_merger_is_answered_once(session: Session) -> None:
    row = appraising("merge", started_by=officer().id, duplicate_of=ChallengeFactory().id, merge_answer="declined")

    with pytest.raises(Conflict):
        service.answer_merge(session, actor=owner(row), challenge_id=row.id, accepts=True, now=NOON)


def test_another_company_answers_no_merger(session: Session) -> None:
    row = appraising("merge", started_by=officer().id, duplicate_of=ChallengeFactory().id)
    stranger = owner(ChallengeFactory())

    with pytest.raises(Exception, match="no such challenge"):
        service.answer_merge(session, actor=stranger, challenge_id=row.id, accepts=True, now=NOON)


def test_what_can_be_bought_becomes_a_draft_of_a_need(session: Session) -> None:
    row = appraising("buyable", started_by=officer().id)

    need = service.convert_to_need(session, actor=officer().as_actor(), challenge_id=row.id, now=NOON)
    session.commit()

    assert row.state is PostingState.REJECTED
    assert (need.state, need.organization_id, need.title) == (PostingState.DRAFT, row.organization_id, row.title)
    assert session.scalar(select(Need.kind).where(Need.id == need.id)) == "need"


def test_what_cannot_be_bought_is_not_converted(session: Session) -> None:
    row = appraising("adequate", started_by=officer().id)

    with pytest.raises(Conflict):
        service.convert_to_need(session, actor=officer().as_actor(), challenge_id=row.id, now=NOON)


def reject(session: Session, row: Challenge, at: dt.datetime = NOON) -> None:
    service.reject_challenge(session, actor=officer().as_actor(), challenge_id=row.id, command=OPINION, now=at)
    session.commit()


def test_a_rejection_needs_its_reasons(session: Session) -> None:
    row = appraising("inadequate", started_by=officer().id)

    with pytest.raises(RuleViolation):
        service.reject_challenge(
            session, actor=officer().as_actor(), challenge_id=row.id, command=ReviewPosting(""), now=NOON
        )


def test_the_owner_of_a_rejected_challenge_asks_once_more_and_experts_are_called_again(session: Session) -> None:
    row = appraising("inadequate", started_by=officer().id)
    reject(session, row)

    service.ask_reconsideration(
        session, actor=owner(row), challenge_id=row.id, reason="补充了第三方检索报告。", now=NOON + DAY
    )
    session.commit()
    call(session, row)

    found = latest_appraisal(session, row.id)
    assert row.state is PostingState.APPRAISING
    assert found is not None
    assert (found.conclusion, len(found.panel)) == ("", 3)


def test_nobody_asks_a_third_time(session: Session) -> None:
    row = appraising("inadequate", started_by=officer().id)
    reject(session, row)
    service.ask_reconsideration(session, actor=owner(row), challenge_id=row.id, reason="请再看一次。", now=NOON)
    call(session, row)
    service.conclude_appraisal(
        session,
        actor=officer().as_actor(),
        challenge_id=row.id,
        command=conclude("inadequate"),
        now=NOON + dt.timedelta(minutes=1),
    )
    reject(session, row, NOON + dt.timedelta(minutes=2))

    with pytest.raises(Conflict, match="second time"):
        service.ask_reconsideration(session, actor=owner(row), challenge_id=row.id, reason="再看一次。", now=NOON + DAY)


def test_after_five_working_days_nobody_asks_once_more(session: Session) -> None:
    row = appraising("inadequate", started_by=officer().id)
    reject(session, row)

    with pytest.raises(RuleViolation, match="passed"):
        service.ask_reconsideration(
            session, actor=owner(row), challenge_id=row.id, reason="请再看一次。", now=NOON + 8 * DAY
        )


def test_a_merged_challenge_is_not_reconsidered(session: Session) -> None:
    row = appraising("merge", started_by=officer().id, duplicate_of=ChallengeFactory().id)
    service.answer_merge(session, actor=owner(row), challenge_id=row.id, accepts=True, now=NOON)

    with pytest.raises(RuleViolation):
        service.ask_reconsideration(session, actor=owner(row), challenge_id=row.id, reason="反悔。", now=NOON)


def test_without_a_conclusion_nothing_is_decided(session: Session) -> None:
    row = appraising(started_by=officer().id)

    with pytest.raises(Conflict, match="not been concluded"):
        reject(session, row)
