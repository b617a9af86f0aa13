"""After the opening a firm withdraws its bid with a reason, until there is an award; whoever is behind it moves up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.audit import service as audit
from app.awards import rules
from app.awards.service.confirm import overturn_result
from app.awards.service.locked import (
    MOVED_ON,
    lock_bids,
    lock_challenge,
    proposal_in_force,
    running_publicity,
    standing_awards,
)
from app.awards.service.notice import standing_result
from app.awards.service.propose import return_stale
from app.bids import policy as bids_policy
from app.bids.models import Bid, BidEnding
from app.bids.service.closing import count_ended
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState, EndingKind
from app.challenges.clock import database_now
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.actor import SYSTEM
from app.core.errors import Conflict, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor

WITHDRAWN = "withdrawn"
"""Code of why the bid ended, counted in public."""
WINNER_WITHDREW = "winner_withdrew"
STALE = "bid_withdrawn"
"""The portal's own opinion of a proposal that it returns."""


def withdraw_opened(session: Session, *, actor: Actor, bid_id: uuid.UUID, reason: str, now: dt.datetime) -> Bid:
    """Withdraw an opened bid for good. What waits for confirmation goes back; a notice of it ends.

    A panel that is judging goes on without the bid, and the ranking closes up behind it. Raises NotFound, NotAllowed,
    RuleViolation (no reason) or Conflict (not opened, or the award is made: awards are declined).
    """
    challenge, bid = _lock(session, actor, bid_id)
    if challenge.state not in (PostingState.EVALUATING, PostingState.PUBLICITY):
        raise Conflict(
            "The competition is decided. A bid is no longer withdrawn; an award is declined.", code="decided"
        )
    if bid.id in {award.bid_id for award in standing_awards(session, challenge.id)}:
        raise Conflict("This bid has its award. Decline the award instead.", code="awarded")
    if len(reason.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why you withdraw.", code="no_reason", field="reason")
    before, instant = bid.state, database_now(session)
    bid.state, bid.end_reason = BID_WORKFLOW.step(before, BidEvent.WITHDRAW), WITHDRAWN
    count_ended(challenge, WITHDRAWN)
    session.add(
        BidEnding(
            bid_id=bid.id, kind=EndingKind.FIRM, reason=reason.strip(), proposed_by=actor.user_id, proposed_at=instant
        )
    )
    session.flush()
    audit.record(
        session, actor, "bid.withdraw", "bid", bid.id, label=challenge.title, was=before, reason=reason.strip()
    )
    return_stale(session, challenge, bid.id, STALE, now)
    if challenge.state is PostingState.PUBLICITY:
        _leave_notice(session, challenge, bid, before, instant)
    publish(session, "bid.withdrawn", now=now, key=f"bid.withdrawn:{bid.id}", bid_id=bid.id)
    return bid


def _lock(session: Session, actor: Actor, bid_id: uuid.UUID) -> tuple[Challenge, Bid]:
    """Lock an opened bid of the actor's own firm, its challenge before it."""
    query = select(Bid.challenge_id, Bid.organization_id).where(Bid.id == bid_id)
    row = session.execute(query).one_or_none()
    if row is None or not actor.belongs_to(row.organization_id):
        raise NotFound("There is no such bid.", code="bid_not_found")
    bids_policy.can_change(actor, organization_id=row.organization_id).enforce()
    challenge = lock_challenge(session, row.challenge_id)
    return challenge, lock_bids(session, [bid_id])[bid_id]


def _leave_notice(session: Session, challenge: Challenge, bid: Bid, before: BidState, instant: dt.datetime) -> None:
    """Take a bid out of a result that is in notice; without its winner the result falls."""
    if before is BidState.RESERVE:
        reserve = [firm for firm in challenge.outcome.get("reserve", ()) if firm.get("bid_id") != str(bid.id)]
        challenge.outcome = {**challenge.outcome, "reserve": reserve}
    if before is not BidState.SELECTED:
        return
    proposal = proposal_in_force(session, challenge.id)
    publicity = running_publicity(session, challenge.id)
    if proposal is None:
        raise Conflict(MOVED_ON, code="no_proposal")
    publicity.frozen_at, publicity.ended_at = None, instant
    if standing_awards(session, challenge.id):
        # The other winners of a race have their awards; this place stays empty.
        challenge.outcome = standing_result(challenge.outcome, without=bid.id)
        take_step(session, SYSTEM, challenge, ChallengeEvent.AWARD, now=instant, reason_code=WINNER_WITHDREW)
        return
    overturn_result(session, challenge.id)
    reopen(session, SYSTEM, challenge, lock_bids(session, (one.bid_id for one in proposal.verdicts)), instant,
           reason_code=WINNER_WITHDREW)  # fmt: skip


def reopen(
    session: Session,
    actor: Actor,
    challenge: Challenge,
    bids: dict[uuid.UUID, Bid],
    instant: dt.datetime,
    **reasons: Any,
) -> None:
    """Take a result out of notice: the bids that are left are undecided again."""
    take_step(session, actor, challenge, ChallengeEvent.REOPEN, now=instant, **reasons)
    challenge.outcome = {}
    for bid in bids.values():
        if bid.state in (BidState.SELECTED, BidState.RESERVE, BidState.NOT_SELECTED):
            bid.state = BID_WORKFLOW.step(bid.state, BidEvent.REVIEW_AGAIN)
    session.flush()
