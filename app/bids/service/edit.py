"""Writing a bid while it is a draft and the challenge is open."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.bids import policy
from app.bids.commands import Contact
from app.bids.content import begin, fill, read, write
from app.bids.frame import frame_of
from app.bids.intent import stated
from app.bids.models import Bid
from app.bids.ownership import bidder_of, firm_tag
from app.bids.rules import faults, intent_faults
from app.bids.service.locked import check_open, lock_bid, lock_challenge, lock_firm
from app.bids.workflow import BidState
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.core.errors import Conflict, RuleViolation
from app.drafts.service import discard

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.commands import SaveBid, SaveIntent
    from app.challenges.models import Challenge
    from app.core.actor import Actor

FORM = "bid"
"""Name under which unsaved input is kept."""


def create_bid(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime, intent: SaveIntent | None = None
) -> Bid:
    """Begin a draft, with an ``intent`` if the firm states one.

    Raises NotFound, NotAllowed, RuleViolation (closed, or nobody can answer the intent) or Conflict (the firm has a
    bid).
    """
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_bid_for(actor, owner_id=challenge.organization_id).enforce()
    check_open(session, challenge)
    firm_id = actor.own_organization_id()
    lock_firm(session, firm_id)
    own = (Bid.challenge_id == challenge_id, Bid.firm_tag == firm_tag(challenge_id, firm_id))
    if session.scalar(select(Bid.id).where(*own, Bid.state != BidState.WITHDRAWN)) is not None:
        raise Conflict("Your company already has a bid for this challenge.", code="bid_exists")
    bid = Bid(
        id=uuid.uuid4(),
        challenge=challenge,
        challenge_id=challenge_id,
        challenge_edition=challenge.edition,
        commitments=[],
        files=[],
        shares=[],
        created_at=now,
        updated_at=now,
    )
    begin(bid, firm_id, actor.user_id, contact=Contact(name=actor.name, email=actor.email))
    if intent is not None:
        _check_intent(session, actor, intent)
        write(bid, stated(read(bid), intent, now), now)
    session.add(bid)
    session.flush()
    audit.record_sealed(session, actor, "bid.create", "bid", bid.id, label=challenge.title, sealed_by=challenge.id)
    return bid


def save_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, command: SaveBid, now: dt.datetime) -> Bid:
    """Overwrite a draft. Raises NotFound, NotAllowed, RuleViolation or Conflict (changed or submitted meanwhile)."""
    bid = lock_draft(session, actor, bid_id)
    if command.version is not None and bid.version != command.version:
        raise Conflict(
            "Somebody in your company has changed this in the meantime. What you typed is still here: compare it "
            "with the current version before you save again.",
            code="stale",
        )
    check(command, bid.challenge, complete=False)
    _check_product(session, actor, command.product_id)
    fill(bid, command, now)
    session.flush()
    discard(session, actor, FORM, str(bid.id))
    audit.record_sealed(
        session, actor, "bid.edit", "bid", bid.id, label=bid.challenge.title, sealed_by=bid.challenge_id
    )
    return bid


def lock_draft(session: Session, actor: Actor, bid_id: uuid.UUID) -> Bid:
    """Load a draft that may be changed now. Raises NotFound, NotAllowed, Conflict or RuleViolation (closed)."""
    bid = lock_bid(session, actor, bid_id)
    policy.can_change(actor, organization_id=bidder_of(actor, bid)).enforce()
    if bid.state is not BidState.DRAFT:
        raise Conflict(
            "Somebody in your company has submitted or withdrawn this bid in the meantime. Nothing was changed.",
            code="not_a_draft",
        )
    check_open(session, bid.challenge)
    return bid


def check(command: SaveBid, challenge: Challenge, *, complete: bool) -> None:
    """Raise RuleViolation for the first fault."""
    found = faults(command, frame_of(challenge), complete=complete)
    if found:
        raise RuleViolation(found[0].message, code="bid_faulty", field=found[0].field)


def _check_intent(session: Session, actor: Actor, intent: SaveIntent) -> None:
    for fault in intent_faults(intent):
        raise RuleViolation(fault.message, code="intent_faulty", field=fault.field)
    _check_product(session, actor, intent.product_id)


def _check_product(session: Session, actor: Actor, product_id: uuid.UUID | None) -> None:
    if product_id is None:
        return
    query = select(ChipProduct.id).where(
        ChipProduct.id == product_id,
        ChipProduct.organization_id == actor.organization_id,
        ChipProduct.state == ProductState.PUBLISHED,
    )
    if session.scalar(query) is None:
        raise RuleViolation(
            "Choose one of your company's published products.", code="foreign_product", field="product_id"
        )
