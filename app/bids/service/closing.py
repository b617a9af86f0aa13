"""What becomes of bids when their challenge closes or is taken back, without anybody reading them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit import service as audit
from app.bids import commitments, receipt
from app.bids.models import Bid, Opening
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.hooks import register_hook
from app.challenges.workflow import ChallengeEvent
from app.core.actor import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge

UNCONFIRMED, CANCELLED, UNREADABLE = "unconfirmed", "cancelled", "unreadable"
"""Why a submitted bid ended without a verdict."""


def close_bids(session: Session, challenge: Challenge, now: dt.datetime) -> Opening:
    """Fix and publish the list of what is sealed at the deadline; bids for an outdated core lapse.

    A challenge that was closed before, and extended after an outage, gets a new list.
    """
    sealed = _sealed(session, challenge)
    outdated = [bid for bid in sealed if bid.challenge_edition < challenge.reconfirm_from_edition]
    for bid in outdated:
        _lapse(session, bid, challenge, UNCONFIRMED, now)
    kept = commitments.lines(bid for bid in sealed if bid not in outdated)
    opening = session.get(Opening, challenge.id) or Opening(challenge_id=challenge.id)
    opening.closed_at = challenge.bid_deadline_at or now
    opening.commitments = kept
    opening.list_hash = receipt.hash_of(commitments.listing(challenge.id, challenge.bid_deadline_at, kept))
    session.add(opening)
    session.flush()
    audit.record(
        session,
        SYSTEM,
        "bids.close",
        "challenge",
        challenge.id,
        label=challenge.title,
        n_sealed=len(kept),
        n_lapsed=len(outdated),
        list_hash=opening.list_hash,
    )
    return opening


def return_bids(session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """End the sealed bids of a challenge that is taken back: nobody but their firms can ever open them."""
    for bid in _sealed(session, challenge):
        _lapse(session, bid, challenge, CANCELLED, now)
    session.flush()


def _sealed(session: Session, challenge: Challenge) -> Sequence[Bid]:
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge.id, Bid.state == BidState.SEALED)
        .options(selectinload(Bid.shares))
        .order_by(Bid.id)
        .with_for_update(of=Bid)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _lapse(session: Session, bid: Bid, challenge: Challenge, reason: str, now: dt.datetime) -> None:
    """Destroy the holders' shares; with its code the firm can still read what it wrote."""
    bid.state = BID_WORKFLOW.step(bid.state, BidEvent.LAPSE)
    bid.shares, bid.leader_tag, bid.end_reason, bid.updated_at = [], "", reason, now
    count_ended(challenge, reason)
    audit.record_sealed(
        session,
        SYSTEM,
        "bid.lapse",
        "bid",
        bid.id,
        label=challenge.title,
        sealed_by=challenge.id,
        reason=reason,
        content_hash=bid.content_hash,
    )


def count_ended(challenge: Challenge, reason: str) -> None:
    """Let everybody see that one more bid of a locked challenge ended without a verdict, and why."""
    challenge.ended_bids = {**challenge.ended_bids, reason: challenge.ended_bids.get(reason, 0) + 1}


register_hook(ChallengeEvent.CLOSE, close_bids)
register_hook(ChallengeEvent.CANCEL, return_bids)
