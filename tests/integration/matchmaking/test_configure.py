"""Named configurations of a run: computed, compared, deployed, undone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.matchmaking import service
from app.matchmaking.commands import Candidate, RunSettings
from app.matchmaking.models import RunConfiguration, Suggestion
from app.matchmaking.queries.configurations import compare
from app.matchmaking.service.plan import Plan
from app.matchmaking.workflow import RunState, SuggestionState
from app.outbox.models import Job
from tests.factories.accounts import officer, operator
from tests.factories.catalog import ProductFactory
from tests.factories.matchmaking import SuggestionFactory, evidence
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.core.actor import Actor


@pytest.fixture
def authority(session: Session) -> Actor:
    """Somebody who decides."""
    return officer().as_actor()


def saved(session: Session, actor: Actor, name: str = "上限20", **rules: Any) -> RunConfiguration:
    return service.save_configuration(session, actor=actor, name=name, settings=RunSettings(**rules), now=NOON)


def plan(need_id: uuid.UUID, product: ChipProduct) -> Plan:
    counts = {"n_musts": 2, "n_musts_met": 2, "n_musts_violated": 0, "n_musts_unknown": 0}
    one = Candidate(product.organization_id, product.id, 0.6, 1, **counts, reasons=evidence())
    return Plan({need_id: [one]}, {"gini": 0.2, "kept": 0.97}, "m+1")


@pytest.fixture
def standing(session: Session) -> Suggestion:
    """What is suggested now."""
    found: Suggestion = SuggestionFactory()
    return found


@pytest.fixture
def computed(session: Session, authority: Actor, standing: Suggestion) -> RunConfiguration:
    """A configuration that would show another firm for the same need."""
    found = saved(session, authority)
    product = ProductFactory()
    service.store_plan(session, configuration_id=found.id, plan=plan(standing.need_id, product), now=NOON)
    session.flush()
    return found


def states(session: Session) -> list[SuggestionState]:
    return [one.state for one in session.query(Suggestion).order_by(Suggestion.score.desc())]


def test_a_new_configuration_is_computed_and_changes_nothing(
    session: Session, authority: Actor, standing: Suggestion
) -> None:
    found = saved(session, authority)

    assert found.state is RunState.DRAFT
    assert session.query(Job).one().kind == "matching.configuration"
    assert standing.state is SuggestionState.SUGGESTED


def test_it_is_compared_with_what_stands(session: Session, computed: RunConfiguration, standing: Suggestion) -> None:
    found = compare(session, computed, None)

    (change,) = found.changes.items
    assert (found.n_added, found.n_gone) == (1, 1)
    assert (len(change.come), change.go) == (1, (standing.supplier.legal_name_zh,))


def test_deploying_replaces_what_waits(session: Session, authority: Actor, computed: RunConfiguration) -> None:
    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)

    assert computed.state is RunState.DEPLOYED
    assert states(session) == [SuggestionState.WITHDRAWN, SuggestionState.SUGGESTED]


def test_undoing_brings_back_what_stood_before(session: Session, authority: Actor, computed: RunConfiguration) -> None:
    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)
    session.flush()

    service.undo(session, actor=authority, configuration_id=computed.id, now=NOON)

    assert computed.state is RunState.COMPUTED
    assert states(session) == [SuggestionState.SUGGESTED, SuggestionState.WITHDRAWN]


def test_what_was_decided_stays(
    session: Session, authority: Actor, standing: Suggestion, computed: RunConfiguration
) -> None:
    service.approve_suggestion(session, actor=authority, suggestion_id=standing.id, now=NOON)

    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)

    assert standing.state is SuggestionState.APPROVED


def test_only_one_is_in_use(
    session: Session, authority: Actor, standing: Suggestion, computed: RunConfiguration
) -> None:
    second = saved(session, authority, "上限10")
    service.store_plan(session, configuration_id=second.id, plan=plan(standing.need_id, standing.product), now=NOON)
    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)

    service.deploy(session, actor=authority, configuration_id=second.id, seen=computed.id, now=NOON)

    assert (computed.state, second.state) == (RunState.RETIRED, RunState.DEPLOYED)


def test_undoing_puts_the_rules_back_that_were_in_use_before(
    session: Session, authority: Actor, standing: Suggestion, computed: RunConfiguration
) -> None:
    second = saved(session, authority, "上限10", cap=10)
    service.store_plan(session, configuration_id=second.id, plan=plan(standing.need_id, standing.product), now=NOON)
    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)
    service.deploy(session, actor=authority, configuration_id=second.id, seen=computed.id, now=NOON)

    service.undo(session, actor=authority, configuration_id=second.id, now=NOON)

    assert (computed.state, second.state) == (RunState.DEPLOYED, RunState.COMPUTED)
    assert service.deployed_settings(session) == RunSettings()


def test_undoing_names_the_model_of_what_it_brings_back(
    session: Session, authority: Actor, standing: Suggestion, computed: RunConfiguration
) -> None:
    before = standing.model_version
    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)

    service.undo(session, actor=authority, configuration_id=computed.id, now=NOON)

    assert standing.model_version == before


def test_nobody_deploys_on_an_older_view_of_what_is_in_use(
    session: Session, authority: Actor, standing: Suggestion, computed: RunConfiguration
) -> None:
    second = saved(session, authority, "上限10")
    service.store_plan(session, configuration_id=second.id, plan=plan(standing.need_id, standing.product), now=NOON)
    service.deploy(session, actor=authority, configuration_id=computed.id, seen=None, now=NOON)

    with pytest.raises(Conflict, match="has changed since"):
        service.deploy(session, actor=authority, configuration_id=second.id, seen=None, now=NOON)


def test_only_what_is_not_as_usual_is_kept_of_the_emphasis(session: Session, authority: Actor) -> None:
    found = saved(session, authority, emphasis={"category": 150, "words": 100})

    assert found.settings["emphasis"] == {"category": 150}


def test_what_was_not_computed_is_not_deployed(session: Session, authority: Actor) -> None:
    with pytest.raises(Conflict):
        service.deploy(session, actor=authority, configuration_id=saved(session, authority).id, seen=None, now=NOON)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"max_firms": 0}, "max_firms"),
        ({"max_firms": 2, "min_firms": 3}, "min_firms"),
        ({"small_percent": 101}, "small_percent"),
        ({"weights": "mine"}, "weights"),
        ({"emphasis": {"category": 301}}, "weight_category"),
        ({"emphasis": {"stuffing": 49}}, "weight_stuffing"),
    ],
)
def test_rules_out_of_range_are_refused(session: Session, authority: Actor, rules: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        saved(session, authority, **rules)

    assert caught.value.field == field


def test_a_name_is_taken_once(session: Session, authority: Actor) -> None:
    saved(session, authority)

    with pytest.raises(RuleViolation, match="has this name"):
        saved(session, authority)


def test_the_operator_deploys_nothing(session: Session, computed: RunConfiguration) -> None:
    with pytest.raises(NotAllowed):
        service.deploy(session, actor=operator().as_actor(), configuration_id=computed.id, seen=None, now=NOON)
