"""A bid that nobody can open is repaired or given up, and giving it up takes two officers and a reason."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.bids import policy
from app.bids.models import Bid, BidEnding, Opening
from app.bids.service.closing import UNREADABLE, count_ended
from app.bids.service.opening import lock_challenge
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState, EndingKind
from app.challenges.clock import database_now
from app.challenges.impartial import can_judge
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor

MISSING = "There is no such bid."
MIN_REASON = 10


def propose_giving_up(session: Session, *, actor: Actor, bid_id: uuid.UUID, reason: str, now: dt.datetime) -> BidEnding:
    """Propose not to judge a bid that could not be opened; another officer confirms it.

    Raises NotFound, NotAllowed (also for an officer with an interest), RuleViolation (no reason) or Conflict (it is
    readable, not under evaluation, or proposed already).
    """
    policy.can_give_up(actor).enforce()
    challenge, bid = _lock(session, actor, bid_id, now)
    if len(reason.strip()) < MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is given up.", code="no_reason", field="reason")
    if session.get(BidEnding, bid_id) is not None:
        raise Conflict("It is proposed already to give this bid up.", code="proposed_already")
    ending = BidEnding(
        bid_id=bid.id,
        kind=EndingKind.UNREADABLE,
        reason=reason.strip(),
        proposed_by=actor.user_id,
        proposed_at=database_now(session),
    )
    session.add(ending)
    session.flush()
    _record(session, actor, challenge, bid, "bid.propose_giving_up", reason=ending.reason)
    publish(session, "bid.unreadable", now=now, key=f"bid.unreadable:{bid.id}:{ending.proposed_at}", bid_id=bid.id)
    return ending


def confirm_giving_up(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Give a bid up that could not be opened: it is not judged, its firm is told, and the count is public.

    What is stored of it, with the holders' shares, stays as evidence. Raises NotFound, NotAllowed (also for whoever
    proposed it, and for an officer with an interest) or Conflict (not proposed, or decided already).
    """
    policy.can_give_up(actor).enforce()
    challenge, bid = _lock(session, actor, bid_id, now)
    ending = _proposed(session, bid_id)
    policy.can_confirm_giving_up(actor, proposed_by=ending.proposed_by).enforce()
    ending.confirmed_by, ending.confirmed_at = actor.user_id, database_now(session)
    bid.state = BID_WORKFLOW.step(bid.state, BidEvent.LAPSE)
    bid.leader_tag, bid.end_reason, bid.updated_at = "", UNREADABLE, now
    count_ended(challenge, UNREADABLE)
    _note(session, bid, ending)
    session.flush()
    _record(session, actor, challenge, bid, "bid.give_up", reason=ending.reason)
    publish(session, "bid.given_up", now=now, key=f"bid.given_up:{bid.id}", bid_id=bid.id)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return bid


def keep_trying(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> None:
    """Do not give a bid up: it is to be repaired. Raises NotFound, NotAllowed or Conflict (not proposed)."""
    policy.can_give_up(actor).enforce()
    challenge, bid = _lock(session, actor, bid_id, now)
    session.delete(_proposed(session, bid_id))
    session.flush()
    _record(session, actor, challenge, bid, "bid.keep_trying")


def _lock(session: Session, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> tuple[Challenge, Bid]:
    """Lock an unreadable bid of a challenge under evaluation, its challenge before it. Raises NotFound or Conflict."""
    challenge_id = session.scalar(select(Bid.challenge_id).where(Bid.id == bid_id))
    if challenge_id is None:
        raise NotFound(MISSING, code="bid_not_found")
    challenge = lock_challenge(session, challenge_id)
    can_judge(session, actor, challenge.id, now).enforce()
    bid = lock_one(session, select(Bid).where(Bid.id == bid_id), of=[Bid], missing=MISSING, code="bid_not_found")
    if challenge.state is not PostingState.EVALUATING or bid.state is not BidState.SEALED or not bid.opening_error:
        raise Conflict(
            "This bid is not one that could not be opened, or it has been decided on.", code="not_unreadable"
        )
    return challenge, bid


def _proposed(session: Session, bid_id: uuid.UUID) -> BidEnding:
    ending = session.get(BidEnding, bid_id)
    if ending is None:
        raise Conflict("Nobody proposes to give this bid up.", code="not_proposed")
    return ending


def _note(session: Session, bid: Bid, ending: BidEnding) -> None:
    """Put into the public record of the opening that the bid was given up."""
    opening = session.get_one(Opening, bid.challenge_id)
    told = dict(opening.record.get("bids", {}))
    at = ending.confirmed_at.isoformat() if ending.confirmed_at else ""
    told[bid.content_hash] = {**told.get(bid.content_hash, {}), "given_up_at": at}
    opening.record = {**opening.record, "bids": told}


def _record(session: Session, actor: Actor, challenge: Challenge, bid: Bid, action: str, **details: object) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        content_hash=bid.content_hash,
        opening_error=bid.opening_error,
        **details,
    )
