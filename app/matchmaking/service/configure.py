"""Named configurations of a run: kept, computed, compared, deployed, and undone."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.audit import service as audit
from app.core.errors import NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.matchmaking import policy
from app.matchmaking.commands import Candidate, RunSettings
from app.matchmaking.models import RunConfiguration, Suggestion
from app.matchmaking.service.suggest import WAITING, store_suggestions
from app.matchmaking.workflow import RUN_WORKFLOW, RunEvent, RunState
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.service.plan import Plan

MISSING = "There is no such configuration."
WEIGHTS = ("in_use", "shipped")
LIMITS = {"max_firms": (1, 12), "min_percent": (0, 90), "cap": (0, 500), "small_percent": (0, 100)}
"""Least and largest value of each rule."""


def save_configuration(
    session: Session, *, actor: Actor, name: str, settings: RunSettings, now: dt.datetime
) -> RunConfiguration:
    """Keep a new configuration and have it computed. Raises NotAllowed, or RuleViolation beside a field."""
    policy.can_decide(actor).enforce()
    if not name:
        raise RuleViolation("Give the configuration a name.", code="name_missing", field="name")
    if session.scalar(select(RunConfiguration.id).where(RunConfiguration.name == name)) is not None:
        raise RuleViolation("Another configuration has this name.", code="name_taken", field="name")
    for field, (low, high) in LIMITS.items():
        if not low <= getattr(settings, field) <= high:
            raise RuleViolation("This value is out of range.", code="out_of_range", field=field)
    if settings.weights not in WEIGHTS:
        raise RuleViolation("Choose which weights to use.", code="weights", field="weights")
    found = RunConfiguration(
        id=uuid.uuid4(), name=name, settings=asdict(settings), state=RUN_WORKFLOW.initial, created_by=actor.user_id,
        created_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    audit.record(session, actor, "run.configure", "run_configuration", found.id, label=name, **asdict(settings))
    _queue(session, found, now)
    return found


def recompute_configuration(session: Session, *, actor: Actor, configuration_id: uuid.UUID, now: dt.datetime) -> None:
    """Have a configuration computed again. Raises NotFound, NotAllowed or Conflict (it is in use)."""
    policy.can_decide(actor).enforce()
    found = _lock(session, configuration_id)
    RUN_WORKFLOW.step(found.state, RunEvent.COMPUTE)
    audit.record(session, actor, "run.compute", "run_configuration", found.id, label=found.name)
    _queue(session, found, now)


def settings_of(session: Session, configuration_id: uuid.UUID) -> RunSettings:
    """Return the rules of a configuration. Raises NotFound."""
    found = session.get(RunConfiguration, configuration_id)
    if found is None:
        raise NotFound(MISSING, code="not_found")
    return RunSettings(**found.settings)


def deployed_settings(session: Session) -> RunSettings | None:
    """Return the rules in use, or None while none were deployed."""
    stored = session.scalar(select(RunConfiguration.settings).where(RunConfiguration.state == RunState.DEPLOYED))
    return RunSettings(**stored) if stored else None


def store_plan(session: Session, *, configuration_id: uuid.UUID, plan: Plan, now: dt.datetime) -> None:
    """Keep what a configuration would suggest. Raises NotFound or Conflict."""
    found = _lock(session, configuration_id)
    found.state = RUN_WORKFLOW.step(found.state, RunEvent.COMPUTE)
    found.figures, found.model_version, found.computed_at = plan.figures, plan.model_version, now
    found.proposals = {str(need_id): [_stored(one) for one in rows] for need_id, rows in plan.candidates.items()}


def store_contradiction(
    session: Session, *, configuration_id: uuid.UUID, relaxations: Sequence[Mapping[str, Any]], now: dt.datetime
) -> None:
    """Keep that the rules contradict one another, and what would do. Raises NotFound or Conflict."""
    found = _lock(session, configuration_id)
    found.state = RUN_WORKFLOW.step(found.state, RunEvent.FAIL)
    found.figures, found.proposals, found.computed_at = {"relaxations": list(relaxations)}, {}, now


def deploy(session: Session, *, actor: Actor, configuration_id: uuid.UUID, now: dt.datetime) -> RunConfiguration:
    """Put a computed configuration in the place of what is suggested; what was decided stays.

    What stood before is kept, so that it can be undone. Raises NotFound, NotAllowed or Conflict.
    """
    policy.can_decide(actor).enforce()
    for other in session.scalars(
        select(RunConfiguration).where(RunConfiguration.state == RunState.DEPLOYED).with_for_update()
    ):
        other.state = RUN_WORKFLOW.step(other.state, RunEvent.RETIRE)
    session.flush()
    found = _lock(session, configuration_id)
    before = _standing(session, found.proposals)
    found.state, found.before = RUN_WORKFLOW.step(found.state, RunEvent.DEPLOY), before
    found.deployed_by, found.deployed_at = actor.user_id, now
    n = _store(session, found.proposals, found.model_version, now)
    audit.record(session, actor, "run.deploy", "run_configuration", found.id, label=found.name, n_suggestions=n)
    return found


def undo(session: Session, *, actor: Actor, configuration_id: uuid.UUID, now: dt.datetime) -> RunConfiguration:
    """Bring back what was suggested before a configuration was deployed; what was decided since stays.

    Raises NotFound, NotAllowed or Conflict (it is not in use).
    """
    policy.can_decide(actor).enforce()
    found = _lock(session, configuration_id)
    found.state = RUN_WORKFLOW.step(found.state, RunEvent.UNDO)
    n = _store(session, found.before, found.model_version, now)
    audit.record(session, actor, "run.undo", "run_configuration", found.id, label=found.name, n_suggestions=n)
    return found


def _lock(session: Session, configuration_id: uuid.UUID) -> RunConfiguration:
    query = select(RunConfiguration).where(RunConfiguration.id == configuration_id)
    query = query.options(undefer(RunConfiguration.proposals), undefer(RunConfiguration.before))
    return lock_one(session, query, of=[RunConfiguration], missing=MISSING)


def _queue(session: Session, found: RunConfiguration, now: dt.datetime) -> None:
    key = f"matching.configuration:{found.id}"
    publish(session, "matching.configuration", now=now, key=key, configuration_id=str(found.id))


def _store(session: Session, proposals: Mapping[str, Any], model_version: str, now: dt.datetime) -> int:
    """Store candidates need by need, in the order in which everybody locks needs; needs that are gone are left out."""
    ids = {uuid.UUID(one) for one in proposals}
    there = session.scalars(select(Need.id).where(Need.id.in_(ids)).order_by(Need.id))
    return sum(
        store_suggestions(
            session,
            need_id=need_id,
            candidates=[_candidate(one) for one in proposals[str(need_id)]],
            model_version=model_version,
            now=now,
        )
        for need_id in there.all()
    )


def _standing(session: Session, proposals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the waiting suggestions of the same needs as they stand."""
    found: dict[str, list[dict[str, Any]]] = {need_id: [] for need_id in proposals}
    ids = [uuid.UUID(one) for one in proposals]
    query = select(Suggestion).where(Suggestion.need_id.in_(ids), Suggestion.state.in_(WAITING))
    for one in session.scalars(query.order_by(Suggestion.need_id, Suggestion.rank)):
        found[str(one.need_id)].append(
            _stored(Candidate(**{name: getattr(one, name) for name in Candidate.__dataclass_fields__}))
        )
    return found


def _stored(one: Candidate) -> dict[str, Any]:
    return {**asdict(one), "supplier_id": str(one.supplier_id), "product_id": str(one.product_id)}


def _candidate(stored: Mapping[str, Any]) -> Candidate:
    ids = {name: uuid.UUID(stored[name]) for name in ("supplier_id", "product_id")}
    return Candidate(**{**stored, **ids})
