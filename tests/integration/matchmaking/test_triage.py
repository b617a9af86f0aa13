"""The desk sets suggestions aside: for a while, on top, or for good."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.matchmaking import service
from app.matchmaking.commands import Candidate
from app.matchmaking.models import Exclusion, QueueView, Suggestion
from app.matchmaking.queries.queue import QueueFilter, queue
from app.matchmaking.workflow import SuggestionState
from tests.factories.accounts import officer, operator
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import SuggestionFactory, evidence
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

LogIn = Callable[..., Any]


@pytest.fixture
def authority(session: Session) -> Actor:
    """Somebody who decides."""
    return officer().as_actor()


def candidate(suggestion: Suggestion, **changes: Any) -> Candidate:
    values = {"supplier_id": suggestion.supplier_id, "product_id": suggestion.product_id, "score": 0.7, "rank": 1}
    counts = {"n_musts": 2, "n_musts_met": 2, "n_musts_violated": 0, "n_musts_unknown": 0}
    return Candidate(**{**values, **counts, "reasons": evidence(), **changes})


def computed(session: Session, need_id: uuid.UUID, *found: Candidate) -> int:
    return service.store_suggestions(session, need_id=need_id, candidates=found, model_version="m", now=NOON)


def test_a_deferred_suggestion_is_back_after_five_working_days(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()
    service.defer_suggestion(session, actor=authority, suggestion_id=suggestion.id, now=NOON)
    until = suggestion.deferred_until
    session.flush()

    early = service.resume_due(session, now=until - dt.timedelta(seconds=1))
    due = service.resume_due(session, now=until)

    assert (early, due, suggestion.state, suggestion.deferred_until) == (0, 1, SuggestionState.SUGGESTED, None)


def test_a_deferred_suggestion_may_be_decided_at_once(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()
    service.defer_suggestion(session, actor=authority, suggestion_id=suggestion.id, now=NOON)

    service.approve_suggestion(session, actor=authority, suggestion_id=suggestion.id, now=NOON)

    assert (suggestion.state, suggestion.deferred_until) == (SuggestionState.APPROVED, None)


def test_the_later_of_two_officers_learns_that_it_is_decided(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()
    service.approve_suggestion(session, actor=authority, suggestion_id=suggestion.id, now=NOON)

    with pytest.raises(Conflict, match="already decided"):
        service.defer_suggestion(session, actor=officer().as_actor(), suggestion_id=suggestion.id, now=NOON)


@pytest.fixture
def decided(session: Session) -> Suggestion:
    """A suggestion that an officer named Wang has approved."""
    suggestion: Suggestion = SuggestionFactory()
    wang = officer(name="王处长").as_actor()
    service.approve_suggestion(session, actor=wang, suggestion_id=suggestion.id, now=NOON)
    session.commit()
    return suggestion


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("approve", {}),
        ("reject", {"reason_code": "immature"}),
        ("defer", {}),
        ("pin", {}),
        ("exclude", {"reason": "Affiliated"}),
    ],
)
def test_the_later_officer_sees_who_decided_and_when(
    client: FlaskClient, login: LogIn, decided: Suggestion, act: str, data: dict[str, str]
) -> None:
    answer = login(client, officer(locale="en")).post(f"/desk/pairings/{decided.id}/{act}", data=data)

    assert answer.status_code == 409
    assert "already decided" in answer.text
    assert "Approved by 王处长 on" in answer.text


def test_a_bulk_decision_that_comes_late_changes_nothing_and_names_what_was_decided(
    client: FlaskClient, login: LogIn, session: Session, decided: Suggestion
) -> None:
    waiting = SuggestionFactory()

    answer = login(client, officer(locale="en")).post(
        "/desk/pairings/approve", data={"ids": [str(decided.id), str(waiting.id)]}
    )

    session.expire_all()
    assert answer.status_code == 409
    assert "Approved by 王处长 on" in answer.text
    assert waiting.state is SuggestionState.SUGGESTED
    assert str(waiting.id) in answer.text


def test_a_bulk_decision_of_which_nothing_is_left_leads_back(
    client: FlaskClient, login: LogIn, decided: Suggestion
) -> None:
    answer = login(client, officer(locale="en")).post("/desk/pairings/preview", data={"ids": [str(decided.id)]})

    assert "Everything you selected has been decided meanwhile." in answer.text


def test_the_queue_of_the_second_officer_no_longer_holds_what_the_first_decided(
    client: FlaskClient, login: LogIn, decided: Suggestion
) -> None:
    waiting = SuggestionFactory()

    text = login(client, officer(locale="en")).get("/desk/pairings/").text

    assert str(waiting.id) in text
    assert str(decided.id) not in text


def test_a_pinned_suggestion_stands_on_top_and_stays_when_the_model_drops_it(
    session: Session, authority: Actor
) -> None:
    SuggestionFactory(score=0.9)
    pinned = SuggestionFactory(score=0.1)
    service.pin_suggestion(session, actor=authority, suggestion_id=pinned.id, is_pinned=True)
    session.flush()

    computed(session, pinned.need_id)

    assert pinned.state is SuggestionState.SUGGESTED
    assert queue(session, actor=authority, wanted=QueueFilter(), page=1).items[0].id == pinned.id


def test_an_excluded_pair_is_suggested_for_no_need_of_the_maker(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()
    need = NeedFactory(organization=suggestion.need.organization)
    other = SuggestionFactory(need=need, product=suggestion.product)

    service.exclude_pair(session, actor=authority, suggestion_id=suggestion.id, reason="关联企业", now=NOON)

    assert (suggestion.state, other.state) == (SuggestionState.REJECTED, SuggestionState.REJECTED)
    third = NeedFactory(organization=suggestion.need.organization)
    assert computed(session, third.id, candidate(suggestion)) == 0


def test_a_lifted_exclusion_excludes_nothing(session: Session, authority: Actor) -> None:
    suggestion = SuggestionFactory()
    found = service.exclude_pair(session, actor=authority, suggestion_id=suggestion.id, reason="关联企业", now=NOON)

    service.lift_exclusion(session, actor=authority, exclusion_id=found.id)
    session.flush()

    assert session.query(Exclusion).count() == 0
    need = NeedFactory(organization=suggestion.need.organization)
    assert computed(session, need.id, candidate(suggestion)) == 1


def test_excluding_needs_a_reason(session: Session, authority: Actor) -> None:
    with pytest.raises(RuleViolation):
        service.exclude_pair(session, actor=authority, suggestion_id=SuggestionFactory().id, reason="", now=NOON)


def test_the_operator_sets_nothing_aside(session: Session) -> None:
    with pytest.raises(NotAllowed):
        service.defer_suggestion(session, actor=operator().as_actor(), suggestion_id=SuggestionFactory().id, now=NOON)


def test_a_view_is_kept_under_its_name_for_its_officer_only(session: Session, authority: Actor) -> None:
    service.save_view(session, actor=authority, name="电池", arguments={"category": "C04"}, now=NOON)
    again = service.save_view(session, actor=authority, name="电池", arguments={"fit": "met"}, now=NOON)

    assert session.query(QueueView).one().arguments == {"fit": "met"}
    with pytest.raises(NotFound):
        service.remove_view(session, actor=officer().as_actor(), view_id=again.id)


def test_the_queue_offers_the_keys_and_the_views(client: FlaskClient, login: LogIn, session: Session) -> None:
    SuggestionFactory()
    desk = login(client, officer(locale="en"))
    desk.post("/desk/pairings/views", data={"name": "My batteries", "fit": "unknown"})

    text = desk.get("/desk/pairings/?fit=unknown").text

    assert "My batteries" in text
    assert all(f"<kbd>{key}</kbd>" in text for key in "ard")
