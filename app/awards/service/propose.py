"""From the ranking to the public notice: one person proposes, another confirms."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.audit import service as audit
from app.awards import policy, rules
from app.awards.commands import Outcome
from app.awards.models import AwardProposal, ProposedVerdict, Publicity
from app.awards.ranking import final_ranking
from app.awards.service.locked import MOVED_ON, lock_bids, lock_challenge, open_proposal
from app.awards.service.notice import begin_notice
from app.awards.workflow import PROPOSAL_WORKFLOW, ProposalEvent
from app.bids.workflow import BID_WORKFLOW, BidEvent
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.awards.commands import ProposeAward
    from app.challenges.models import Challenge
    from app.core.actor import Actor

EVENTS = {
    Outcome.SELECTED: BidEvent.SELECT,
    Outcome.RESERVE: BidEvent.KEEP_IN_RESERVE,
    Outcome.NOT_SELECTED: BidEvent.NOT_SELECT,
}


def propose_award(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ProposeAward, now: dt.datetime
) -> AwardProposal:
    """Propose what becomes of every ranked bid.

    Raises NotFound, NotAllowed, Conflict (not under evaluation, or proposed already) or RuleViolation.
    """
    challenge = lock_challenge(session, challenge_id)
    policy.can_propose(actor, owner_id=challenge.organization_id, mode=challenge.mode).enforce()
    if challenge.state is not PostingState.EVALUATING or open_proposal(session, challenge_id) is not None:
        raise Conflict(MOVED_ON, code="not_evaluating")
    ranking = final_ranking(session, challenge_id)
    if not ranking:
        raise RuleViolation("The review is not finished: there is no ranking yet.", code="no_ranking")
    lines = [rules.Ranked(line.bid_id, line.place, line.is_passing) for line in ranking]
    found = rules.proposal_faults(command, lines, award_count=challenge.award_count)
    if found:
        raise RuleViolation(found[0].message, code="proposal_faulty", field=found[0].field)
    places = {line.bid_id: line.place for line in lines}
    proposal = AwardProposal(
        challenge_id=challenge_id,
        round=_next_round(session, challenge_id),
        reasons=command.reasons.strip(),
        proposed_by=actor.user_id,
        proposed_at=now,
        verdicts=[
            ProposedVerdict(bid_id=one.bid_id, place=places[one.bid_id], outcome=one.outcome, reason=one.reason.strip())
            for one in command.verdicts
        ],
    )
    session.add(proposal)
    session.flush()
    _record(session, actor, challenge, "award.propose", round=proposal.round)
    publish(session, "award.proposed", now=now, key=f"award.proposed:{proposal.id}", proposal_id=proposal.id)
    return proposal


def confirm_proposal(
    session: Session, *, actor: Actor, proposal_id: uuid.UUID, opinion: str, now: dt.datetime
) -> Publicity:
    """Put a proposal in public notice; the clock of working days begins.

    Raises NotFound, NotAllowed (also for whoever proposed it) or Conflict (decided already).
    """
    challenge, proposal = _lock(session, proposal_id)
    policy.can_confirm(actor, proposed_by=proposal.proposed_by).enforce()
    proposal.state = PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.CONFIRM)
    proposal.confirmed_by, proposal.confirmed_at, proposal.opinion = actor.user_id, now, opinion.strip()
    take_step(session, actor, challenge, ChallengeEvent.PROPOSE, now=now)
    bids = lock_bids(session, (verdict.bid_id for verdict in proposal.verdicts))
    for verdict in proposal.verdicts:
        bid = bids[verdict.bid_id]
        bid.state = BID_WORKFLOW.step(bid.state, EVENTS[verdict.outcome])
    publicity = begin_notice(session, challenge, proposal, bids, now)
    _record(session, actor, challenge, "award.confirm", notice=publicity.number, opinion=proposal.opinion)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return publicity


def return_proposal(
    session: Session, *, actor: Actor, proposal_id: uuid.UUID, opinion: str, now: dt.datetime
) -> AwardProposal:
    """Send a proposal back with an opinion. Raises NotFound, NotAllowed, RuleViolation or Conflict."""
    challenge, proposal = _lock(session, proposal_id)
    policy.can_confirm(actor, proposed_by=proposal.proposed_by).enforce()
    if len(opinion.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is returned.", code="no_opinion", field="opinion")
    proposal.state = PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.RETURN)
    proposal.opinion = opinion.strip()
    session.flush()
    _record(session, actor, challenge, "award.return", round=proposal.round, opinion=proposal.opinion)
    publish(session, "award.returned", now=now, key=f"award.returned:{proposal.id}", proposal_id=proposal.id)
    return proposal


def _lock(session: Session, proposal_id: uuid.UUID) -> tuple[Challenge, AwardProposal]:
    missing = "There is no such proposal."
    challenge_id = session.scalar(select(AwardProposal.challenge_id).where(AwardProposal.id == proposal_id))
    if challenge_id is None:
        raise NotFound(missing, code="proposal_not_found")
    challenge = lock_challenge(session, challenge_id)
    query = select(AwardProposal).where(AwardProposal.id == proposal_id).options(selectinload(AwardProposal.verdicts))
    return challenge, lock_one(session, query, of=[AwardProposal], missing=missing, code="proposal_not_found")


def _next_round(session: Session, challenge_id: uuid.UUID) -> int:
    query = select(func.max(AwardProposal.round)).where(AwardProposal.challenge_id == challenge_id)
    return (session.scalar(query) or 0) + 1


def _record(session: Session, actor: Actor, challenge: Challenge, action: str, **details: object) -> None:
    audit.record(session, actor, action, "challenge", challenge.id, label=challenge.title, **details)
