"""Writing a need while it is a draft, or after it was returned."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.core.errors import Conflict, RuleViolation
from app.demands import policy
from app.demands.content import fill
from app.demands.models import Need
from app.demands.rules import faults
from app.demands.service.locked import lock_need

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.commands import SaveNeed


def create_need(session: Session, *, actor: Actor, command: SaveNeed, now: dt.datetime) -> Need:
    """Begin a draft for the actor's company. Raises NotAllowed or RuleViolation (a contradiction)."""
    policy.can_draft(actor).enforce()
    check(command, complete=False)
    need = Need(organization_id=actor.organization_id, created_by=actor.user_id, contact_user_id=actor.user_id,
                params=[], categories=[])  # fmt: skip
    fill(need, command, now)
    session.add(need)
    session.flush()
    audit.record(session, actor, "need.create", "need", need.id, label=need.title)
    return need


def save_need(session: Session, *, actor: Actor, need_id: uuid.UUID, command: SaveNeed, now: dt.datetime) -> Need:
    """Overwrite a draft. Raises NotFound, NotAllowed, RuleViolation or Conflict (changed meanwhile)."""
    need = lock_need(session, actor, need_id)
    policy.can_edit(actor, organization_id=need.organization_id, state=need.state).enforce()
    check_version(need, command.version)
    check(command, complete=False)
    fill(need, command, now)
    session.flush()
    audit.record(session, actor, "need.edit", "need", need.id, label=need.title)
    return need


def check(command: SaveNeed, *, complete: bool) -> None:
    """Raise RuleViolation for the first fault."""
    found = faults(command, complete=complete)
    if found:
        raise RuleViolation(found[0].message, code="need_faulty", field=found[0].field)


def check_version(need: Need, version: int | None) -> None:
    """Raise Conflict when the row has changed since the form was filled from it."""
    if version is not None and need.version != version:
        raise Conflict(
            "Somebody in your company has changed this in the meantime. What you typed is still here: compare it "
            "with the current version before you save again.",
            code="stale",
        )
