"""Submitting: the bid is complete, in time by the database's clock, and sealed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.audit import service as audit
from app.bids import receipt
from app.bids.content import filled, statement
from app.bids.models import Bid
from app.bids.service.edit import FORM, check, lock_draft
from app.bids.service.locked import check_open, lock_firm
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.models import Challenge
from app.core.errors import RuleViolation
from app.drafts.service import discard_all
from app.outbox.service import publish_sealed

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def seal_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Submit a draft; its receipt carries the database's time. ``now`` dates the events only.

    Raises NotFound, NotAllowed, Conflict (submitted already) or RuleViolation (incomplete, late, too many bids).
    """
    bid = lock_draft(session, actor, bid_id)
    state = BID_WORKFLOW.step(bid.state, BidEvent.SEAL)
    check(filled(bid), bid.challenge, complete=True)
    _check_quota(session, bid)
    bid.sealed_at = check_open(session, bid.challenge)
    bid.state, bid.challenge_edition = state, bid.challenge.edition
    bid.receipt_code = receipt.new_code()
    bid.content_hash = receipt.content_hash(statement(bid, [annex.file for annex in bid.files]))
    session.flush()
    discard_all(session, FORM, str(bid.id))
    _tell(session, actor, bid, now)
    return bid


def _check_quota(session: Session, bid: Bid) -> None:
    """Raise RuleViolation when the firm has as many bids in the programme as one applicant may have."""
    programme = bid.challenge.programme
    if programme is None:
        return
    # Two bids of one firm for two challenges must not both be its last one.
    lock_firm(session, bid.organization_id)
    counted = (
        select(func.count())
        .select_from(Bid)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(
            Bid.organization_id == bid.organization_id,
            Challenge.programme_id == programme.id,
            Bid.state.not_in((BidState.DRAFT, BidState.WITHDRAWN)),
        )
    )
    if (session.scalar(counted) or 0) >= programme.max_projects_per_applicant:
        raise RuleViolation(
            "Your company already has as many bids in this programme as one applicant may have.", code="quota"
        )


def _tell(session: Session, actor: Actor, bid: Bid, now: dt.datetime) -> None:
    audit.record_sealed(
        session,
        actor,
        "bid.seal",
        "bid",
        bid.id,
        label=bid.challenge.title,
        sealed_by=bid.challenge_id,
        edition=bid.challenge_edition,
        content_hash=bid.content_hash,
    )
    publish_sealed(
        session,
        occasion=f"bid.seal:{bid.id}",
        organization_id=actor.own_organization_id(),
        sealed_by=bid.challenge_id,
        now=now,
    )
