"""Programmes written at the desk, and those every installation begins with."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.configurations import SEEDED
from app.challenges.models import Challenge, Programme
from app.challenges.programme_content import columns_of
from app.challenges.programme_rules import ALWAYS_OPEN, flaws
from app.challenges.service.edit import refuse
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.core.locking import lock_one

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.commands import SaveProgramme
    from app.core.actor import Actor

FROZEN = "Challenges were published under this rule, so that it stays as it is. Begin a new programme instead."


def seed_programmes(session: Session, *, now: dt.datetime) -> int:
    """Add the configurations that are not there yet and return how many; never change one."""
    known = set(session.scalars(sa.select(Programme.code)))
    missing = [command for command in SEEDED if command.code not in known]
    for command in missing:
        _add(session, SYSTEM, command, now)
    return len(missing)


def create_programme(session: Session, *, actor: Actor, command: SaveProgramme, now: dt.datetime) -> Programme:
    """Begin a programme. Raises NotAllowed or RuleViolation (contradictory, or the code is taken)."""
    policy.can_edit_programmes(actor).enforce()
    refuse(flaws(command))
    if session.scalar(sa.select(Programme.id).where(Programme.code == command.code)) is not None:
        raise RuleViolation("Another programme has this code.", code="programme_code", field="code")
    return _add(session, actor, command, now)


def save_programme(
    session: Session, *, actor: Actor, programme_id: uuid.UUID, command: SaveProgramme, now: dt.datetime
) -> Programme:
    """Change a programme. Raises NotFound, NotAllowed, Conflict (changed meanwhile) or RuleViolation.

    Once a challenge was published under it, its rules stay. ``now`` dates nothing but the trail.
    """
    policy.can_edit_programmes(actor).enforce()
    refuse(flaws(command))
    programme = lock_programme(session, programme_id)
    if command.version is not None and command.version != programme.version:
        raise Conflict("Somebody else has changed this programme meanwhile. Read it again.", code="stale")
    before = {name: getattr(programme, name) for name in columns_of(command)}
    changed = {name: value for name, value in columns_of(command).items() if value != before[name]}
    _check_frozen(session, programme, changed)
    for name, value in changed.items():
        setattr(programme, name, value)
    session.flush()
    details = {name: {"before": before[name], "after": value} for name, value in changed.items()}
    audit.record(session, actor, "programme.edit", "programme", programme.id, label=programme.name, changes=details)
    return programme


def lock_programme(session: Session, programme_id: uuid.UUID, *, is_shared: bool = False) -> Programme:
    """Load a programme to be changed, or ``is_shared`` to rest on its rules; raise NotFound."""
    query = sa.select(Programme).where(Programme.id == programme_id)
    missing = "There is no such programme."
    return lock_one(session, query, of=[Programme], missing=missing, code="programme_not_found", is_shared=is_shared)


def n_published(session: Session, programme_id: uuid.UUID) -> int:
    """Return how many challenges were ever published under a programme."""
    query = sa.select(sa.func.count()).where(Challenge.programme_id == programme_id, Challenge.code.is_not(None))
    return session.scalar(query) or 0


def _check_frozen(session: Session, programme: Programme, changed: dict[str, object]) -> None:
    fixed = sorted(changed.keys() - ALWAYS_OPEN)
    if fixed and n_published(session, programme.id):
        raise RuleViolation(FROZEN, code="programme_frozen", field=_field_of(fixed[0]))


def _field_of(column: str) -> str:
    return "budget_multiple" if column == "co_funding" else column


def _add(session: Session, actor: Actor, command: SaveProgramme, now: dt.datetime) -> Programme:
    programme = Programme(**columns_of(command), created_at=now)
    session.add(programme)
    session.flush()
    audit.record(session, actor, "programme.create", "programme", programme.id, label=programme.name)
    return programme
