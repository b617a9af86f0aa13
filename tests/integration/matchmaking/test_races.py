"""Two people at the same moment, on connections that really commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.core.errors import Conflict, RuleViolation
from app.matchmaking import service
from app.matchmaking.commands import AddCategory, RejectSuggestion, RenameCategory, RunSettings, TakeStep
from app.matchmaking.models import CategoryChange, Exclusion, Pairing, RunConfiguration, Suggestion
from app.matchmaking.service.plan import Plan
from app.matchmaking.workflow import PairingEvent, PairingState, RunState, SuggestionState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    import uuid

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


@pytest.mark.real_clock
def test_two_officers_who_exclude_the_same_two_companies_at_once_do_not_lock_each_other_out(
    own_app: Flask, own_session: Session
) -> None:
    first, second, one = officer().as_actor(), officer().as_actor(), SuggestionFactory()
    other = SuggestionFactory(need=NeedFactory(organization=one.need.organization), product=one.product)
    ids, reason = (one.id, other.id), "关联企业"

    refused = at_once(
        own_app,
        lambda s: service.exclude_pair(s, actor=first, suggestion_id=ids[0], reason=reason, now=NOON),
        lambda s: service.exclude_pair(s, actor=second, suggestion_id=ids[1], reason=reason, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
    assert own_session.query(Exclusion).count() == 1


@pytest.fixture
def two_configurations(own_session: Session) -> list[uuid.UUID]:
    """Two computed configurations, neither of them in use."""
    actor, need_id = officer().as_actor(), SuggestionFactory().need.id
    made = [
        service.save_configuration(own_session, actor=actor, name=name, settings=RunSettings(), now=NOON)
        for name in ("上限20", "上限10")
    ]
    for one in made:
        service.store_plan(own_session, configuration_id=one.id, plan=Plan({need_id: []}, {}, "m+1"), now=NOON)
    own_session.commit()
    return [one.id for one in made]


def in_use(session: Session) -> list[uuid.UUID]:
    session.expire_all()
    return [one.id for one in session.query(RunConfiguration).filter_by(state=RunState.DEPLOYED)]


@pytest.mark.real_clock
def test_of_two_officers_who_deploy_one_wins_and_the_other_is_told(
    own_app: Flask, own_session: Session, two_configurations: list[uuid.UUID]
) -> None:
    actor, (first, second) = officer().as_actor(), two_configurations

    refused = at_once(
        own_app,
        lambda s: service.deploy(s, actor=actor, configuration_id=first, seen=None, now=NOON),
        lambda s: service.deploy(s, actor=actor, configuration_id=second, seen=None, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
    assert in_use(own_session) == [two_configurations[refused.index(None)]]


@pytest.mark.real_clock
def test_of_two_officers_who_deploy_the_same_one_wins(
    own_app: Flask, own_session: Session, two_configurations: list[uuid.UUID]
) -> None:
    actor, (first, _) = officer().as_actor(), two_configurations

    refused = at_once(
        own_app,
        *2 * [lambda s: service.deploy(s, actor=actor, configuration_id=first, seen=None, now=NOON)],
    )

    assert outcomes(refused) == ["Conflict", "done"]
    assert in_use(own_session) == [first]


@pytest.mark.real_clock
def test_of_deploying_and_undoing_one_wins(
    own_app: Flask, own_session: Session, two_configurations: list[uuid.UUID]
) -> None:
    actor, (first, second) = officer().as_actor(), two_configurations
    service.deploy(own_session, actor=actor, configuration_id=first, seen=None, now=NOON)
    own_session.commit()

    refused = at_once(
        own_app,
        lambda s: service.undo(s, actor=actor, configuration_id=first, now=NOON),
        lambda s: service.deploy(s, actor=actor, configuration_id=second, seen=first, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
    assert in_use(own_session) == ([second] if refused[1] is None else [])


@pytest.mark.real_clock
def test_two_who_undo_at_once_undo_once(
    own_app: Flask, own_session: Session, two_configurations: list[uuid.UUID]
) -> None:
    actor, (first, second) = officer().as_actor(), two_configurations
    service.deploy(own_session, actor=actor, configuration_id=first, seen=None, now=NOON)
    service.deploy(own_session, actor=actor, configuration_id=second, seen=first, now=NOON)
    own_session.commit()

    refused = at_once(own_app, *2 * [lambda s: service.undo(s, actor=actor, configuration_id=second, now=NOON)])

    assert outcomes(refused) == ["Conflict", "done"]
    assert in_use(own_session) == [first]


@pytest.mark.real_clock
def test_two_confirmations_of_mass_production_at_once_count_once(own_app: Flask, own_session: Session) -> None:
    pairing = PairingFactory(introduced=True, state=PairingState.PILOT)
    maker = UserFactory(organization=pairing.demand).as_actor()
    firm = UserFactory(organization=pairing.supplier).as_actor()
    command, pairing_id = TakeStep(PairingEvent.MASS_PRODUCE, {"volume": "10k_100k"}), pairing.id

    refused = at_once(
        own_app,
        lambda s: service.take_step(s, actor=maker, pairing_id=pairing_id, command=command, now=NOON),
        lambda s: service.take_step(s, actor=firm, pairing_id=pairing_id, command=command, now=NOON),
    )

    own_session.refresh(pairing)
    assert refused == [None, None]
    assert pairing.state is PairingState.MASS_PRODUCTION


@pytest.mark.real_clock
def test_two_colleagues_confirm_for_their_company_once(own_app: Flask, own_session: Session) -> None:
    pairing = PairingFactory(introduced=True, state=PairingState.PILOT)
    first, second = (UserFactory(organization=pairing.supplier).as_actor() for _ in range(2))
    command, pairing_id = TakeStep(PairingEvent.MASS_PRODUCE, {"volume": "10k_100k"}), pairing.id

    refused = at_once(
        own_app,
        lambda s: service.take_step(s, actor=first, pairing_id=pairing_id, command=command, now=NOON),
        lambda s: service.take_step(s, actor=second, pairing_id=pairing_id, command=command, now=NOON),
    )

    own_session.refresh(pairing)
    assert outcomes(refused) == ["Conflict", "done"]
    assert pairing.state is PairingState.PILOT


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


@pytest.mark.real_clock
def test_categories_that_two_officers_add_at_once_get_codes_of_their_own(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()
    one, other = AddCategory("C04", "甲类", "One"), AddCategory("C04", "乙类", "Other")

    refused = at_once(
        own_app,
        lambda s: service.add_category(s, actor=first, command=one, now=NOON),
        lambda s: service.add_category(s, actor=second, command=other, now=NOON),
    )

    assert refused == [None, None]
    assert {change.code for change in own_session.query(CategoryChange)} == {"C0451", "C0452"}


@pytest.mark.real_clock
def test_of_two_officers_who_give_one_name_one_wins(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()

    refused = at_once(
        own_app,
        lambda s: service.add_category(s, actor=first, command=AddCategory("C04", "甲类", "One"), now=NOON),
        lambda s: service.rename_category(
            s, actor=second, code="C0501", command=RenameCategory("乙类", "One"), now=NOON
        ),
    )

    assert [type(one) for one in refused if one] == [RuleViolation]
    assert own_session.query(CategoryChange).filter_by(en="One").count() == 1


@pytest.mark.real_clock
def test_a_category_is_not_withdrawn_while_another_is_merged_into_it(own_app: Flask, own_session: Session) -> None:
    first, second = officer().as_actor(), officer().as_actor()
    service.add_category(own_session, actor=first, command=AddCategory("C04", "甲类", "One"), now=NOON)
    own_session.commit()

    refused = at_once(
        own_app,
        lambda s: service.withdraw_category(s, actor=first, code="C0451", n_mentions=0, now=NOON),
        lambda s: service.merge_category(s, actor=second, code="C0401", into="C0451", now=NOON),
    )

    own_session.expire_all()
    is_withdrawn = own_session.get_one(CategoryChange, "C0451").withdrawn_at is not None
    assert [isinstance(one, Conflict | RuleViolation) for one in refused].count(True) == 1
    assert own_session.query(CategoryChange).filter_by(merged_into="C0451").count() == (not is_withdrawn)
