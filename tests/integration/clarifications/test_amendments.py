"""Amendments: proposed by the owner, in force once the authority agrees, fair to whoever has bid already."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.challenges.models import Challenge, ChallengeEdition
from app.challenges.service.editions import add_edition
from app.clarifications import service
from app.clarifications.commands import KpiChange, ProposeAmendment
from app.clarifications.models import Amendment
from app.clarifications.workflow import AmendmentState
from app.core import clock
from app.core.errors import Conflict, NotAllowed, RuleViolation
from tests.factories.accounts import UserFactory, officer, tied_officer
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

DAY = dt.timedelta(days=1)
REASON = "答疑中发现休眠电流指标未写明测试条件，现予明确。"


def as_it_is(challenge: Challenge, **changes: Any) -> ProposeAmendment:
    """Return a proposal that changes only what is named."""
    now = ProposeAmendment(
        reason=REASON,
        research_content=challenge.research_content,
        bidder_requirements=challenge.bidder_requirements,
        reward_total_wan=challenge.reward_total_wan,
        owner_cash_wan=challenge.owner_cash_wan,
        public_fund_wan=challenge.public_fund_wan,
        bid_deadline_at=challenge.bid_deadline_at,
        question_deadline_at=challenge.question_deadline_at,
        kpis=tuple(
            KpiChange(kpi.code, kpi.operator, kpi.target, kpi.unit, kpi.condition, kpi.test_method)
            for kpi in challenge.kpis
        ),
    )
    return replace(now, **changes)


def kpi_with(challenge: Challenge, **changes: str) -> tuple[KpiChange, ...]:
    first, *rest = as_it_is(challenge).kpis
    return (replace(first, **changes), *rest)


def owner_of(challenge: Challenge) -> Any:
    return UserFactory(organization=challenge.organization)


def propose(session: Session, challenge: Challenge, **changes: Any) -> Amendment:
    return service.propose_amendment(
        session,
        actor=owner_of(challenge).as_actor(),
        challenge_id=challenge.id,
        command=as_it_is(challenge, **changes),
        now=NOON,
    )


def approve(session: Session, amendment: Amendment) -> Amendment:
    return service.approve_amendment(
        session, actor=officer().as_actor(), amendment_id=amendment.id, opinion="", now=NOON
    )


def test_nothing_changes_before_the_authority_agrees(session: Session) -> None:
    challenge = ChallengeFactory()

    amendment = propose(session, challenge, kpis=kpi_with(challenge, target="3"))

    session.refresh(challenge, ["kpis"])
    assert amendment.wanted == {"kpis": {"K01": {"target": "3"}}}
    assert (challenge.kpis[0].target, challenge.edition) == ("2", 1)


def test_an_approved_amendment_is_a_new_edition(session: Session) -> None:
    challenge = ChallengeFactory()

    approve(session, propose(session, challenge, kpis=kpi_with(challenge, target="3")))

    session.refresh(challenge, ["kpis", "edition"])
    edition = session.scalars(sa.select(ChallengeEdition).order_by(ChallengeEdition.number.desc())).first()
    assert (challenge.kpis[0].target, challenge.edition) == ("3", 2)
    assert edition is not None
    assert (edition.number, edition.reason) == (2, REASON)


@pytest.mark.parametrize(
    ("field", "value", "is_core"),
    [
        ("research_content", "补充说明：样片须在发榜方量产平台完成整车验证。" * 12, False),
        ("bidder_requirements", "须具备车规芯片量产经验。", True),
        ("bid_deadline_at", NOON + 40 * DAY, False),
    ],
)
def test_only_changes_of_the_core_call_for_bids_to_be_confirmed_again(
    session: Session, field: str, value: Any, is_core: bool
) -> None:
    challenge = ChallengeFactory()

    approve(session, propose(session, challenge, **{field: value}))

    assert challenge.reconfirm_from_edition == (2 if is_core else 1)


def test_a_test_method_is_no_core_and_a_target_is(session: Session) -> None:
    first, second = ChallengeFactory(), ChallengeFactory()

    method = propose(session, first, kpis=kpi_with(first, test_method="由CNAS实验室按GB/T 2423测试"))
    unit = propose(session, second, kpis=kpi_with(second, unit="µV"))

    assert (method.is_core, unit.is_core) == (False, True)


def test_money_is_core(session: Session) -> None:
    challenge = ChallengeFactory()

    amendment = propose(session, challenge, reward_total_wan=Decimal(1600), owner_cash_wan=Decimal(1600))

    assert amendment.is_core


def test_bidders_keep_as_many_days_as_the_programme_says(session: Session) -> None:
    challenge = ChallengeFactory(bid_deadline_at=NOON + 8 * DAY, question_deadline_at=NOON + DAY)

    approve(session, propose(session, challenge, kpis=kpi_with(challenge, target="3")))

    assert challenge.bid_deadline_at == NOON + 15 * DAY


def test_more_time_alone_moves_the_deadline_as_far_as_asked(session: Session) -> None:
    challenge = ChallengeFactory(bid_deadline_at=NOON + 8 * DAY, question_deadline_at=NOON + DAY)

    approve(session, propose(session, challenge, bid_deadline_at=NOON + 9 * DAY))

    assert challenge.bid_deadline_at == NOON + 9 * DAY


@pytest.mark.parametrize("field", ["bid_deadline_at", "question_deadline_at"])
def test_no_deadline_is_shortened(session: Session, field: str) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(RuleViolation, match="never shortened"):
        propose(session, challenge, **{field: NOON + DAY})


def test_a_deadline_that_the_clock_left_between_two_minutes_is_not_shortened_by_the_form(session: Session) -> None:
    second = dt.timedelta(seconds=31)
    challenge = ChallengeFactory(bid_deadline_at=NOON + 30 * DAY + second)

    amendment = propose(session, challenge, bid_deadline_at=NOON + 30 * DAY, kpis=kpi_with(challenge, target="3"))

    assert amendment.wanted == {"kpis": {"K01": {"target": "3"}}}


def test_an_amendment_changes_something(session: Session) -> None:
    with pytest.raises(RuleViolation, match="Nothing changes"):
        propose(session, ChallengeFactory())


def test_it_gives_a_reason(session: Session) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(RuleViolation, match="Give the reason"):
        propose(session, challenge, reason="改", kpis=kpi_with(challenge, target="3"))


def test_the_challenge_keeps_its_rules(session: Session) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(RuleViolation):
        propose(session, challenge, research_content="太短")


def test_a_refused_amendment_leaves_the_challenge_as_it_was(session: Session) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(RuleViolation):
        propose(session, challenge, research_content="太短")
    session.flush()

    session.refresh(challenge)
    assert len(challenge.research_content) > 200


def test_after_the_deadline_nothing_is_amended(session: Session) -> None:
    challenge = ChallengeFactory(bid_deadline_at=NOON, question_deadline_at=NOON - DAY)

    with pytest.raises(Conflict):
        propose(session, challenge, bid_deadline_at=NOON + DAY)


def test_an_amendment_is_not_approved_after_the_deadline(session: Session) -> None:
    challenge = ChallengeFactory()
    amendment = propose(session, challenge, kpis=kpi_with(challenge, target="3"))
    challenge.state = "closed"
    session.commit()

    with pytest.raises(Conflict):
        approve(session, amendment)


def test_one_amendment_waits_at_a_time(session: Session) -> None:
    challenge = ChallengeFactory()
    propose(session, challenge, kpis=kpi_with(challenge, target="3"))

    with pytest.raises(Conflict):
        propose(session, challenge, kpis=kpi_with(challenge, target="4"))


def test_another_company_amends_nothing(session: Session) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(NotAllowed):
        service.propose_amendment(
            session,
            actor=owner_of(ChallengeFactory()).as_actor(),
            challenge_id=challenge.id,
            command=as_it_is(challenge, bid_deadline_at=NOON + 40 * DAY),
            now=NOON,
        )


def test_an_officer_who_is_tied_to_the_owner_does_not_approve(session: Session) -> None:
    challenge = ChallengeFactory()
    amendment = propose(session, challenge, kpis=kpi_with(challenge, target="3"))
    actor = tied_officer(challenge.organization_id).as_actor()

    with pytest.raises(NotAllowed, match="declared an interest"):
        service.approve_amendment(session, actor=actor, amendment_id=amendment.id, opinion="", now=NOON)


def test_the_owner_does_not_approve(session: Session) -> None:
    challenge = ChallengeFactory()
    amendment = propose(session, challenge, kpis=kpi_with(challenge, target="3"))

    with pytest.raises(NotAllowed):
        service.approve_amendment(
            session, actor=owner_of(challenge).as_actor(), amendment_id=amendment.id, opinion="", now=NOON
        )


def test_a_returned_amendment_says_why(session: Session) -> None:
    challenge = ChallengeFactory()
    amendment = propose(session, challenge, kpis=kpi_with(challenge, target="3"))

    service.return_amendment(
        session, actor=officer().as_actor(), amendment_id=amendment.id, opinion="放宽核心指标须重新论证。", now=NOON
    )

    assert (amendment.state, challenge.edition) == (AmendmentState.RETURNED, 1)


@pytest.mark.real_clock
def test_an_amendment_is_not_both_approved_and_taken_back(own_app: Flask, own_session: Session) -> None:
    now = clock.now()
    challenge = ChallengeFactory(bid_deadline_at=now + 30 * DAY, question_deadline_at=now + 20 * DAY)
    amendment_id = propose(own_session, challenge, kpis=kpi_with(challenge, target="3")).id
    own_session.commit()
    person, owner = officer().as_actor(), owner_of(challenge).as_actor()

    refused = at_once(
        own_app,
        lambda session: service.approve_amendment(
            session, actor=person, amendment_id=amendment_id, opinion="", now=NOON
        ),
        lambda session: service.withdraw_amendment(session, actor=owner, amendment_id=amendment_id, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]


def form_of(challenge: Challenge, **changes: str) -> dict[str, str]:
    command = as_it_is(challenge)
    data = {
        "reason": REASON,
        "research_content": command.research_content,
        "reward_total_wan": str(command.reward_total_wan),
        "owner_cash_wan": str(command.owner_cash_wan),
        "question_deadline_at": "2026-12-14T12:00",
        "bid_deadline_at": "2026-12-24T12:00",
    }
    for place, kpi in enumerate(command.kpis):
        for part in ("code", "operator", "target", "unit", "condition", "test_method"):
            data[f"kpis-{place}-{part}"] = getattr(kpi, part)
    return data | changes


def test_the_owner_proposes_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = ChallengeFactory()
    login(client, owner_of(challenge))

    response = client.post(
        f"/workspace/challenges/{challenge.id}/amendments/", data=form_of(challenge, **{"kpis-0-target": "3"})
    )

    assert response.status_code == 303
    assert session.scalars(sa.select(Amendment.wanted)).one() == {"kpis": {"K01": {"target": "3"}}}


def test_what_was_typed_stays_when_it_is_refused(client: FlaskClient, login: Any) -> None:
    challenge = ChallengeFactory()
    login(client, owner_of(challenge))

    response = client.post(f"/workspace/challenges/{challenge.id}/amendments/", data=form_of(challenge))

    assert response.status_code == 422
    assert REASON in response.text


def test_the_authority_approves_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = ChallengeFactory()
    amendment = propose(session, challenge, kpis=kpi_with(challenge, target="3"))
    session.commit()
    login(client, officer())

    shown = client.get(f"/desk/amendments/{amendment.id}")
    response = client.post(f"/desk/amendments/{amendment.id}/approve", data={"opinion": ""})

    session.refresh(challenge)
    assert (shown.status_code, response.status_code, challenge.edition) == (200, 303, 2)


def test_the_parts_of_an_indicator_are_told_by_name(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = ChallengeFactory()
    amendment = propose(session, challenge, kpis=kpi_with(challenge, operator=">=", target="16", unit="路"))
    login(client, officer(locale="en"))

    shown = client.get(f"/desk/amendments/{amendment.id}").text

    assert "K01 单体电压采样误差 · Unit" in shown
    assert ("<ins>ch</ins>" in shown, "<ins>At least</ins>" in shown) == (True, True)


def test_the_parts_of_an_indicator_are_told_by_name_once_in_force(
    client: FlaskClient, login: Any, session: Session
) -> None:
    challenge = ChallengeFactory()
    add_edition(session, actor=officer().as_actor(), challenge=challenge, reason="", now=NOON)
    amendment = propose(session, challenge, kpis=kpi_with(challenge, operator=">=", target="16", unit="路"))
    approve(session, amendment)
    login(client, officer(locale="en"))

    shown = client.get(f"/desk/amendments/{amendment.id}").text

    assert "K01 单体电压采样误差 · Unit" in shown
    assert ("<ins>ch</ins>" in shown, "<ins>At least</ins>" in shown) == (True, True)


@pytest.mark.parametrize("field", ["bid_deadline_at", "question_deadline_at"])
def test_a_deadline_extended_since_the_proposal_is_not_taken_back(session: Session, field: str) -> None:
    challenge = ChallengeFactory(bid_deadline_at=NOON + 20 * DAY, question_deadline_at=NOON + 8 * DAY)
    amendment = propose(session, challenge, **{field: getattr(challenge, field) + DAY})
    setattr(challenge, field, getattr(challenge, field) + 5 * DAY)
    session.flush()
    in_force = getattr(challenge, field)

    approve(session, amendment)

    assert getattr(challenge, field) == in_force
