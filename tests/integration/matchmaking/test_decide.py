"""The authority approves and rejects, one by one and in bulk."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest

from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.matchmaking import service
from app.matchmaking.commands import RejectSuggestion
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import PairingState, SuggestionState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer, operator
from tests.factories.matchmaking import SuggestionFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

IMMATURE = RejectSuggestion("immature", "Samples only.")


@pytest.fixture
def authority(session: Session) -> Actor:
    """An officer who may decide."""
    return officer().as_actor()


def approve(session: Session, actor: Actor, suggestion: Suggestion) -> Pairing:
    return service.approve_suggestion(session, actor=actor, suggestion_id=suggestion.id, now=NOON)


def reject(session: Session, actor: Actor, suggestion: Suggestion, command: RejectSuggestion = IMMATURE) -> None:
    service.reject_suggestion(session, actor=actor, suggestion_id=suggestion.id, command=command, now=NOON)


def test_approval_proposes_the_pairing_to_both(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()

    pairing = approve(session, authority, suggestion)

    assert (pairing.state, pairing.suggestion_id) == (PairingState.PROPOSED, suggestion.id)
    assert (pairing.demand_id, pairing.supplier_id) == (suggestion.need.organization_id, suggestion.supplier_id)
    assert (pairing.score, pairing.reasons) == (suggestion.score, suggestion.reasons)
    assert (suggestion.state, suggestion.decided_by) == (SuggestionState.APPROVED, authority.user_id)


def test_both_have_ten_working_days_to_answer(session: Session, authority: Actor) -> None:
    pairing = approve(session, authority, SuggestionFactory())

    # Tuesday 24 November; the tenth working day is Tuesday 8 December.
    assert pairing.reply_by == dt.datetime(2026, 12, 8, 16, 0, tzinfo=dt.UTC)


def test_approval_is_on_the_trail_and_in_the_outbox(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()

    pairing = approve(session, authority, suggestion)

    event = session.query(AuditEvent).one()
    assert (event.action, event.subject_id, event.actor_id) == ("suggestion.approve", suggestion.id, authority.user_id)
    assert event.details["pairing_id"] == str(pairing.id)
    job = session.query(Job).one()
    assert (job.kind, job.payload) == ("pairing.proposed", {"pairing_id": str(pairing.id)})


def test_a_rejection_keeps_its_reason_and_tells_nobody(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()

    reject(session, authority, suggestion)

    assert (suggestion.state, suggestion.reason_code, suggestion.reason) == ("rejected", "immature", "Samples only.")
    assert session.query(AuditEvent).one().details["reason_code"] == "immature"
    assert (session.query(Job).count(), session.query(Pairing).count()) == (0, 0)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (RejectSuggestion(""), "reason_code"),
        (RejectSuggestion("because"), "reason_code"),
        (RejectSuggestion("other"), "reason"),
    ],
)
def test_a_rejection_needs_a_reason(session: Session, authority: Actor, command: RejectSuggestion, field: str) -> None:
    suggestion = SuggestionFactory()

    with pytest.raises(RuleViolation) as refused:
        reject(session, authority, suggestion, command)

    assert refused.value.field == field


def test_the_operator_decides_nothing(session: Session) -> None:
    suggestion, actor = SuggestionFactory(), operator().as_actor()

    with pytest.raises(NotAllowed):
        approve(session, actor, suggestion)
    with pytest.raises(NotAllowed):
        reject(session, actor, suggestion)

    assert session.query(AuditEvent).count() == 0


def test_a_company_decides_nothing(session: Session) -> None:
    suggestion = SuggestionFactory()
    actor = UserFactory(organization=suggestion.supplier).as_actor()

    with pytest.raises(NotAllowed):
        approve(session, actor, suggestion)


def test_a_decision_is_taken_once(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()
    approve(session, authority, suggestion)

    with pytest.raises(Conflict):
        approve(session, authority, suggestion)
    with pytest.raises(Conflict):
        reject(session, authority, suggestion)


def test_what_the_model_withdrew_cannot_be_approved(session: Session, authority: Actor) -> None:
    with pytest.raises(Conflict, match="no longer suggests"):
        approve(session, authority, SuggestionFactory(state=SuggestionState.WITHDRAWN))


def test_a_need_that_is_over_cannot_be_paired(session: Session, authority: Actor) -> None:
    with pytest.raises(RuleViolation, match="no longer open"):
        approve(session, authority, SuggestionFactory(need__state=PostingState.CLOSED))


def test_an_unknown_suggestion_is_not_found(session: Session, authority: Actor) -> None:
    with pytest.raises(NotFound):
        service.approve_suggestion(session, actor=authority, suggestion_id=uuid.uuid4(), now=NOON)


def test_many_are_approved_at_once(session: Session, authority: Actor) -> None:
    ids = [SuggestionFactory().id for _ in range(3)]

    pairings = service.approve_many(session, actor=authority, suggestion_ids=ids, now=NOON)

    assert {pairing.suggestion_id for pairing in pairings} == set(ids)
    assert session.query(AuditEvent).count() == 3


def test_many_are_rejected_with_one_reason(session: Session, authority: Actor) -> None:
    ids = [SuggestionFactory().id for _ in range(2)]

    service.reject_many(session, actor=authority, suggestion_ids=ids, command=IMMATURE, now=NOON)

    assert {one.reason_code for one in session.query(Suggestion)} == {"immature"}


@pytest.mark.parametrize("n", [0, 201])
def test_a_bulk_decision_is_neither_empty_nor_boundless(session: Session, authority: Actor, n: int) -> None:
    with pytest.raises(RuleViolation, match="Select at"):
        service.approve_many(session, actor=authority, suggestion_ids=[uuid.uuid4()] * n, now=NOON)
