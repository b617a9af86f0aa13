"""Before the deadline a firm takes its bid back: to revise it, or for good."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.bids import policy
from app.bids.content import destroy
from app.bids.service.edit import FORM
from app.bids.service.locked import check_open, lock_bid
from app.bids.workflow import BID_WORKFLOW, BidEvent
from app.drafts.service import discard_all
from app.files.service import forget

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.core.actor import Actor


def revise_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Make a sealed bid a draft again; its receipt ends, the trail keeps the hash.

    Raises NotFound, NotAllowed, Conflict (not sealed) or RuleViolation (the deadline has passed).
    """
    bid = _step(session, actor, bid_id, BidEvent.REVISE)
    _record(session, actor, bid, "bid.revise")
    bid.receipt_code, bid.sealed_at, bid.content_hash = None, None, ""
    bid.updated_at = now
    session.flush()
    return bid


def withdraw_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> Bid:
    """End a draft or a sealed bid and destroy its content, its files and everybody's unsaved input.

    Raises NotFound, NotAllowed, Conflict (moved on) or RuleViolation (the deadline has passed).
    """
    bid = _step(session, actor, bid_id, BidEvent.WITHDRAW)
    files = [annex.file for annex in bid.files]
    destroy(bid, now)
    session.flush()
    for file in files:
        forget(session, actor=actor, file=file)
    discard_all(session, FORM, str(bid.id))
    _record(session, actor, bid, "bid.withdraw")
    return bid


def _step(session: Session, actor: Actor, bid_id: uuid.UUID, event: BidEvent) -> Bid:
    bid = lock_bid(session, actor, bid_id)
    policy.can_change(actor, organization_id=bid.organization_id).enforce()
    check_open(session, bid.challenge)
    bid.state = BID_WORKFLOW.step(bid.state, event)
    return bid


def _record(session: Session, actor: Actor, bid: Bid, action: str) -> None:
    audit.record_sealed(
        session,
        actor,
        action,
        "bid",
        bid.id,
        label=bid.challenge.title,
        sealed_by=bid.challenge_id,
        content_hash=bid.content_hash,
    )
