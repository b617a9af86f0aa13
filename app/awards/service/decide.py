"""The authority decides an objection; meanwhile the notice stands still."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.awards import policy, rules
from app.awards.commands import Outcome, Remedy
from app.awards.models import AwardProposal, Objection, ProposedVerdict, Publicity
from app.awards.service.locked import (
    MOVED_ON,
    lock_bids,
    lock_objection,
    open_proposal,
    running_publicity,
)
from app.awards.service.notice import begin_notice
from app.awards.workflow import (
    OBJECTION_WORKFLOW,
    PROPOSAL_WORKFLOW,
    ObjectionEvent,
    ObjectionState,
    ProposalEvent,
    ProposalState,
)
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.awards.commands import DecideObjection
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class _Case:
    """An objection that is upheld, with all that its remedy changes; everything is locked."""

    session: Session
    actor: Actor
    challenge: Challenge
    proposal: AwardProposal
    bids: dict[uuid.UUID, Bid]
    objection: Objection
    now: dt.datetime


def accept_objection(session: Session, *, actor: Actor, objection_id: uuid.UUID, now: dt.datetime) -> Objection:
    """Take an objection up: it is investigated, and the notice stands still until it is decided.

    Raises NotFound, NotAllowed or Conflict.
    """
    policy.can_decide(actor).enforce()
    challenge, objection = lock_objection(session, objection_id)
    objection.state = OBJECTION_WORKFLOW.step(objection.state, ObjectionEvent.ACCEPT)
    publicity = session.get_one(Publicity, objection.publicity_id)
    if publicity.ended_at is None and publicity.frozen_at is None:
        # A notice whose time is up stays just before its end: it is not over while an objection stands.
        publicity.frozen_at = min(now, publicity.ends_at)
    session.flush()
    _tell(session, actor, challenge, objection, "objection.accept", now)
    return objection


def refuse_objection(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, command: DecideObjection, now: dt.datetime
) -> Objection:
    """Do not take an objection up (anonymous, late, without evidence…).

    Raises NotFound, NotAllowed, Conflict or RuleViolation (no reasons).
    """
    challenge, objection = _decide(session, actor, objection_id, ObjectionEvent.REFUSE, command, now)
    _tell(session, actor, challenge, objection, "objection.refuse", now)
    return objection


def dismiss_objection(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, command: DecideObjection, now: dt.datetime
) -> Objection:
    """Find an objection without ground; the notice goes on when no other stands.

    Raises NotFound, NotAllowed, Conflict or RuleViolation (no reasons).
    """
    challenge, objection = _decide(session, actor, objection_id, ObjectionEvent.DISMISS, command, now)
    resume(session, objection, now)
    _tell(session, actor, challenge, objection, "objection.dismiss", now)
    return objection


def uphold_objection(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, command: DecideObjection, now: dt.datetime
) -> Objection:
    """Find an objection right and do what follows: review again, the next reserve, or no award.

    Raises NotFound, NotAllowed, Conflict or RuleViolation (no reasons, no remedy, nobody in reserve).
    """
    if command.remedy is None:
        raise RuleViolation("Say what follows from the objection.", code="no_remedy", field="remedy")
    challenge, objection = _decide(session, actor, objection_id, ObjectionEvent.UPHOLD, command, now)
    objection.remedy = command.remedy
    publicity = running_publicity(session, challenge.id)
    proposal = open_proposal(session, challenge.id)
    if proposal is None or proposal.state is not ProposalState.CONFIRMED:
        raise Conflict(MOVED_ON, code="no_proposal")
    publicity.frozen_at, publicity.ended_at = None, now
    proposal.state = PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.OVERTURN)
    session.flush()
    bids = lock_bids(session, (verdict.bid_id for verdict in proposal.verdicts))
    _REMEDIES[command.remedy](_Case(session, actor, challenge, proposal, bids, objection, now))
    session.flush()
    _tell(session, actor, challenge, objection, "objection.uphold", now)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return objection


def resume(session: Session, objection: Objection, now: dt.datetime) -> None:
    """Let a notice go on when nothing it stood still for is left; the time it stood still is added."""
    publicity = session.get_one(Publicity, objection.publicity_id)
    under_way = select(Objection.id).where(
        Objection.publicity_id == publicity.id, Objection.state == ObjectionState.INVESTIGATING
    )
    if publicity.frozen_at is None or session.scalars(under_way).first() is not None:
        return
    publicity.ends_at = rules.resumed_end(publicity.ends_at, publicity.frozen_at, now)
    publicity.frozen_at = None
    session.flush()


def _decide(
    session: Session,
    actor: Actor,
    objection_id: uuid.UUID,
    event: ObjectionEvent,
    command: DecideObjection,
    now: dt.datetime,
) -> tuple[Challenge, Objection]:
    policy.can_decide(actor).enforce()
    if len(command.decision.strip()) < rules.MIN_REASON:
        raise RuleViolation("Give the reasons in at least ten characters.", code="no_reasons", field="decision")
    challenge, objection = lock_objection(session, objection_id)
    state = OBJECTION_WORKFLOW.step(objection.state, event)
    objection.decision, objection.decided_by, objection.decided_at = command.decision.strip(), actor.user_id, now
    objection.state, objection.remedy = state, command.remedy if event is ObjectionEvent.UPHOLD else None
    session.flush()
    return challenge, objection


def _review_again(case: _Case) -> None:
    challenge = case.challenge
    _step(case, ChallengeEvent.REOPEN)
    challenge.outcome = {}
    for bid in case.bids.values():
        bid.state = BID_WORKFLOW.step(bid.state, BidEvent.REVIEW_AGAIN)


def _next_reserve(case: _Case) -> None:
    """Strike the firm objected to and let the next reserve take its place under a new notice."""
    policy.can_confirm(case.actor, proposed_by=case.proposal.proposed_by).enforce()
    struck = case.bids.get(case.objection.bid_id) if case.objection.bid_id else None
    if struck is None or struck.state is not BidState.SELECTED:
        raise RuleViolation("The objection is not about a selected firm.", code="not_selected", field="remedy")
    outcomes = {verdict.bid_id: verdict.outcome for verdict in case.proposal.verdicts}
    ranked = [rules.Ranked(verdict.bid_id, verdict.place, is_passing=True) for verdict in case.proposal.verdicts]
    order = rules.reserve_order(ranked, outcomes)
    if not order:
        raise RuleViolation("Nobody is in reserve. Choose another remedy.", code="no_reserve", field="remedy")
    next_bid = case.bids[order[0]]
    struck.state = BID_WORKFLOW.step(struck.state, BidEvent.DISQUALIFY)
    next_bid.state = BID_WORKFLOW.step(next_bid.state, BidEvent.PROMOTE)
    _notice_again(case, outcomes | {struck.id: Outcome.NOT_SELECTED, next_bid.id: Outcome.SELECTED})


def _notice_again(case: _Case, outcomes: dict[uuid.UUID, Outcome]) -> None:
    before = case.proposal
    proposal = AwardProposal(
        challenge_id=case.challenge.id,
        round=before.round + 1,
        state=ProposalState.CONFIRMED,
        reasons=case.objection.decision,
        proposed_by=before.proposed_by,
        proposed_at=case.now,
        confirmed_by=case.actor.user_id,
        confirmed_at=case.now,
        verdicts=[
            ProposedVerdict(
                bid_id=verdict.bid_id,
                place=verdict.place,
                outcome=outcomes[verdict.bid_id],
                reason=verdict.reason if outcomes[verdict.bid_id] is verdict.outcome else case.objection.decision,
            )
            for verdict in before.verdicts
        ],
    )
    case.session.add(proposal)
    case.session.flush()
    begin_notice(case.session, case.challenge, proposal, case.bids, case.now)


def _no_award(case: _Case) -> None:
    challenge, now = case.challenge, case.now
    _step(case, ChallengeEvent.NO_AWARD)
    challenge.outcome = {"reasons": ["objection_upheld"]}
    for bid in case.bids.values():
        if bid.state in (BidState.SELECTED, BidState.RESERVE):
            bid.state = BID_WORKFLOW.step(bid.state, BidEvent.REVIEW_AGAIN)
            bid.state = BID_WORKFLOW.step(bid.state, BidEvent.NOT_SELECT)
    key = f"challenge.no_award:{challenge.id}"
    publish(case.session, "challenge.no_award", now=now, key=key, need_id=challenge.id)


def _step(case: _Case, event: ChallengeEvent) -> None:
    take_step(
        case.session,
        case.actor,
        case.challenge,
        event,
        now=case.now,
        reason_code="objection_upheld",
        text=case.objection.decision,
    )


_REMEDIES = {
    Remedy.REVIEW_AGAIN: _review_again,
    Remedy.NEXT_RESERVE: _next_reserve,
    Remedy.NO_AWARD: _no_award,
}


def _tell(
    session: Session, actor: Actor, challenge: Challenge, objection: Objection, action: str, now: dt.datetime
) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        objection_id=str(objection.id),
        decision=objection.decision,
        remedy=objection.remedy or "",
    )
    key = f"objection.decided:{objection.id}:{objection.state}"
    publish(session, "objection.decided", now=now, key=key, objection_id=objection.id)
