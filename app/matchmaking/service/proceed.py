"""Two introduced companies go on: agreement, sample, evaluation, design-in, production, or an end with a reason."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.matchmaking import policy
from app.matchmaking.embargo import embargo_of
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.rules import step_faults
from app.matchmaking.workflow import CONFIRMED_BY_BOTH, EXCHANGES, PAIRING_WORKFLOW, PairingEvent, PairingState, Side
from app.outbox.service import publish

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import TakeStep

MISSING = "There is no such pairing."


def take_step(
    session: Session, *, actor: Actor, pairing_id: uuid.UUID, command: TakeStep, now: dt.datetime
) -> PairingStep:
    """Take one step for the actor's side; what both must confirm counts with the second confirmation.

    Raises NotFound, NotAllowed (the other side's step, or an embargo), Conflict (moved on, or confirmed already)
    or RuleViolation (something is missing).
    """
    pairing, side = _lock(session, actor, pairing_id, command.event)
    _check_embargo(session, pairing, command.event, now)
    target = PAIRING_WORKFLOW.step(pairing.state, command.event)
    others = _confirmations(session, pairing, command.event)
    if side in others:
        raise Conflict("Your company has already confirmed this.", code="already_confirmed")
    details = _details(command, others)
    for fault in step_faults(command.event, details):
        raise RuleViolation(fault.message, code="step_faulty", field=fault.field)
    is_half = command.event in CONFIRMED_BY_BOTH and not others
    step = PairingStep(
        id=uuid.uuid4(),
        pairing_id=pairing.id,
        event=command.event,
        side=side,
        reached=None if is_half else target,
        details=details,
        taken_by=actor.user_id,
        at=now,
    )
    session.add(step)
    _move(pairing, step)
    session.flush()
    _tell(session, actor, pairing, step)
    return step


def view_confidential(session: Session, *, actor: Actor, pairing_id: uuid.UUID) -> None:
    """Note on the trail that somebody looked at what is under the agreement. Raises NotFound or NotAllowed."""
    pairing = session.get(Pairing, pairing_id)
    if pairing is None or not policy.can_read(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id):
        raise NotFound(MISSING, code="not_found")
    policy.can_see_confidential(
        actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id, state=pairing.state
    ).enforce()
    side = policy.side_of(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id)
    audit.record(session, actor, "pairing.view_confidential", "pairing", pairing.id, side=side)


def _lock(session: Session, actor: Actor, pairing_id: uuid.UUID, event: PairingEvent) -> tuple[Pairing, Side]:
    """Load a pairing FOR UPDATE and the actor's side of it: the other side's confirmation must wait."""
    pairing = lock_one(session, select(Pairing).where(Pairing.id == pairing_id), of=[Pairing], missing=MISSING)
    parties = {"demand_id": pairing.demand_id, "supplier_id": pairing.supplier_id}
    side = policy.side_of(actor, **parties)
    if side is None:
        raise NotFound(MISSING, code="not_found")
    policy.can_step(actor, event=event, **parties).enforce()
    return pairing, side


def _check_embargo(session: Session, pairing: Pairing, event: PairingEvent, now: dt.datetime) -> None:
    if event in EXCHANGES:
        is_embargoed = embargo_of(session, pairing.demand_id, now=now) is not None
        policy.can_exchange(is_embargoed=is_embargoed).enforce()


def _confirmations(session: Session, pairing: Pairing, event: PairingEvent) -> dict[Side, PairingStep]:
    """Return who has confirmed an event that both must confirm."""
    if event not in CONFIRMED_BY_BOTH:
        return {}
    query = select(PairingStep).where(PairingStep.pairing_id == pairing.id, PairingStep.event == event)
    return {step.side: step for step in session.scalars(query)}


def _details(command: TakeStep, others: dict[Side, PairingStep]) -> dict[str, Any]:
    """Return what the step says; whoever signs second signs what the first one chose."""
    if command.event is PairingEvent.SIGN_NDA and others:
        (first,) = others.values()
        return {**command.details, "kind": first.details["kind"], "reference": first.details["reference"]}
    return dict(command.details)


def _move(pairing: Pairing, step: PairingStep) -> None:
    pairing.moved_at, pairing.reminded_at = step.at, None
    if step.reached is not None:
        pairing.state = step.reached
    if step.reached is PairingState.DROPPED:
        pairing.ended_at, pairing.declined_by_side = step.at, step.side
        pairing.decline_reason, pairing.decline_text = step.details["reason_code"], step.details["text"]


def _tell(session: Session, actor: Actor, pairing: Pairing, step: PairingStep) -> None:
    reason = {"reason_code": step.details["reason_code"]} if step.event is PairingEvent.DROP else {}
    audit.record(
        session, actor, f"pairing.{step.event}", "pairing", pairing.id, side=step.side, reached=step.reached, **reason
    )
    kind = "pairing.dropped" if step.event is PairingEvent.DROP else "pairing.advanced"
    publish(session, kind, now=step.at, step_id=str(step.id))
