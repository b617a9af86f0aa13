"""Pairings that stand still: both are reminded, then the pairing ends."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, or_, select, update

from app.audit import service as audit
from app.core.actor import SYSTEM
from app.matchmaking.embargo import embargoed_owners
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import PAIRING_WORKFLOW, UNFINISHED, PairingEvent, PairingState
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

REMIND_BEFORE = dt.timedelta(days=3)
"""How long before the reply date whoever has not answered is reminded."""
STILL_AFTER = dt.timedelta(days=30)
"""How long an introduced pairing may rest before both are reminded."""
EXPIRES_AFTER = dt.timedelta(days=30)
"""How long after that reminder it ends."""
BATCH = 500


def remind_of_pairings(session: Session, *, now: dt.datetime, limit: int = BATCH) -> int:
    """Remind of pairings that wait for an answer or stand still, once each rest; return how many.

    A maker under an embargo may not move on, so its pairings do not count as standing still.
    """
    is_waiting = and_(
        Pairing.state == PairingState.PROPOSED, Pairing.reply_by <= now + REMIND_BEFORE, Pairing.reply_by > now
    )
    _pause_clocks(session, now)
    is_still = and_(Pairing.state.in_(UNFINISHED), Pairing.moved_at <= now - STILL_AFTER, _may_move(now))
    pairings = _locked(session, select(Pairing).where(Pairing.reminded_at.is_(None), or_(is_waiting, is_still)), limit)
    for pairing in pairings:
        pairing.reminded_at = now
        audit.record(session, SYSTEM, "pairing.remind", "pairing", pairing.id)
        publish(session, "pairing.reminded", now=now, pairing_id=str(pairing.id))
    return len(pairings)


def expire_pairings(session: Session, *, now: dt.datetime, limit: int = BATCH) -> int:
    """End pairings that nobody answered in time, and those that rested on after a reminder; return how many."""
    is_unanswered = and_(Pairing.state == PairingState.PROPOSED, Pairing.reply_by <= now)
    is_still = and_(Pairing.state.in_(UNFINISHED), Pairing.reminded_at <= now - EXPIRES_AFTER, _may_move(now))
    pairings = _locked(session, select(Pairing).where(or_(is_unanswered, is_still)), limit)
    for pairing in pairings:
        pairing.state = PAIRING_WORKFLOW.step(pairing.state, PairingEvent.EXPIRE)
        pairing.moved_at = pairing.ended_at = now
        audit.record(session, SYSTEM, "pairing.expire", "pairing", pairing.id)
        publish(session, "pairing.expired", now=now, pairing_id=str(pairing.id))
    return len(pairings)


def _may_move(now: dt.datetime) -> ColumnElement[bool]:
    """Leave pairings alone that are not allowed to move: their maker is under an embargo."""
    return Pairing.demand_id.not_in(embargoed_owners(now=now))


def _pause_clocks(session: Session, now: dt.datetime) -> None:
    """Forget the reminders of pairings under an embargo: they begin to rest anew when it ends."""
    resting = update(Pairing).where(Pairing.state.in_(UNFINISHED), Pairing.reminded_at.is_not(None), ~_may_move(now))
    session.execute(resting.values(reminded_at=None), execution_options={"synchronize_session": False})


def _locked(session: Session, query: Select[tuple[Pairing]], limit: int) -> Sequence[Pairing]:
    fresh = query.order_by(Pairing.moved_at, Pairing.id).limit(limit).with_for_update(skip_locked=True)
    return session.scalars(fresh.execution_options(populate_existing=True)).all()
