"""The second person: what was proposed is done, and made public."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.awards import policy
from app.awards.commands import Outcome, ProposalKind
from app.awards.service.locked import (
    lock_awarded,
    lock_bids,
    lock_proposal,
    proposal_in_force,
    standing_awards,
)
from app.awards.service.notice import begin_notice, standing_result
from app.awards.service.propose import record
from app.awards.workflow import AWARD_WORKFLOW, PROPOSAL_WORKFLOW, AwardEvent, ProposalEvent
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.clock import database_now
from app.challenges.impartial import can_judge
from app.challenges.service.end import end_without_award
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.outbox.service import publish
from app.reviews.service.locked import check_readable

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.awards.models import Award, AwardProposal, Publicity
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.core.actor import Actor

EVENTS = {
    Outcome.SELECTED: BidEvent.SELECT,
    Outcome.RESERVE: BidEvent.KEEP_IN_RESERVE,
    Outcome.NOT_SELECTED: BidEvent.NOT_SELECT,
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A proposal that is confirmed, with all that it changes; everything is locked."""

    session: Session
    actor: Actor
    challenge: Challenge
    proposal: AwardProposal
    instant: dt.datetime
    """By the database's clock."""


def confirm_proposal(
    session: Session, *, actor: Actor, proposal_id: uuid.UUID, opinion: str, now: dt.datetime
) -> Publicity | None:
    """Do what was proposed: put a result in public notice, end an award, or end without one; return the notice.

    The clock of working days begins with it. None: there is nothing to put in notice. Raises NotFound, NotAllowed
    (also for whoever proposed it, and for an officer with an interest) or Conflict (decided already, moved on).
    """
    challenge, proposal = lock_proposal(session, proposal_id)
    policy.can_confirm(actor, proposed_by=proposal.proposed_by).enforce()
    can_judge(session, actor, challenge.id, now).enforce()
    PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.CONFIRM)
    check_readable(session, challenge.id)
    instant = database_now(session)
    overturn_result(session, challenge.id)
    proposal.state = PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.CONFIRM)
    proposal.confirmed_by, proposal.confirmed_at, proposal.opinion = actor.user_id, instant, opinion.strip()
    session.flush()
    publicity = _KINDS[proposal.kind](_Case(session, actor, challenge, proposal, instant))
    notice = publicity.number if publicity else ""
    record(session, actor, challenge, "award.confirm", kind=proposal.kind, notice=notice, opinion=proposal.opinion)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return publicity


def overturn_result(session: Session, challenge_id: uuid.UUID) -> None:
    """Let the proposal that is in force stand no longer: another one takes its place, or none does."""
    before = proposal_in_force(session, challenge_id)
    if before is not None:
        before.state = PROPOSAL_WORKFLOW.step(before.state, ProposalEvent.OVERTURN)
        session.flush()


def _award(case: _Case) -> Publicity:
    take_step(case.session, case.actor, case.challenge, ChallengeEvent.PROPOSE, now=case.instant)
    bids = lock_bids(case.session, (verdict.bid_id for verdict in case.proposal.verdicts))
    for verdict in case.proposal.verdicts:
        bid = bids[verdict.bid_id]
        bid.state = BID_WORKFLOW.step(bid.state, EVENTS[verdict.outcome])
    return begin_notice(case.session, case.challenge, case.proposal, bids, case.instant)


def _replace(case: _Case) -> Publicity | None:
    """End an award; the next reserve is put in public notice, and nobody is awarded before that is over."""
    session, challenge = case.session, case.challenge
    award = lock_awarded(session, case.proposal.replaces_bid_id)
    bids = lock_bids(session, [award.bid_id, *(verdict.bid_id for verdict in case.proposal.verdicts)])
    chosen = [bids[one.bid_id] for one in case.proposal.verdicts if one.outcome is Outcome.SELECTED]
    moving = [bid for bid in chosen if bid.state is not BidState.SELECTED]
    _end(case, award, bids[award.bid_id], AwardEvent.REPLACE if moving else AwardEvent.CANCEL)
    for bid in moving:
        bid.state = BID_WORKFLOW.step(bid.state, BidEvent.PROMOTE)
    if moving:
        event = ChallengeEvent.REPLACE
        take_step(session, case.actor, challenge, event, now=case.instant, text=case.proposal.reasons)
        return announce(session, challenge, case.proposal, bids, case.instant)
    if standing_awards(session, challenge.id):
        challenge.outcome = standing_result(challenge.outcome, without=award.bid_id)
        return None
    end_without_award(session, case.actor, challenge, ["all_withdrew"], case.proposal.reasons, case.instant)
    return None


def _end(case: _Case, award: Award, bid: Bid, event: AwardEvent) -> None:
    award.state = AWARD_WORKFLOW.step(award.state, event)
    award.end_reason, award.ended_at, award.ended_by = case.proposal.reasons, case.instant, case.actor.user_id
    bid.state = BID_WORKFLOW.step(bid.state, BidEvent.WITHDRAW)
    case.session.flush()
    number, reason = award.number, award.end_reason
    record(case.session, case.actor, case.challenge, "award.replace", award=number, reason=reason)
    publish(case.session, "award.ended", now=case.instant, key=f"award.ended:{award.id}", award_id=award.id)


def announce(
    session: Session, challenge: Challenge, proposal: AwardProposal, bids: dict[uuid.UUID, Bid], instant: dt.datetime
) -> Publicity:
    """Put a proposal in which a reserve moves up in public notice, and tell the firm that moves up."""
    publicity = begin_notice(session, challenge, proposal, bids, instant)
    key = f"award.moved_up:{proposal.id}"
    publish(session, "award.moved_up", now=instant, key=key, proposal_id=proposal.id)
    return publicity


def _no_award(case: _Case) -> None:
    reasons, text = case.proposal.reason_codes, case.proposal.reasons
    end_without_award(case.session, case.actor, case.challenge, reasons, text, case.instant)


_KINDS: dict[ProposalKind, Any] = {
    ProposalKind.AWARD: _award,
    ProposalKind.REPLACE: _replace,
    ProposalKind.NO_AWARD: _no_award,
}
