"""Bids loaded to be changed, together with the challenge that must stay open meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Organization
from app.bids import policy
from app.bids.models import Bid, BidFile
from app.bids.ownership import bidder_of
from app.challenges import policy as challenges
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.core.errors import NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING, NO_CHALLENGE = "There is no such bid.", "There is no such challenge."


def lock_bid(session: Session, actor: Actor, bid_id: uuid.UUID) -> Bid:
    """Load one of the firm's bids FOR UPDATE, its challenge locked before it; raise NotFound.

    Whoever closes the challenge, or presses the same button, waits; what waited sees the result.
    """
    challenge_id = session.scalar(select(Bid.challenge_id).where(Bid.id == bid_id))
    if challenge_id is None:
        raise NotFound(MISSING, code="bid_not_found")
    challenge = lock_any_challenge(session, challenge_id)
    query = (
        select(Bid)
        .where(Bid.id == bid_id)
        .options(
            selectinload(Bid.commitments),
            selectinload(Bid.files).joinedload(BidFile.file),
            selectinload(Bid.shares),
        )
    )
    bid = lock_one(session, query, of=[Bid], missing=MISSING, code="bid_not_found")
    if not policy.can_read(actor, organization_id=bidder_of(actor, bid)):
        raise NotFound(MISSING, code="bid_not_found")
    set_committed_value(bid, "challenge", challenge)
    return bid


def lock_challenge(session: Session, actor: Actor, challenge_id: uuid.UUID) -> Challenge:
    """Load a challenge under a shared lock; raise NotFound when the actor may not know of it."""
    challenge = lock_any_challenge(session, challenge_id)
    if not challenges.can_read(actor, organization_id=challenge.organization_id, state=challenge.state):
        raise NotFound(NO_CHALLENGE, code="challenge_not_found")
    return challenge


def lock_any_challenge(session: Session, challenge_id: uuid.UUID) -> Challenge:
    """Load a challenge under a shared lock, whoever asks; raise NotFound."""
    query = (
        select(Challenge)
        .join(Challenge.organization)
        .where(Challenge.id == challenge_id)
        .options(
            contains_eager(Challenge.organization),
            joinedload(Challenge.programme),
            selectinload(Challenge.kpis),
        )
    )
    return lock_one(
        session, query, of=[Need, Challenge], missing=NO_CHALLENGE, code="challenge_not_found", is_shared=True
    )


def lock_firm(session: Session, organization_id: uuid.UUID) -> None:
    """Let nobody else of the firm count its bids before this transaction ends."""
    session.scalars(select(Organization.id).where(Organization.id == organization_id).with_for_update()).one()


def check_open(session: Session, challenge: Challenge) -> dt.datetime:
    """Return the database's time; raise RuleViolation unless the challenge takes bids at that instant.

    Called once the locks are held: whoever waited for them past the deadline is late.
    """
    instant = database_now(session)
    if not challenge.is_open(instant):
        _refuse(challenge)
    return instant


def _refuse(challenge: Challenge) -> NoReturn:
    if challenge.state is PostingState.SUSPENDED:
        raise RuleViolation(
            "The challenge is suspended, so nothing was stored. Bids are taken again once it is resumed; its deadline "
            "will then be later by the time it was suspended.",
            code="challenge_suspended",
        )
    if challenge.state is PostingState.CANCELLED:
        raise RuleViolation(
            "The challenge has been taken back, so nothing was stored. It takes no bids any more.",
            code="challenge_cancelled",
        )
    raise RuleViolation(
        "The deadline has passed, so nothing was stored. The challenge no longer takes bids.", code="challenge_closed"
    )
