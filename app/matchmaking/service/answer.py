"""The two companies answer; both yes makes an introduction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.matchmaking import policy
from app.matchmaking.labels import DECLINE_REASONS
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import PAIRING_WORKFLOW, PairingEvent, PairingState, Side
from app.outbox.service import publish

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import DeclinePairing

BASIS = "pipl_article_23_consent"
"""Why a contact may be passed on: its company's consent, given by accepting (Personal Information Protection Law)."""


def accept_pairing(session: Session, *, actor: Actor, pairing_id: uuid.UUID, now: dt.datetime) -> Pairing:
    """Say yes for the actor's side; the second yes introduces the companies to each other.

    Raises NotFound, NotAllowed, or Conflict (answered already, ended, or past the reply date).
    """
    pairing, side = _lock(session, actor, pairing_id)
    if now >= pairing.reply_by:
        raise Conflict("The time to answer is over.", code="reply_late")
    if _accepted_at(pairing, side) is not None:
        raise Conflict("Your company has already accepted.", code="already_accepted")
    both = _accepted_at(pairing, Side.SUPPLY if side is Side.DEMAND else Side.DEMAND) is not None
    _note_acceptance(pairing, side, actor, now)
    if both:
        pairing.state = PAIRING_WORKFLOW.step(pairing.state, PairingEvent.INTRODUCE)
        pairing.introduced_at, pairing.reminded_at = now, None
    kind = "pairing.introduced" if both else "pairing.accepted"
    audit.record(session, actor, "pairing.accept", "pairing", pairing.id, side=side, introduced=both, basis=BASIS)
    publish(session, kind, now=now, pairing_id=str(pairing.id), side=side)
    return pairing


def decline_pairing(
    session: Session, *, actor: Actor, pairing_id: uuid.UUID, command: DeclinePairing, now: dt.datetime
) -> Pairing:
    """Say no for the actor's side, with a reason. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    if command.reason_code not in DECLINE_REASONS:
        raise RuleViolation("Choose a reason.", code="reason_missing", field="reason_code")
    if command.reason_code == "other" and not command.text:
        raise RuleViolation("Say the reason in a few words.", code="reason_missing", field="text")
    pairing, side = _lock(session, actor, pairing_id)
    pairing.state = PAIRING_WORKFLOW.step(pairing.state, PairingEvent.DECLINE)
    pairing.declined_by_side, pairing.ended_at = side, now
    pairing.decline_reason, pairing.decline_text = command.reason_code, command.text
    audit.record(session, actor, "pairing.decline", "pairing", pairing.id, side=side, reason_code=command.reason_code)
    publish(session, "pairing.declined", now=now, pairing_id=str(pairing.id), side=side)
    return pairing


def _note_acceptance(pairing: Pairing, side: Side, actor: Actor, now: dt.datetime) -> None:
    pairing.moved_at = now
    if side is Side.DEMAND:
        pairing.demand_accepted_at, pairing.demand_accepted_by = now, actor.user_id
        pairing.demand_contact_id = actor.user_id
    else:
        pairing.supply_accepted_at, pairing.supply_accepted_by = now, actor.user_id
        pairing.supply_contact_id = actor.user_id


def _accepted_at(pairing: Pairing, side: Side) -> dt.datetime | None:
    return pairing.demand_accepted_at if side is Side.DEMAND else pairing.supply_accepted_at


def _lock(session: Session, actor: Actor, pairing_id: uuid.UUID) -> tuple[Pairing, Side]:
    """Load a pairing FOR UPDATE and the actor's side of it: the other side's answer must wait."""
    missing = "There is no such pairing."
    pairing = lock_one(session, select(Pairing).where(Pairing.id == pairing_id), of=[Pairing], missing=missing)
    side = policy.side_of(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id)
    if side is None:
        raise NotFound(missing, code="not_found")
    policy.can_answer(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id).enforce()
    if pairing.state is not PairingState.PROPOSED:
        raise Conflict("This pairing has been answered already.", code="already_answered")
    return pairing, side
