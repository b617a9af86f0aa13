"""From the ranking to a proposal: one person says what becomes of every bid, and another confirms or returns it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.audit import service as audit
from app.awards import policy, rules
from app.awards.commands import ProposalKind
from app.awards.models import AwardProposal, ProposedVerdict
from app.awards.ranking import final_ranking
from app.awards.service.locked import MOVED_ON, lock_challenge, lock_proposal, waiting_proposal
from app.awards.workflow import PROPOSAL_WORKFLOW, ProposalEvent
from app.challenges.impartial import can_judge
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.service import publish
from app.reviews.service.locked import check_readable

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.awards.commands import ProposeAward
    from app.challenges.models import Challenge
    from app.core.actor import Actor


def propose_award(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ProposeAward, now: dt.datetime
) -> AwardProposal:
    """Propose what becomes of every ranked bid.

    Raises NotFound, NotAllowed (also for an officer with an interest), Conflict (not under evaluation, or proposed
    already) or RuleViolation.
    """
    challenge = lock_challenge(session, challenge_id)
    policy.can_propose(actor, owner_id=challenge.organization_id, mode=challenge.mode).enforce()
    can_judge(session, actor, challenge.id, now).enforce()
    if challenge.state is not PostingState.EVALUATING:
        raise Conflict(MOVED_ON, code="not_evaluating")
    check_readable(session, challenge_id)
    ranking = final_ranking(session, challenge_id)
    if not ranking:
        raise RuleViolation("The review is not finished: there is no ranking yet.", code="no_ranking")
    lines = [rules.Ranked(line.bid_id, line.place, line.is_passing) for line in ranking]
    found = rules.proposal_faults(command, lines, award_count=challenge.award_count)
    if found:
        raise RuleViolation(found[0].message, code="proposal_faulty", field=found[0].field)
    places = {line.bid_id: line.place for line in lines}
    verdicts = [
        ProposedVerdict(bid_id=one.bid_id, place=places[one.bid_id], outcome=one.outcome, reason=one.reason.strip())
        for one in command.verdicts
    ]
    return add_proposal(session, actor, challenge, command.reasons, verdicts, now)


def add_proposal(
    session: Session,
    actor: Actor,
    challenge: Challenge,
    reasons: str,
    verdicts: Sequence[ProposedVerdict],
    now: dt.datetime,
    **of_kind: Any,
) -> AwardProposal:
    """Let a proposal for a locked challenge wait for a second person. Raises Conflict while another one waits."""
    if waiting_proposal(session, challenge.id) is not None:
        raise Conflict("A proposal waits already. It is confirmed or returned first.", code="proposed_already")
    proposal = AwardProposal(
        challenge_id=challenge.id,
        round=next_round(session, challenge.id),
        reasons=reasons.strip(),
        proposed_by=actor.user_id,
        proposed_at=now,
        verdicts=list(verdicts),
        **of_kind,
    )
    session.add(proposal)
    session.flush()
    record(session, actor, challenge, "award.propose", round=proposal.round, kind=proposal.kind)
    publish(session, "award.proposed", now=now, key=f"award.proposed:{proposal.id}", proposal_id=proposal.id)
    return proposal


def return_proposal(
    session: Session, *, actor: Actor, proposal_id: uuid.UUID, opinion: str, now: dt.datetime
) -> AwardProposal:
    """Send a proposal back with an opinion. Raises NotFound, NotAllowed, RuleViolation or Conflict."""
    challenge, proposal = lock_proposal(session, proposal_id)
    policy.can_confirm(actor, proposed_by=proposal.proposed_by).enforce()
    can_judge(session, actor, challenge.id, now).enforce()
    if len(opinion.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is returned.", code="no_opinion", field="opinion")
    _return(session, actor, challenge, proposal, opinion.strip(), now)
    return proposal


def return_stale(session: Session, challenge: Challenge, bid_id: uuid.UUID, opinion: str, now: dt.datetime) -> None:
    """Return the proposal that waits and says something of a bid that is no longer there."""
    proposal = waiting_proposal(session, challenge.id)
    if proposal is not None and bid_id in {verdict.bid_id for verdict in proposal.verdicts}:
        _return(session, SYSTEM, challenge, proposal, opinion, now)


def _return(
    session: Session, actor: Actor, challenge: Challenge, proposal: AwardProposal, opinion: str, now: dt.datetime
) -> None:
    proposal.state = PROPOSAL_WORKFLOW.step(proposal.state, ProposalEvent.RETURN)
    proposal.opinion = opinion
    session.flush()
    record(session, actor, challenge, "award.return", round=proposal.round, opinion=opinion)
    if proposal.kind is ProposalKind.AWARD:
        publish(session, "award.returned", now=now, key=f"award.returned:{proposal.id}", proposal_id=proposal.id)


def next_round(session: Session, challenge_id: uuid.UUID) -> int:
    """Return the number of the next proposal."""
    query = select(func.max(AwardProposal.round)).where(AwardProposal.challenge_id == challenge_id)
    return (session.scalar(query) or 0) + 1


def record(session: Session, actor: Actor, challenge: Challenge, action: str, **details: object) -> None:
    """Put an act on the trail of the challenge."""
    audit.record(session, actor, action, "challenge", challenge.id, label=challenge.title, **details)
