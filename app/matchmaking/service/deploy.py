"""A computed configuration takes effect, and is undone: one officer at a time, each on what they saw."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import Conflict
from app.demands.models import Need
from app.matchmaking import policy
from app.matchmaking.commands import Candidate
from app.matchmaking.models import RunConfiguration, Suggestion
from app.matchmaking.service.configure import lock_configuration, stored
from app.matchmaking.service.suggest import store_suggestions
from app.matchmaking.workflow import RUN_WORKFLOW, WAITING, RunEvent, RunState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def deploy(
    session: Session, *, actor: Actor, configuration_id: uuid.UUID, seen: uuid.UUID | None, now: dt.datetime
) -> RunConfiguration:
    """Put a computed configuration in the place of what is suggested; what was decided stays.

    What stood before is kept, so that it can be undone. ``seen`` is the configuration that was in use when the
    officer decided, if any. Raises NotFound, NotAllowed or Conflict (another one is in use by now).
    """
    policy.can_decide(actor).enforce()
    _lock_all(session)
    found = lock_configuration(session, configuration_id)
    replaced = _in_use(session)
    if found.state is RunState.DEPLOYED:
        raise Conflict("This configuration has been put to use already.", code="already_deployed")
    if (replaced.id if replaced else None) != seen:
        raise Conflict("What is in use has changed since you opened this page.", code="in_use_changed")
    if replaced is not None:
        replaced.state = RUN_WORKFLOW.step(replaced.state, RunEvent.RETIRE)
        session.flush()
    found.state, found.before = RUN_WORKFLOW.step(found.state, RunEvent.DEPLOY), _standing(session, found.proposals)
    found.deployed_by, found.deployed_at, found.replaced_id = actor.user_id, now, seen
    n = _store(session, found.proposals, found.model_version, now)
    audit.record(session, actor, "run.deploy", "run", found.id, label=found.name, n_suggestions=n)
    return found


def undo(session: Session, *, actor: Actor, configuration_id: uuid.UUID, now: dt.datetime) -> RunConfiguration:
    """Bring back what was suggested before a configuration was deployed; what was decided since stays.

    The configuration that it replaced is in use again. Raises NotFound, NotAllowed or Conflict (it is not in use).
    """
    policy.can_decide(actor).enforce()
    _lock_all(session)
    found = lock_configuration(session, configuration_id)
    if found.state is not RunState.DEPLOYED:
        raise Conflict("This configuration is no longer in use.", code="not_in_use")
    found.state = RUN_WORKFLOW.step(found.state, RunEvent.UNDO)
    session.flush()
    if found.replaced_id is not None:
        _reinstate(session, found.replaced_id)
    n = _store(session, found.before, found.model_version, now)
    audit.record(session, actor, "run.undo", "run", found.id, label=found.name, n_suggestions=n)
    return found


def _lock_all(session: Session) -> None:
    """Let everybody else who deploys or undoes wait: which one is in use concerns all of them."""
    session.execute(select(RunConfiguration.id).order_by(RunConfiguration.id).with_for_update())


def _in_use(session: Session) -> RunConfiguration | None:
    query = select(RunConfiguration).where(RunConfiguration.state == RunState.DEPLOYED)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _reinstate(session: Session, configuration_id: uuid.UUID) -> None:
    replaced = lock_configuration(session, configuration_id)
    if replaced.state is RunState.RETIRED:
        replaced.state = RUN_WORKFLOW.step(replaced.state, RunEvent.REINSTATE)


def _store(session: Session, proposals: Mapping[str, Any], model_version: str, now: dt.datetime) -> int:
    """Store candidates need by need, in the order in which everybody locks needs; needs that are gone are left out."""
    ids = {uuid.UUID(one) for one in proposals}
    there = session.scalars(select(Need.id).where(Need.id.in_(ids)).order_by(Need.id))
    return sum(
        store_suggestions(
            session,
            need_id=need_id,
            candidates=[_candidate(one) for one in proposals[str(need_id)]],
            model_version=_version(proposals[str(need_id)], model_version),
            now=now,
        )
        for need_id in there.all()
    )


def _standing(session: Session, proposals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the waiting suggestions of the same needs as they stand, each with its model's version."""
    found: dict[str, list[dict[str, Any]]] = {need_id: [] for need_id in proposals}
    ids = [uuid.UUID(one) for one in proposals]
    query = select(Suggestion).where(Suggestion.need_id.in_(ids), Suggestion.state.in_(WAITING))
    for one in session.scalars(query.order_by(Suggestion.need_id, Suggestion.rank)):
        values = stored(Candidate(**{name: getattr(one, name) for name in Candidate.__dataclass_fields__}))
        found[str(one.need_id)].append({**values, "model_version": one.model_version})
    return found


def _version(rows: list[dict[str, Any]], model_version: str) -> str:
    return str(rows[0].get("model_version", model_version)) if rows else model_version


def _candidate(row: Mapping[str, Any]) -> Candidate:
    ids = {name: uuid.UUID(row[name]) for name in ("supplier_id", "product_id")}
    return Candidate(**{**{name: row[name] for name in Candidate.__dataclass_fields__}, **ids})
