"""Computing suggestions: read and compute first, then write need by need, so that people never wait for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import NotFound
from app.db import current_session, transaction
from app.matchmaking import engine, service
from app.matchmaking.commands import RunSettings
from app.matchmaking.service.fairness import fairness
from app.matchmaking.service.plan import Contradiction, make_plan, weighted

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.matchmaking.commands import Candidate
    from matching.engine import Matcher

BATCH = 25


def need_changed(need_id: uuid.UUID) -> None:
    """Compute the suggestions of one need; a need that is no longer open loses those nobody has decided."""
    matcher = engine.current_matcher(current_session(), model_dir())
    suggest(matcher, [need_id])


def products_changed(product_ids: Sequence[uuid.UUID]) -> None:
    """Bring products up to date in the model and compute the needs that they may touch."""
    matcher = engine.update(current_session(), model_dir(), product_ids)
    suggest(matcher, service.needs_touched_by(current_session(), product_ids))


def recompute_all(
    progress: Callable[[int, int], None], *, trigger: str, actor: Actor = SYSTEM, is_refit: bool = True
) -> int:
    """Fit the model on the whole catalogue and compute every open need; return how many suggestions stand."""
    started_at = clock.now()
    if is_refit:
        matcher = engine.refit(current_session(), model_dir())
    else:
        matcher = engine.current_matcher(current_session(), model_dir())
    need_ids = service.open_need_ids(current_session())
    figures: dict[str, Any] = {}
    try:
        n_suggestions = _suggest_by_rules(matcher, need_ids)
    except Contradiction as error:
        n_suggestions, figures["relaxations"] = None, error.relaxations
    if n_suggestions is None:
        n_suggestions = suggest(matcher, need_ids, progress)
    figures["fairness"] = fairness(current_session(), matcher, need_ids)
    with transaction() as session:
        service.record_run(
            session,
            actor=actor,
            trigger=trigger,
            model_version=matcher.version,
            n_needs=len(need_ids),
            n_products=len(matcher),
            n_suggestions=n_suggestions,
            figures=figures,
            started_at=started_at,
            now=clock.now(),
        )
    return n_suggestions


def compute_configuration(configuration_id: uuid.UUID) -> None:
    """Compute what a configuration would suggest; contradictory rules are kept with what would do."""
    settings = service.settings_of(current_session(), configuration_id)
    matcher = engine.current_matcher(current_session(), model_dir())
    need_ids = service.open_need_ids(current_session())
    try:
        plan = make_plan(current_session(), matcher, settings, need_ids)
    except Contradiction as error:
        with transaction() as session:
            service.store_contradiction(
                session, configuration_id=configuration_id, relaxations=error.relaxations, now=clock.now()
            )
        return
    with transaction() as session:
        service.store_plan(session, configuration_id=configuration_id, plan=plan, now=clock.now())


def _suggest_by_rules(matcher: Matcher, need_ids: Sequence[uuid.UUID]) -> int | None:
    """Store what the deployed configuration suggests; None when there is none. Raises Contradiction."""
    settings = service.deployed_settings(current_session())
    if settings is None:
        return None
    plan = make_plan(current_session(), matcher, settings, need_ids)
    return _store(plan.candidates, plan.model_version)


def suggest(matcher: Matcher, need_ids: Sequence[uuid.UUID], progress: Callable[[int, int], None] | None = None) -> int:
    """Store what the model proposes for these needs, batch by batch; return how many suggestions stand.

    Weights, least fit, places and the cap on a firm are those of the deployed configuration; with a cap it goes need
    by need. Its guaranteed places concern all needs together: the next computation of everything fills them.
    """
    settings = service.deployed_settings(current_session()) or RunSettings()
    matcher, n_standing, size = weighted(matcher, settings), 0, 1 if settings.cap else BATCH
    for start in range(0, len(need_ids), size):
        batch = need_ids[start : start + size]
        full = service.firms_at_cap(current_session(), settings.cap, besides=batch) if settings.cap else ()
        found = service.candidates(
            current_session(), matcher, batch,
            max_firms=settings.max_firms, min_score=settings.min_percent / 100, barred=full,
        )  # fmt: skip
        n_standing += _store(found, matcher.version)
        current_session().expunge_all()
        if progress is not None:
            progress(start + len(batch), len(need_ids))
    return n_standing


def _store(found: Mapping[uuid.UUID, Sequence[Candidate]], model_version: str) -> int:
    n_standing = 0
    with transaction() as session:
        for need_id, candidates in found.items():
            try:
                n_standing += service.store_suggestions(
                    session, need_id=need_id, candidates=candidates, model_version=model_version, now=clock.now()
                )
            except NotFound:
                continue  # deleted while the model was computing
    return n_standing


def model_dir() -> Path:
    """Return where the fitted models of this portal lie."""
    folder: Path = current_app.extensions["chipbridge_settings"].model_dir
    return folder
