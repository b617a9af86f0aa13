"""Beginning, saving, handing in and taking back a challenge."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.challenges import service
from app.challenges.commands import Payment
from app.challenges.content import filled
from app.challenges.models import Challenge
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingMode, PostingState
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory
from tests.support.challenges import challenge, kpi, need
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

SOON = NOON + dt.timedelta(days=19)


def editor(row: Challenge | None = None, **attributes: Any) -> Actor:
    company = row.organization if row else OrganizationFactory(terminal=True)
    actor: Actor = UserFactory(organization=company, **attributes).as_actor()
    return actor


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_new_challenge_is_a_draft_of_the_company(session: Session) -> None:
    actor, programme = editor(), ProgrammeFactory()

    row = service.create_challenge(session, actor=actor, command=challenge(programme_id=programme.id), now=NOON)
    session.commit()

    assert (row.state, row.organization_id, row.code) == (PostingState.DRAFT, actor.organization_id, None)
    assert [one.code for one in row.kpis] == ["K01", "K02", "K03", "K04", "K05"]
    assert actions(session) == ["challenge.create"]


def test_what_was_saved_comes_back_as_it_was_typed(session: Session) -> None:
    given = challenge(programme_id=ProgrammeFactory().id)

    row = service.create_challenge(session, actor=editor(), command=given, now=NOON)
    session.commit()

    stored = filled(row)
    assert replace(stored, kpis=(), need=replace(stored.need, version=None)) == replace(given, kpis=())
    assert [replace(one, id=None) for one in stored.kpis] == list(given.kpis)


def test_the_mode_is_that_of_the_programme(session: Session) -> None:
    task = ProgrammeFactory(mode=PostingMode.GOVERNMENT_TASK)

    row = service.create_challenge(session, actor=editor(), command=challenge(programme_id=task.id), now=NOON)

    assert row.mode is PostingMode.GOVERNMENT_TASK


def test_a_programme_that_is_shut_takes_no_challenge(session: Session) -> None:
    shut = ProgrammeFactory(is_open=False)

    with pytest.raises(RuleViolation, match="takes no challenges"):
        service.create_challenge(session, actor=editor(), command=challenge(programme_id=shut.id), now=NOON)


def test_a_challenge_whose_programme_was_shut_meanwhile_is_still_edited_under_another(session: Session) -> None:
    row = ChallengeFactory(draft=True)
    other = ProgrammeFactory()

    saved = service.save_challenge(
        session, actor=editor(row), challenge_id=row.id, command=challenge(programme_id=other.id), now=NOON
    )

    assert saved.programme_id == other.id


@pytest.mark.parametrize(
    ("company", "role"),
    [({"chip": True}, MemberRole.OWNER), ({"terminal": True}, MemberRole.VIEWER)],
)
def test_only_editors_of_terminal_makers_begin(session: Session, company: dict[str, bool], role: MemberRole) -> None:
    actor = UserFactory(organization=OrganizationFactory(**company), role=role).as_actor()

    with pytest.raises(NotAllowed):
        service.create_challenge(session, actor=actor, command=challenge(programme_id=None), now=NOON)


def test_saving_keeps_the_indicators_that_stayed_and_numbers_them_anew(session: Session) -> None:
    row = ChallengeFactory(draft=True)
    first, *_, last = filled(row).kpis
    command = replace(filled(row), kpis=(last, kpi(name="均衡电流"), first))

    service.save_challenge(session, actor=editor(row), challenge_id=row.id, command=command, now=NOON)
    session.commit()

    assert [one.code for one in row.kpis] == ["K01", "K02", "K03"]
    assert [row.kpis[0].id, row.kpis[2].id] == [last.id, first.id]
    assert actions(session) == ["challenge.edit"]


def test_the_indicator_of_another_challenge_cannot_be_taken_over(session: Session) -> None:
    row, other = ChallengeFactory(draft=True), ChallengeFactory(draft=True)
    stranger = other.kpis[0].id

    service.save_challenge(
        session,
        actor=editor(row),
        challenge_id=row.id,
        command=challenge(programme_id=row.programme_id, kpis=(kpi(id=stranger),)),
        now=NOON,
    )
    session.commit()

    assert row.kpis[0].id != stranger
    assert other.kpis[0].id == stranger


def test_of_two_editors_the_later_is_told(session: Session) -> None:
    row = ChallengeFactory(draft=True)
    seen = filled(row)
    actor = editor(row)
    service.save_challenge(session, actor=actor, challenge_id=row.id, command=seen, now=NOON + dt.timedelta(seconds=1))
    session.commit()

    with pytest.raises(Conflict):
        service.save_challenge(session, actor=actor, challenge_id=row.id, command=seen, now=NOON)


@pytest.mark.parametrize("trait", ["submitted", "closed"])
def test_what_was_handed_in_cannot_be_changed(session: Session, trait: str) -> None:
    row = ChallengeFactory(**{trait: True})

    with pytest.raises(NotAllowed):
        service.save_challenge(session, actor=editor(row), challenge_id=row.id, command=filled(row), now=NOON)


def test_the_draft_of_another_company_does_not_exist(session: Session) -> None:
    row = ChallengeFactory(draft=True)

    with pytest.raises(NotFound):
        service.save_challenge(session, actor=editor(), challenge_id=row.id, command=filled(row), now=NOON)


def test_handing_in_notes_the_time_and_who_did_it(session: Session) -> None:
    row = ChallengeFactory(draft=True)
    actor = editor(row)

    service.submit_challenge(session, actor=actor, challenge_id=row.id, now=NOON)
    session.commit()

    assert (row.state, row.submitted_at) == (PostingState.SUBMITTED, NOON)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.actor_id) == ("challenge.submit", actor.user_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"background": "太短"}, "background"),
        ({"bid_deadline_at": SOON, "question_deadline_at": SOON - dt.timedelta(days=1)}, "bid_deadline_at"),
        (
            {"payment_plan": [{"milestone": "启动", "percent": 60}, {"milestone": "验收", "percent": 40}]},
            "payment_plan",
        ),
        ({"max_members": 9}, "max_members"),
        ({"question_deadline_at": NOON - dt.timedelta(days=1)}, "question_deadline_at"),
        ({"sample_by": dt.date(2026, 11, 1)}, "sample_by"),
        ({"owner_cash_wan": Decimal(1)}, "reward_total_wan"),
        ({"programme": None}, "programme_id"),
    ],
)
def test_what_breaks_a_rule_stays_a_draft(session: Session, changes: dict[str, Any], field: str) -> None:
    row = ChallengeFactory(draft=True, **changes)

    with pytest.raises(RuleViolation) as refusal:
        service.submit_challenge(session, actor=editor(row), challenge_id=row.id, now=NOON)
    session.rollback()

    assert refusal.value.field == field
    assert (row.state, actions(session)) == (PostingState.DRAFT, [])


def test_a_payment_without_a_share_is_refused_and_not_an_error(session: Session) -> None:
    row = ChallengeFactory(draft=True, payment_plan=[{"milestone": "启动", "percent": None}])

    with pytest.raises(RuleViolation, match="Enter the share"):
        service.submit_challenge(session, actor=editor(row), challenge_id=row.id, now=NOON)


def test_a_company_that_is_not_verified_can_write_but_not_hand_in(session: Session) -> None:
    company = OrganizationFactory(terminal=True, unverified=True)
    row = ChallengeFactory(draft=True, organization=company)
    actor = editor(row)
    service.save_challenge(session, actor=actor, challenge_id=row.id, command=filled(row), now=NOON)
    session.commit()

    with pytest.raises(NotAllowed, match="not been verified"):
        service.submit_challenge(session, actor=actor, challenge_id=row.id, now=NOON)


def test_handing_in_twice_is_a_conflict(session: Session) -> None:
    row = ChallengeFactory(submitted=True)

    with pytest.raises(Conflict):
        service.submit_challenge(session, actor=editor(row), challenge_id=row.id, now=NOON)


def test_a_returned_challenge_is_handed_in_again(session: Session) -> None:
    row = ChallengeFactory(state=PostingState.RETURNED, review_opinion="指标不可测", published_at=None, code=None)

    service.submit_challenge(session, actor=editor(row), challenge_id=row.id, now=NOON)

    assert row.state is PostingState.SUBMITTED


def test_taking_back_a_draft_ends_it(session: Session) -> None:
    row = ChallengeFactory(draft=True)

    service.cancel_challenge(session, actor=editor(row), challenge_id=row.id, now=NOON)
    session.commit()

    assert (row.state, row.closed_at) == (PostingState.CANCELLED, NOON)
    assert actions(session) == ["challenge.cancel"]
    assert session.scalars(select(Job)).all() == []


@pytest.mark.parametrize("given", [{"submitted": True}, {}, {"closed": True}])
def test_a_challenge_under_review_or_public_is_not_taken_back_by_its_company(
    session: Session, given: dict[str, bool]
) -> None:
    row = ChallengeFactory(**given)

    with pytest.raises(Conflict):
        service.cancel_challenge(session, actor=editor(row), challenge_id=row.id, now=NOON)


def test_contradictions_are_refused_even_in_a_draft(session: Session) -> None:
    with pytest.raises(RuleViolation):
        service.create_challenge(
            session,
            actor=editor(),
            command=challenge(programme_id=None, need=need(temp_min=100.0), payment_plan=(Payment("样片"),)),
            now=NOON,
        )
