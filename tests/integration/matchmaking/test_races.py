"""Two people at the same moment, on connections that really commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.core.errors import Conflict, RuleViolation
from app.matchmaking import service
from app.matchmaking.commands import RejectSuggestion, RenameCategory
from app.matchmaking.models import CategoryChange, Pairing, Suggestion
from app.matchmaking.workflow import PairingState, SuggestionState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.racing import at_once

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.mark.real_clock
def test_of_two_officers_who_approve_one_wins(own_app: Flask, own_session: Session) -> None:
    first, second, suggestion = officer().as_actor(), officer().as_actor(), SuggestionFactory()

    refused = at_once(
        own_app,
        lambda s: service.approve_suggestion(s, actor=first, suggestion_id=suggestion.id, now=NOON),
        lambda s: service.approve_suggestion(s, actor=second, suggestion_id=suggestion.id, now=NOON),
    )

    assert sorted(type(one) for one in refused if one) == [Conflict]
    assert own_session.query(Pairing).count() == own_session.query(Job).count() == 1


@pytest.mark.real_clock
def test_of_approval_and_rejection_one_wins(own_app: Flask, own_session: Session) -> None:
    first, second, suggestion = officer().as_actor(), officer().as_actor(), SuggestionFactory()
    immature = RejectSuggestion("immature")

    refused = at_once(
        own_app,
        lambda s: service.approve_suggestion(s, actor=first, suggestion_id=suggestion.id, now=NOON),
        lambda s: service.reject_suggestion(s, actor=second, suggestion_id=suggestion.id, command=immature, now=NOON),
    )

    own_session.refresh(suggestion)
    assert [isinstance(one, Conflict) for one in refused].count(True) == 1
    assert (suggestion.state is SuggestionState.APPROVED) == (own_session.query(Pairing).count() == 1)


@pytest.mark.real_clock
def test_bulk_decisions_that_overlap_do_not_lock_each_other_out(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()
    ids = [SuggestionFactory().id for _ in range(4)]

    refused = at_once(
        own_app,
        lambda s: service.approve_many(s, actor=first, suggestion_ids=ids, now=NOON),
        lambda s: service.approve_many(s, actor=second, suggestion_ids=ids[::-1], now=NOON),
    )

    assert [type(one) for one in refused if one] == [Conflict]
    assert own_session.query(Pairing).count() == 4


@pytest.mark.real_clock
def test_two_yeses_at_once_make_one_introduction(own_app: Flask, own_session: Session) -> None:
    pairing = PairingFactory()
    maker = UserFactory(organization=pairing.demand).as_actor()
    firm = UserFactory(organization=pairing.supplier).as_actor()

    refused = at_once(
        own_app,
        lambda s: service.accept_pairing(s, actor=maker, pairing_id=pairing.id, now=NOON),
        lambda s: service.accept_pairing(s, actor=firm, pairing_id=pairing.id, now=NOON),
    )

    own_session.refresh(pairing)
    assert refused == [None, None]
    assert pairing.state is PairingState.INTRODUCED
    assert sorted(job.kind for job in own_session.query(Job)) == ["pairing.accepted", "pairing.introduced"]


@pytest.mark.real_clock
def test_a_recomputation_never_undoes_a_decision(own_app: Flask, own_session: Session) -> None:
    authority, suggestion = officer().as_actor(), SuggestionFactory()

    at_once(
        own_app,
        lambda s: service.approve_suggestion(s, actor=authority, suggestion_id=suggestion.id, now=NOON),
        lambda s: service.store_suggestions(
            s, need_id=suggestion.need.id, candidates=[], model_version="test+2", now=NOON
        ),
    )

    found = own_session.query(Suggestion).populate_existing().one()
    assert (found.state is SuggestionState.APPROVED) == (own_session.query(Pairing).count() == 1)


def merged(session: Session) -> dict[str, str]:
    session.expire_all()
    return {change.code: change.merged_into for change in session.query(CategoryChange) if change.merged_into}


@pytest.mark.real_clock
def test_of_two_categories_merged_into_each_other_one_stays(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()

    refused = at_once(
        own_app,
        lambda s: service.merge_category(s, actor=first, code="C0401", into="C0406", now=NOON),
        lambda s: service.merge_category(s, actor=second, code="C0406", into="C0401", now=NOON),
    )

    assert [isinstance(one, RuleViolation | Conflict) for one in refused].count(True) == 1
    assert merged(own_session) in ({"C0401": "C0406"}, {"C0406": "C0401"})


@pytest.mark.real_clock
def test_a_chain_of_merges_never_ends_at_what_is_gone(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()

    at_once(
        own_app,
        lambda s: service.merge_category(s, actor=first, code="C0405", into="C0406", now=NOON),
        lambda s: service.merge_category(s, actor=second, code="C0406", into="C0401", now=NOON),
    )

    found = merged(own_session)
    assert set(found.values()) == {"C0401"}
    assert "C0406" in found


@pytest.mark.real_clock
def test_two_first_changes_of_a_category_wait_for_each_other(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()
    one, other = RenameCategory("甲类", "One"), RenameCategory("乙类", "Other")

    refused = at_once(
        own_app,
        lambda s: service.rename_category(s, actor=first, code="C0407", command=one, now=NOON),
        lambda s: service.rename_category(s, actor=second, code="C0407", command=other, now=NOON),
    )

    assert refused == [None, None]
    assert own_session.query(CategoryChange).count() == 1
