"""Jobs of the real model: needs and products come, change and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.audit.models import AuditEvent
from app.catalog.models import ProductParam
from app.catalog.workflow import ProductState
from app.demands.workflow import PostingState
from app.jobs.run import run_one
from app.matchmaking import engine
from app.matchmaking.models import MatchRun, Suggestion
from app.matchmaking.workflow import SuggestionState
from app.outbox.models import Job, JobState
from app.outbox.service import enqueue
from matching.engine import Matcher
from tests.factories.accounts import officer
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct

    Catalogue = dict[str, ChipProduct]


def run(app: Flask, session: Session, kind: str, **payload: Any) -> Job:
    """Queue a job, let the worker do it, and return it."""
    job_id = enqueue(session, kind, now=NOON, payload=payload)
    session.commit()
    assert run_one(app, worker="test", job_id=job_id)
    session.expire_all()
    job = session.get_one(Job, job_id)
    assert (job.state, job.last_error) == (JobState.DONE, "")
    return job


def suggested(session: Session) -> dict[Any, SuggestionState]:
    return {one.product_id: one.state for one in session.query(Suggestion)}


def test_a_new_need_gets_suggestions_with_their_evidence(app: Flask, session: Session, catalogue: Catalogue) -> None:
    need = NeedFactory()

    run(app, session, "need.changed", need_id=need.id)

    best = session.query(Suggestion).filter_by(rank=1).one()
    assert (best.product_id, best.need_id) == (catalogue["monitor"].id, need.id)
    assert (best.n_musts_met, best.n_musts_violated) == (best.n_musts, 0)
    assert {verdict["key"] for verdict in best.reasons["verdicts"]} >= {"cell_err", "cells", "sleep_i"}
    assert best.score > 0.5


def test_a_company_is_never_suggested_to_itself(app: Flask, session: Session, catalogue: Catalogue) -> None:
    need = NeedFactory(organization=catalogue["monitor"].organization)

    run(app, session, "need.changed", need_id=need.id)

    assert catalogue["monitor"].id not in suggested(session)


def test_a_need_that_was_closed_loses_what_nobody_decided(app: Flask, session: Session, catalogue: Catalogue) -> None:
    need = NeedFactory()
    run(app, session, "need.changed", need_id=need.id)
    need.state = PostingState.CLOSED
    session.commit()

    run(app, session, "need.changed", need_id=need.id)

    assert set(suggested(session).values()) == {SuggestionState.WITHDRAWN}


@pytest.mark.usefixtures("catalogue")
def test_a_new_product_is_found_at_once(app: Flask, session: Session, model_dir: Path) -> None:
    need = NeedFactory()
    run(app, session, "need.changed", need_id=need.id)
    product = ProductFactory()

    run(app, session, "product.changed", product_id=product.id)

    assert suggested(session)[product.id] is SuggestionState.SUGGESTED


def test_a_changed_sheet_changes_the_evidence(app: Flask, session: Session, catalogue: Catalogue) -> None:
    need, monitor = NeedFactory(), catalogue["monitor"]
    run(app, session, "need.changed", need_id=need.id)
    session.query(ProductParam).filter_by(product_id=monitor.id, key="cell_err").one().max = 5.0
    session.commit()

    run(app, session, "product.changed", product_id=monitor.id)

    found = session.query(Suggestion).filter_by(product_id=monitor.id).one()
    assert found.n_musts_violated == 1


def test_a_product_taken_back_is_no_longer_suggested(app: Flask, session: Session, catalogue: Catalogue) -> None:
    need, monitor = NeedFactory(), catalogue["monitor"]
    run(app, session, "need.changed", need_id=need.id)
    monitor.state, monitor.published_at = ProductState.ARCHIVED, None
    session.commit()

    run(app, session, "product.changed", product_id=monitor.id)

    assert suggested(session)[monitor.id] is SuggestionState.WITHDRAWN


def test_everything_is_computed_on_demand_and_the_run_is_kept(
    app: Flask, session: Session, catalogue: Catalogue
) -> None:
    authority = officer()
    _ = [NeedFactory(), NeedFactory(), NeedFactory(draft=True)]

    job = run(app, session, "matching.recompute", trigger="on_demand", requested_by=authority.id)

    done = session.query(MatchRun).one()
    assert (done.trigger, done.requested_by) == ("on_demand", authority.id)
    assert (done.n_needs, done.n_products) == (2, len(catalogue))
    assert done.n_suggestions == session.query(Suggestion).count()
    assert (job.progress_done, job.progress_total) == (2, 2)
    assert session.query(AuditEvent).one().action == "matching.compute"


@pytest.mark.usefixtures("catalogue")
def test_computing_again_changes_nothing(app: Flask, session: Session) -> None:
    NeedFactory()
    run(app, session, "matching.recompute")
    before = suggested(session)

    run(app, session, "matching.recompute")

    assert suggested(session) == before


def test_the_stored_model_is_loaded_again(app: Flask, session: Session, catalogue: Catalogue, model_dir: Path) -> None:
    before = engine.current_matcher(session, model_dir)
    engine._loaded.clear()

    after = engine.current_matcher(session, model_dir)

    assert after is not before
    assert (after.version, len(after)) == (before.version, len(catalogue))


@pytest.mark.usefixtures("catalogue")
def test_a_model_made_ready_is_the_one_that_is_used(
    session: Session, catalogue: Catalogue, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine._loaded.clear()

    engine.make_ready(model_dir)

    monkeypatch.setattr(Matcher, "load", None)
    assert len(engine.current_matcher(session, model_dir)) == len(catalogue)


def test_where_there_is_no_model_none_is_made_ready(model_dir: Path) -> None:
    engine.make_ready(model_dir)

    assert not model_dir.exists()


def test_a_change_leaves_the_model_others_compute_with_alone(session: Session, model_dir: Path) -> None:
    in_use = engine.current_matcher(session, model_dir)
    version, product = in_use.version, ProductFactory()

    changed = engine.update(session, model_dir, [product.id])

    assert in_use.version == version != changed.version
    assert engine.current_matcher(session, model_dir) is changed


@pytest.mark.usefixtures("catalogue")
def test_the_pointer_names_a_whole_model_and_old_ones_go(session: Session, model_dir: Path) -> None:
    _ = [engine.refit(session, model_dir) for _ in range(4)]

    folders = [path.name for path in model_dir.iterdir() if path.is_dir()]
    assert (model_dir / "current").read_text("ascii") in folders
    assert len(folders) == 2


@pytest.mark.parametrize("damage", ["cut off", "empty", "gone", "foreign"])
def test_a_damaged_model_is_fitted_again(session: Session, catalogue: Catalogue, model_dir: Path, damage: str) -> None:
    folder = model_dir / (model_dir / "current").read_text("ascii")
    array = folder / "alive.npy"
    act = {
        "cut off": lambda: array.write_bytes(array.read_bytes()[:20]),
        "empty": lambda: array.write_bytes(b""),
        "gone": array.unlink,
        "foreign": lambda: (folder / "manifest.json").write_text('{"format": 99}', encoding="ascii"),
    }
    act[damage]()
    engine._loaded.clear()

    matcher = engine.current_matcher(session, model_dir)

    assert len(matcher) == len(catalogue)


def test_without_any_model_one_is_fitted(session: Session, model_dir: Path) -> None:
    ProductFactory()

    assert len(engine.current_matcher(session, model_dir)) == 1
