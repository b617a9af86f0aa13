"""The notice is over and nobody's objection stands: the award is made; later a reserve may take its place."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.audit import service as audit
from app.awards import policy, rules
from app.awards.commands import Outcome
from app.awards.models import Award, AwardProposal, ProposedVerdict, Publicity
from app.awards.service.locked import (
    MOVED_ON,
    count_open_objections,
    lock_bids,
    lock_challenge,
    open_proposal,
    running_publicity,
)
from app.awards.workflow import AWARD_WORKFLOW, AwardEvent, AwardState
from app.bids.models import Bid
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.clock import database_now
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.outbox.service import publish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor


def award_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> list[Award]:
    """Award every selected bid; whether the notice is over is asked of the database's clock.

    Raises NotFound, NotAllowed, Conflict (no notice) or RuleViolation (it runs, or an objection stands).
    """
    policy.can_decide(actor).enforce()
    challenge = lock_challenge(session, challenge_id)
    publicity = running_publicity(session, challenge_id)
    proposal = open_proposal(session, challenge_id)
    if proposal is None or proposal.id != publicity.proposal_id:
        raise Conflict(MOVED_ON, code="no_proposal")
    if count_open_objections(session, publicity.id):
        raise RuleViolation("An objection waits for a decision, so nothing is awarded.", code="objection_open")
    instant = database_now(session)
    if publicity.frozen_at is not None or instant < publicity.ends_at:
        raise RuleViolation("The public notice is not over yet.", code="notice_runs")
    take_step(session, actor, challenge, ChallengeEvent.AWARD, now=now, text=publicity.number)
    publicity.ended_at = instant
    selected = [verdict.bid_id for verdict in proposal.verdicts if verdict.outcome is Outcome.SELECTED]
    bids = lock_bids(session, selected)
    awards = [
        _award(actor, challenge, publicity, bids[bid_id], instant, number) for number, bid_id in enumerate(selected, 1)
    ]
    session.add_all(awards)
    session.flush()
    _tell(session, actor, challenge, "award.make", now, notice=publicity.number, n_awards=len(awards))
    publish(session, "award.made", now=now, key=f"award.made:{challenge.id}", need_id=challenge.id)
    return awards


def replace_award(
    session: Session, *, actor: Actor, award_id: uuid.UUID, reason: str, now: dt.datetime
) -> Award | None:
    """End an award whose winner does not sign and let the next reserve move up; None when nobody is left.

    When nobody is left and no other award stands, the competition ends without an award. Raises NotFound,
    NotAllowed (also for whoever made the award), RuleViolation (no reason) or Conflict (ended already).
    """
    if len(reason.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is replaced.", code="no_reason", field="reason")
    challenge, award = _lock_award(session, award_id)
    policy.can_replace(actor, awarded_by=award.awarded_by).enforce()
    order = _reserve(session, award)
    event = AwardEvent.REPLACE if order else AwardEvent.CANCEL
    award.state = AWARD_WORKFLOW.step(award.state, event)
    award.end_reason, award.ended_at, award.ended_by = reason.strip(), now, actor.user_id
    bids = lock_bids(session, [award.bid_id, *order[:1]])
    bids[award.bid_id].state = BID_WORKFLOW.step(bids[award.bid_id].state, BidEvent.WITHDRAW)
    session.flush()
    successor = _move_up(session, actor, challenge, award, bids[order[0]], now) if order else None
    if successor is None and not _stands(session, challenge.id):
        _end(session, actor, challenge, award, now)
        challenge.outcome = {"reasons": ["all_withdrew"]}
        publish(session, "challenge.no_award", now=now, key=f"challenge.no_award:{challenge.id}", need_id=challenge.id)
    session.flush()
    _tell(session, actor, challenge, "award.replace", now, award=award.number, reason=award.end_reason)
    return successor


def _end(session: Session, actor: Actor, challenge: Challenge, award: Award, now: dt.datetime) -> None:
    event, text = ChallengeEvent.NO_AWARD, award.end_reason
    take_step(session, actor, challenge, event, now=now, reason_code="all_withdrew", text=text)


def _award(
    actor: Actor, challenge: Challenge, publicity: Publicity, bid: Bid, instant: dt.datetime, number: int
) -> Award:
    return Award(
        id=uuid.uuid4(),
        challenge_id=challenge.id,
        bid_id=bid.id,
        publicity_id=publicity.id,
        number=f"{challenge.code}-A{number}",
        awarded_at=instant,
        awarded_by=actor.user_id,
    )


def _lock_award(session: Session, award_id: uuid.UUID) -> tuple[Challenge, Award]:
    missing = "There is no such award."
    challenge_id = session.scalar(select(Award.challenge_id).where(Award.id == award_id))
    if challenge_id is None:
        raise NotFound(missing, code="award_not_found")
    challenge = lock_challenge(session, challenge_id)
    query = select(Award).where(Award.id == award_id)
    return challenge, lock_one(session, query, of=[Award], missing=missing, code="award_not_found")


def _reserve(session: Session, award: Award) -> list[uuid.UUID]:
    """Return the bids that are still in reserve, the next to move up first."""
    query = (
        select(ProposedVerdict.bid_id)
        .join(AwardProposal, AwardProposal.id == ProposedVerdict.proposal_id)
        .join(Publicity, Publicity.proposal_id == AwardProposal.id)
        .join(Bid, Bid.id == ProposedVerdict.bid_id)
        .where(Publicity.id == award.publicity_id, Bid.state == BidState.RESERVE)
        .order_by(ProposedVerdict.place)
    )
    return list(session.scalars(query))


def _move_up(session: Session, actor: Actor, challenge: Challenge, award: Award, bid: Bid, now: dt.datetime) -> Award:
    bid.state = BID_WORKFLOW.step(bid.state, BidEvent.PROMOTE)
    n_awards = session.scalar(select(func.count()).select_from(Award).where(Award.challenge_id == challenge.id)) or 0
    publicity = session.get_one(Publicity, award.publicity_id)
    successor = _award(actor, challenge, publicity, bid, now, n_awards + 1)
    successor.replaces_id = award.id
    challenge.outcome = _moved_up(challenge.outcome, award.bid_id, bid.id)
    session.add(successor)
    session.flush()
    publish(session, "award.moved_up", now=now, key=f"award.moved_up:{successor.id}", award_id=successor.id)
    return successor


def _moved_up(outcome: dict[str, Any], ended: uuid.UUID, moved: uuid.UUID) -> dict[str, Any]:
    """Return the public result after a reserve has taken the place of a winner."""
    reserve = outcome.get("reserve", [])
    winners = [firm for firm in outcome.get("winners", []) if firm.get("bid_id") != str(ended)]
    return {
        "winners": winners + [firm for firm in reserve if firm.get("bid_id") == str(moved)],
        "reserve": [firm for firm in reserve if firm.get("bid_id") != str(moved)],
    }


def _stands(session: Session, challenge_id: uuid.UUID) -> bool:
    query = select(Award.id).where(Award.challenge_id == challenge_id, Award.state == AwardState.CONFIRMED)
    return session.scalars(query).first() is not None


def _tell(
    session: Session, actor: Actor, challenge: Challenge, action: str, now: dt.datetime, **details: object
) -> None:
    audit.record(session, actor, action, "challenge", challenge.id, label=challenge.title, **details)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
