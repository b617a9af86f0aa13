"""Named configurations of a run: kept, and computed before they take effect."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.audit import service as audit
from app.core.errors import NotFound, RuleViolation
from app.core.locking import lock_one
from app.matchmaking import policy
from app.matchmaking.commands import RunSettings
from app.matchmaking.emphasis import changed, faults
from app.matchmaking.models import RunConfiguration
from app.matchmaking.workflow import RUN_WORKFLOW, RunEvent, RunState
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import Candidate
    from app.matchmaking.service.plan import Plan

MISSING = "There is no such configuration."
WEIGHTS = ("in_use", "shipped")
LIMITS = {
    "max_firms": (1, 12),
    "min_firms": (0, 12),
    "min_percent": (0, 90),
    "cap": (0, 500),
    "small_percent": (0, 100),
}
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
    _check(settings)
    settings = replace(settings, emphasis=changed(settings.emphasis))
    found = RunConfiguration(
        id=uuid.uuid4(), name=name, settings=asdict(settings), state=RUN_WORKFLOW.initial, created_by=actor.user_id,
        created_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    audit.record(session, actor, "run.configure", "run", found.id, label=name, **asdict(settings))
    _queue(session, found, now)
    return found


def _check(settings: RunSettings) -> None:
    for field, (low, high) in LIMITS.items():
        if not low <= getattr(settings, field) <= high:
            raise RuleViolation("This value is out of range.", code="out_of_range", field=field)
    if settings.min_firms > settings.max_firms:
        raise RuleViolation("The least cannot be more than the most.", code="least_above_most", field="min_firms")
    if settings.weights not in WEIGHTS:
        raise RuleViolation("Choose which weights to use.", code="weights", field="weights")
    for name in faults(settings.emphasis):
        raise RuleViolation("This value is out of range.", code="out_of_range", field=f"weight_{name}")


def recompute_configuration(session: Session, *, actor: Actor, configuration_id: uuid.UUID, now: dt.datetime) -> None:
    """Have a configuration computed again. Raises NotFound, NotAllowed or Conflict (it is in use)."""
    policy.can_decide(actor).enforce()
    found = lock_configuration(session, configuration_id)
    RUN_WORKFLOW.step(found.state, RunEvent.COMPUTE)
    audit.record(session, actor, "run.compute", "run", found.id, label=found.name)
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
    found = lock_configuration(session, configuration_id)
    found.state = RUN_WORKFLOW.step(found.state, RunEvent.COMPUTE)
    found.figures, found.model_version, found.computed_at = plan.figures, plan.model_version, now
    found.proposals = {str(need_id): [stored(one) for one in rows] for need_id, rows in plan.candidates.items()}


def store_contradiction(
    session: Session, *, configuration_id: uuid.UUID, relaxations: Sequence[Mapping[str, Any]], now: dt.datetime
) -> None:
    """Keep that the rules contradict one another, and what would do. Raises NotFound or Conflict."""
    found = lock_configuration(session, configuration_id)
    found.state = RUN_WORKFLOW.step(found.state, RunEvent.FAIL)
    found.figures, found.proposals, found.computed_at = {"relaxations": list(relaxations)}, {}, now


def lock_configuration(session: Session, configuration_id: uuid.UUID) -> RunConfiguration:
    """Load a configuration FOR UPDATE with all that it would suggest. Raises NotFound."""
    query = select(RunConfiguration).where(RunConfiguration.id == configuration_id)
    query = query.options(undefer(RunConfiguration.proposals), undefer(RunConfiguration.before))
    return lock_one(session, query, of=[RunConfiguration], missing=MISSING)


def _queue(session: Session, found: RunConfiguration, now: dt.datetime) -> None:
    key = f"matching.configuration:{found.id}"
    publish(session, "matching.configuration", now=now, key=key, configuration_id=str(found.id))


def stored(one: Candidate) -> dict[str, Any]:
    """Return a candidate as JSON values."""
    return {**asdict(one), "supplier_id": str(one.supplier_id), "product_id": str(one.product_id)}
