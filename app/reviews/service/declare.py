"""Before the first look at a bid: the pledge, or stepping back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.core.errors import NotFound, RuleViolation
from app.reviews import policy
from app.reviews.candidates import conflicts_of
from app.reviews.conflicts import Ground
from app.reviews.parties import bidders_of, owner_of
from app.reviews.service.locked import NO_SEAT, lock_seat
from app.reviews.service.panel import check_before_meeting, draw_replacement
from app.reviews.workflow import HELD, PANEL_WORKFLOW, SEAT_WORKFLOW, PanelEvent, PanelState, SeatEvent, SeatState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.commands import Declare
    from app.reviews.conflicts import Finding
    from app.reviews.models import ReviewSeat

MIN_REASON = 5


def declare(session: Session, *, actor: Actor, seat_id: uuid.UUID, command: Declare, now: dt.datetime) -> ReviewSeat:
    """Pledge confidentiality and that there is no conflict, or declare one and be replaced.

    The portal looks for conflicts itself once more. Raises NotFound, NotAllowed, RuleViolation or Conflict.
    """
    seat = lock_seat(session, seat_id, with_panel=True)
    check_holder(actor, seat)
    if command.has_conflict:
        return _recuse(session, actor, seat, command.reason, [Ground.DECLARED], now)
    if not command.is_pledged:
        raise RuleViolation("Without the pledge you cannot see the bids.", code="no_pledge", field="is_pledged")
    found = conflicts_now(session, seat, now)
    if found:
        grounds = sorted({finding.ground for finding in found})
        return _recuse(session, actor, seat, "Found by the portal", grounds, now)
    seat.state = SEAT_WORKFLOW.step(seat.state, SeatEvent.PLEDGE)
    seat.pledged_at, seat.pledged_by = now, actor.user_id
    session.flush()
    _record(session, actor, seat, "review.pledge")
    return seat


def decline(session: Session, *, actor: Actor, seat_id: uuid.UUID, reason: str, now: dt.datetime) -> ReviewSeat:
    """Give back a seat for want of time; somebody else is drawn. Raises NotFound, NotAllowed or Conflict."""
    seat = lock_seat(session, seat_id, with_panel=True)
    check_holder(actor, seat)
    _check_expert(seat)
    seat.state, seat.reason = SEAT_WORKFLOW.step(seat.state, SeatEvent.DECLINE), reason
    session.flush()
    _record(session, actor, seat, "review.decline")
    draw_replacement(session, actor, seat, now)
    return seat


def check_holder(actor: Actor, seat: ReviewSeat) -> None:
    """Raise NotFound for other people's seats, NotAllowed for those who may only read."""
    user_id = seat.expert.user_id if seat.expert is not None else None
    owner_id = seat.panel.challenge.organization_id
    decision = policy.can_sit(actor, user_id=user_id, owner_id=owner_id)
    if not decision and (user_id is not None or not actor.belongs_to(owner_id)):
        raise NotFound(NO_SEAT, code="seat_not_found")
    decision.enforce()
    if seat.state is SeatState.CHOSEN or (seat.state not in HELD and seat.state is not SeatState.RECUSED):
        raise NotFound(NO_SEAT, code="seat_not_found")


def conflicts_now(session: Session, seat: ReviewSeat, now: dt.datetime) -> tuple[Finding, ...]:
    """Return the conflicts of an expert with bidders and owner as they are known now."""
    if seat.expert is None:
        return ()
    bidders = bidders_of(session, [entry.bid for entry in seat.panel.entries])
    return conflicts_of(seat.expert, [*bidders, owner_of(session, seat.panel.challenge)], now)


def _recuse(
    session: Session, actor: Actor, seat: ReviewSeat, reason: str, grounds: list[Ground], now: dt.datetime
) -> ReviewSeat:
    if len(reason) < MIN_REASON:
        raise RuleViolation("Say what the conflict is.", code="no_reason", field="reason")
    _check_expert(seat)
    if seat.panel.state is PanelState.CONSENSUS:
        seat.panel.state = PANEL_WORKFLOW.step(seat.panel.state, PanelEvent.RESUME)
    check_before_meeting(seat.panel)
    seat.state = SEAT_WORKFLOW.step(seat.state, SeatEvent.RECUSE)
    seat.reason, seat.grounds = reason, [ground.value for ground in grounds]
    session.flush()
    _record(session, actor, seat, "review.recuse", grounds=seat.grounds)
    draw_replacement(session, actor, seat, now)
    return seat


def _check_expert(seat: ReviewSeat) -> None:
    if seat.expert is None:
        raise RuleViolation("The owner cannot give this seat away. Tell the authority instead.", code="owners_seat")


def _record(session: Session, actor: Actor, seat: ReviewSeat, action: str, **details: object) -> None:
    challenge = seat.panel.challenge
    audit.record(session, actor, action, "review", seat.panel_id, label=challenge.title, seat=str(seat.id), **details)
