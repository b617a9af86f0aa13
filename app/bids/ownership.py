"""Whose a bid is, while the row does not say so: a tag stands for the firm."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.bids.models import Bid
from app.core import box

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def firm_tag(challenge_id: uuid.UUID, organization_id: uuid.UUID) -> str:
    """Return what stands for a firm in one challenge; in another challenge it is another tag."""
    return box.tag("bidder", challenge_id, organization_id)


def bidder_of(actor: Actor, bid: Bid) -> uuid.UUID | None:
    """Return the firm of a bid as far as the actor can know it: once opened, or when it is the actor's own."""
    own = actor.organization_id
    if bid.organization_id is not None or own is None:
        return bid.organization_id
    return own if hmac.compare_digest(firm_tag(bid.challenge_id, own), bid.firm_tag) else None


def owned_by(session: Session, organization_id: uuid.UUID | None) -> sa.ColumnElement[bool]:
    """Return the condition of a firm's own bids, opened or not, in one query."""
    if organization_id is None:
        return sa.false()
    unopened = session.scalars(sa.select(Bid.challenge_id).where(Bid.organization_id.is_(None)).distinct())
    tags = [firm_tag(challenge_id, organization_id) for challenge_id in unopened]
    return sa.or_(Bid.organization_id == organization_id, Bid.firm_tag.in_(tags))
