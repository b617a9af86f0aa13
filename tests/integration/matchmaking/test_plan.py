"""A configuration computed by its job, with the real model on a small catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.models import Organization
from app.jobs.matching import model_dir, recompute_all
from app.jobs.run import run_one
from app.matchmaking import service
from app.matchmaking.commands import RunSettings
from app.matchmaking.engine import current_matcher
from app.matchmaking.models import MatchRun, RunConfiguration, Suggestion
from app.matchmaking.workflow import RunState, SuggestionState
from app.outbox.models import Job
from app.outbox.service import enqueue
from tests.factories.accounts import officer
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import SuggestionFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.demands.models import Need

pytestmark = pytest.mark.usefixtures("catalogue")
ANY_FIT = {"min_percent": 0, "max_firms": 3}


def computed(app: Flask, session: Session, **rules: Any) -> RunConfiguration:
    """Save a configuration, and let its job compute it."""
    found = service.save_configuration(
        session, actor=officer().as_actor(), name="规则", settings=RunSettings(**rules), now=NOON
    )
    job = session.query(Job).filter_by(kind="matching.configuration").one()
    session.commit()
    assert run_one(app, worker="test", job_id=job.id)
    session.expire_all()
    return found


def shown(found: RunConfiguration, need: Need) -> set[str]:
    return {one["supplier_id"] for one in found.proposals[str(need.id)]}


def firm(product: ChipProduct) -> str:
    return str(product.organization_id)


def test_the_best_firm_is_chosen_with_its_evidence(
    app: Flask, session: Session, catalogue: dict[str, ChipProduct]
) -> None:
    need = NeedFactory()

    found = computed(app, session, max_firms=1)

    (one,) = found.proposals[str(need.id)]
    assert found.state is RunState.COMPUTED
    assert one["supplier_id"] == firm(catalogue["monitor"])
    assert one["reasons"]["contributions"]
    assert 0.9 < found.figures["kept"] <= 1.0


def test_rules_that_bind_nothing_suggest_what_is_suggested_without_any(app: Flask, session: Session) -> None:
    need = NeedFactory()
    session.flush()
    with app.app_context():
        usual = service.candidates(session, current_matcher(session, model_dir()), [need.id])

    found = computed(app, session)

    rows = found.proposals[str(need.id)]
    assert [(one["supplier_id"], one["score"]) for one in rows] == [
        (str(one.supplier_id), one.score) for one in usual[need.id]
    ]


def test_a_cap_gives_the_second_need_another_firm(app: Flask, session: Session) -> None:
    first, second = NeedFactory(), NeedFactory()

    found = computed(app, session, min_percent=0, max_firms=1, min_firms=1, cap=1)

    assert len(shown(found, first) | shown(found, second)) == 2
    assert found.figures["gini"] < 0.5


def test_every_need_has_its_floor(app: Flask, session: Session) -> None:
    need = NeedFactory()

    found = computed(app, session, **ANY_FIT, min_firms=3)

    assert len(shown(found, need)) == 3


def test_a_firm_that_was_never_paired_has_its_place(
    app: Flask, session: Session, catalogue: dict[str, ChipProduct]
) -> None:
    need = NeedFactory()

    found = computed(app, session, min_percent=0, max_firms=3, has_newcomer_slot=True)

    assert shown(found, need) == {firm(product) for product in catalogue.values()}


def test_more_new_firms_than_places_are_explained(app: Flask, session: Session) -> None:
    NeedFactory()

    found = computed(app, session, min_percent=0, max_firms=1, has_newcomer_slot=True)

    assert found.state is RunState.INFEASIBLE
    assert {one["kind"] for one in found.figures["relaxations"]} <= {"newcomer_floor", "need_max"}


def test_too_few_small_firms_are_explained_in_per_cent(app: Flask, session: Session) -> None:
    NeedFactory()
    session.query(Organization).update({"size_class": "large"})

    found = computed(app, session, **ANY_FIT, small_percent=50)

    (relaxation,) = found.figures["relaxations"]
    assert (relaxation["kind"], relaxation["bound"], relaxation["needed"]) == ("small_total", 50, 0)


def test_emphasis_changes_the_fit_and_names_its_weights(app: Flask, session: Session) -> None:
    need = NeedFactory()
    usual = service.save_configuration(
        session, actor=officer().as_actor(), name="照常", settings=RunSettings(), now=NOON
    )
    session.query(Job).filter_by(kind="matching.configuration").delete()

    found = computed(app, session, emphasis={"category": 0, "concepts": 0})

    assert usual.state is RunState.DRAFT
    assert "~" in found.model_version
    assert found.proposals[str(need.id)]


def published_later(app: Flask, session: Session) -> Any:
    """Return a need that was published after all others and has been computed."""
    need = NeedFactory()
    job_id = enqueue(session, "need.changed", now=NOON, payload={"need_id": str(need.id)})
    session.commit()
    assert run_one(app, worker="test", job_id=job_id)
    session.expire_all()
    return need


def test_a_need_published_later_is_computed_with_the_deployed_rules(app: Flask, session: Session) -> None:
    found = computed(app, session, **ANY_FIT, emphasis={"words": 150})
    service.deploy(session, actor=officer().as_actor(), configuration_id=found.id, seen=None, now=NOON)

    need = published_later(app, session)

    standing = session.query(Suggestion).filter_by(need_id=need.id).all()
    assert len(standing) == 3
    assert {"~" in one.model_version for one in standing} == {True}


def test_a_need_published_later_keeps_the_deployed_cap(app: Flask, session: Session) -> None:
    first = NeedFactory()
    found = computed(app, session, min_percent=0, max_firms=1, cap=1)
    service.deploy(session, actor=officer().as_actor(), configuration_id=found.id, seen=None, now=NOON)

    second = published_later(app, session)

    [of_first] = session.query(Suggestion).filter_by(need_id=first.id).all()
    [of_second] = session.query(Suggestion).filter_by(need_id=second.id).all()
    assert of_first.supplier_id != of_second.supplier_id


def test_a_firm_that_was_rejected_everywhere_is_not_at_its_cap(session: Session) -> None:
    waiting = SuggestionFactory()
    SuggestionFactory(product=waiting.product)
    SuggestionFactory(product=waiting.product, state=SuggestionState.REJECTED, reason_code="other", decided_at=NOON)

    assert service.firms_at_cap(session, 2, besides=()) == {waiting.supplier_id}
    assert service.firms_at_cap(session, 3, besides=()) == frozenset()
    assert service.firms_at_cap(session, 2, besides=[waiting.need_id]) == frozenset()


def test_rules_that_contradict_by_now_are_kept_with_the_run_and_their_cap_holds(app: Flask, session: Session) -> None:
    NeedFactory()
    found = computed(app, session, min_percent=0, max_firms=1, min_firms=1, cap=1)
    service.deploy(session, actor=officer().as_actor(), configuration_id=found.id, seen=None, now=NOON)
    NeedFactory.create_batch(4)
    session.commit()

    with app.app_context():
        recompute_all(lambda _done, _total: None, trigger="test")

    session.expire_all()
    run = session.query(MatchRun).one()
    firms = [one.supplier_id for one in session.query(Suggestion).filter_by(state=SuggestionState.SUGGESTED)]
    assert run.figures["relaxations"]
    assert len(firms) == len(set(firms)) > 0
