"""What the model finds becomes suggestions; what people decided stays."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.core.errors import NotFound
from app.demands.workflow import PostingState
from app.matchmaking.commands import Candidate
from app.matchmaking.models import Suggestion
from app.matchmaking.service import store_suggestions
from app.matchmaking.workflow import SuggestionState
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import SuggestionFactory, evidence
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.demands.models import Need


def candidate(product: ChipProduct, score: float = 0.6) -> Candidate:
    return Candidate(
        supplier_id=product.organization.id,
        product_id=product.id,
        score=score,
        rank=1,
        n_musts=2,
        n_musts_met=1,
        n_musts_violated=0,
        n_musts_unknown=1,
        reasons=evidence(),
    )


def store(session: Session, need: Need, *found: Candidate) -> int:
    n = store_suggestions(session, need_id=need.id, candidates=found, model_version="test+2", now=NOON)
    session.commit()
    return n


def test_a_new_firm_is_suggested(session: Session) -> None:
    need, product = NeedFactory(), ProductFactory()

    n = store(session, need, candidate(product))

    suggestion = session.query(Suggestion).one()
    assert n == 1
    assert (suggestion.need_id, suggestion.supplier_id, suggestion.product_id) == (
        need.id,
        product.organization.id,
        product.id,
    )
    assert (suggestion.state, suggestion.model_version, suggestion.computed_at) == ("suggested", "test+2", NOON)


def test_a_waiting_suggestion_is_brought_up_to_date(session: Session) -> None:
    suggestion = SuggestionFactory(score=0.2, model_version="test+1")
    better = ProductFactory(organization=suggestion.supplier)

    store(session, suggestion.need, candidate(better, 0.9))

    session.refresh(suggestion)
    assert (suggestion.product_id, suggestion.score, suggestion.model_version) == (better.id, 0.9, "test+2")


def test_a_firm_the_model_no_longer_finds_is_withdrawn(session: Session) -> None:
    suggestion = SuggestionFactory()

    n = store(session, suggestion.need)

    session.refresh(suggestion)
    assert n == 0
    assert suggestion.state is SuggestionState.WITHDRAWN


def test_a_firm_found_again_is_suggested_again(session: Session) -> None:
    suggestion = SuggestionFactory(state=SuggestionState.WITHDRAWN)

    store(session, suggestion.need, candidate(suggestion.product))

    session.refresh(suggestion)
    assert suggestion.state is SuggestionState.SUGGESTED


@pytest.mark.parametrize(
    "decided",
    [
        {"state": SuggestionState.APPROVED, "decided_at": NOON},
        {"state": SuggestionState.REJECTED, "decided_at": NOON, "reason_code": "immature"},
    ],
)
@pytest.mark.parametrize("is_found", [True, False])
def test_what_was_decided_stays_as_it_was(session: Session, decided: dict[str, object], is_found: bool) -> None:
    suggestion = SuggestionFactory(score=0.2, **decided)

    store(session, suggestion.need, *[candidate(suggestion.product, 0.9)] * is_found)

    session.refresh(suggestion)
    assert (suggestion.state, suggestion.score, suggestion.model_version) == (decided["state"], 0.2, "test+1")


@pytest.mark.parametrize("state", [PostingState.CLOSED, PostingState.CANCELLED])
def test_a_need_that_is_over_loses_what_nobody_decided(session: Session, state: PostingState) -> None:
    suggestion = SuggestionFactory(need__state=state)

    n = store(session, suggestion.need, candidate(suggestion.product))

    session.refresh(suggestion)
    assert n == 0
    assert suggestion.state is SuggestionState.WITHDRAWN


def test_storing_twice_changes_nothing(session: Session) -> None:
    need, product = NeedFactory(), ProductFactory()
    found = candidate(product)

    store(session, need, found)
    store(session, need, replace(found))

    assert session.query(Suggestion).count() == 1


def test_a_need_deleted_meanwhile_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        store_suggestions(session, need_id=uuid.uuid4(), candidates=[], model_version="test+2", now=NOON)
