"""Before the deadline a firm takes its bid back: to revise it, to confirm it for a new edition, or for good."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NoReturn

from app.audit import service as audit
from app.bids import content, policy
from app.bids.damage import Damaged
from app.bids.ownership import bidder_of
from app.bids.service.consortium import forget_members
from app.bids.service.edit import FORM, check
from app.bids.service.locked import check_open, lock_bid
from app.bids.service.seal import lock_away, tell
from app.bids.workflow import BID_WORKFLOW, BidEvent
from app.core.errors import Conflict, RuleViolation
from app.drafts.service import discard_all
from app.keys.crypto import CannotOpen

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.bids.content import Opened
    from app.bids.models import Bid
    from app.core.actor import Actor


def revise_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, code: str, now: dt.datetime) -> Bid:
    """Make a sealed bid a draft again; its key and its receipt end, the trail keeps the hash.

    Raises NotFound, NotAllowed, Conflict (not sealed) or RuleViolation (late, or the wrong reopening code).
    """
    bid = _lock(session, actor, bid_id)
    state = BID_WORKFLOW.step(bid.state, BidEvent.REVISE)
    opened = unseal(bid, code)
    _record(session, actor, bid, "bid.revise")
    bid.state = state
    content.take_back(bid, opened.content)
    _end_receipt(bid, now)
    session.flush()
    return bid


def confirm_bid(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, code: str, new_code: str, now: dt.datetime
) -> Bid:
    """Seal a sealed bid once more, unchanged, for the challenge's newer edition; receipt and code are new.

    Raises NotFound, NotAllowed, Conflict (not sealed, or confirmed already) or RuleViolation (late, wrong code, or
    the bid no longer answers what the edition asks).
    """
    bid = _lock(session, actor, bid_id)
    BID_WORKFLOW.step(bid.state, BidEvent.REVISE)
    if bid.challenge_edition >= bid.challenge.edition:
        raise Conflict("This bid is sealed for the newest edition already.", code="is_confirmed")
    opened = unseal(bid, code)
    check(opened.content.command, bid.challenge, complete=True)
    _record(session, actor, bid, "bid.revise")
    # The old shares must be gone before new ones come: a holder has one for each bid.
    bid.shares = []
    session.flush()
    lock_away(session, bid, opened.content, new_code)
    bid.updated_at = now
    session.flush()
    tell(session, actor, bid, "bid.confirm", now)
    return bid


def withdraw_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> Bid:
    """End a draft or a sealed bid and destroy its content, its keys and everybody's unsaved input.

    Needs no code: who lost it withdraws and writes anew. Raises NotFound, NotAllowed, Conflict (moved on) or
    RuleViolation (the deadline has passed).
    """
    bid = _lock(session, actor, bid_id)
    bid.state = BID_WORKFLOW.step(bid.state, BidEvent.WITHDRAW)
    content.destroy(bid, now)
    forget_members(session, bid.id)
    session.flush()
    discard_all(session, FORM, str(bid.id))
    _record(session, actor, bid, "bid.withdraw")
    return bid


def unseal(bid: Bid, code: str) -> Opened:
    """Return what a sealed bid holds to whoever types its code. Raises RuleViolation."""
    if bid.reopening_box is None:
        _refuse_code()
    try:
        return content.unseal_with_code(bid, code)
    except CannotOpen:
        _refuse_code()
    except Damaged:
        raise RuleViolation(
            "The code is right, but the stored bid is damaged. Withdraw it and submit it again.",
            code="bid_damaged",
            field="code",
        ) from None


def _refuse_code() -> NoReturn:
    raise RuleViolation("This is not the reopening code of this bid.", code="wrong_code", field="code")


def _lock(session: Session, actor: Actor, bid_id: uuid.UUID) -> Bid:
    bid = lock_bid(session, actor, bid_id)
    policy.can_change(actor, organization_id=bidder_of(actor, bid)).enforce()
    check_open(session, bid.challenge)
    return bid


def _end_receipt(bid: Bid, now: dt.datetime) -> None:
    bid.receipt_code, bid.sealed_at, bid.content_hash = None, None, ""
    bid.updated_at = now


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
