"""Writing a challenge while it is a draft, or after it was returned."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.challenges import policy
from app.challenges.content import fill
from app.challenges.models import Challenge, Programme
from app.challenges.rules import faults
from app.challenges.service.locked import lock_challenge
from app.core.errors import RuleViolation
from app.demands.service.edit import check_version
from app.demands.workflow import PostingMode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.challenges.commands import SaveChallenge
    from app.core.actor import Actor
    from app.demands.rules import Fault


def create_challenge(session: Session, *, actor: Actor, command: SaveChallenge, now: dt.datetime) -> Challenge:
    """Begin a draft for the actor's company. Raises NotAllowed or RuleViolation (a contradiction)."""
    policy.can_draft(actor).enforce()
    check(command, complete=False)
    challenge = Challenge(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        contact_user_id=actor.user_id,
        mode=_mode(session, command),
        params=[],
        categories=[],
        kpis=[],
    )
    fill(challenge, command, now)
    session.add(challenge)
    session.flush()
    audit.record(session, actor, "challenge.create", "challenge", challenge.id, label=challenge.title)
    return challenge


def save_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: SaveChallenge, now: dt.datetime
) -> Challenge:
    """Overwrite a draft. Raises NotFound, NotAllowed, RuleViolation or Conflict (changed meanwhile)."""
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_edit(actor, organization_id=challenge.organization_id, state=challenge.state).enforce()
    check_version(challenge, command.need.version)
    check(command, complete=False)
    _free_codes(session, challenge)
    challenge.mode = _mode(session, command)
    fill(challenge, command, now)
    session.flush()
    audit.record(session, actor, "challenge.edit", "challenge", challenge.id, label=challenge.title)
    return challenge


def check(command: SaveChallenge, *, complete: bool) -> None:
    """Raise RuleViolation for the first fault."""
    refuse(faults(command, complete=complete))


def refuse(found: Sequence[Fault]) -> None:
    """Raise RuleViolation for the first of some faults; none, no refusal."""
    if found:
        raise RuleViolation(found[0].message, code="challenge_faulty", field=found[0].field)


def _mode(session: Session, command: SaveChallenge) -> PostingMode:
    """Return the mode of the programme; raise RuleViolation when that takes no challenges."""
    if command.programme_id is None:
        return PostingMode.ENTERPRISE_POSED
    programme = session.get(Programme, command.programme_id)
    if programme is None or not programme.is_open:
        raise RuleViolation(
            "This programme takes no challenges at present.", code="programme_shut", field="programme_id"
        )
    return programme.mode


def _free_codes(session: Session, challenge: Challenge) -> None:
    """Give stored indicators codes nobody uses: renumbering row by row would meet a code still in use."""
    for position, kpi in enumerate(challenge.kpis):
        kpi.code = f"~{position}"
    session.flush()
