"""What follows from an objection that is upheld: review again, the next reserve, or no award."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.awards.commands import Outcome, Remedy
from app.awards.models import AwardProposal
from app.awards.service.confirm import announce, overturn_result
from app.awards.service.locked import MOVED_ON, lock_bids, proposal_in_force, running_publicity, standing_awards
from app.awards.service.propose import next_round, return_stale
from app.awards.service.undo import reserve_of, revised
from app.awards.service.withdraw import reopen
from app.awards.workflow import ProposalState
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.clock import database_now
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.awards.models import Objection, Publicity
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.core.actor import Actor

UPHELD = "objection_upheld"


@dataclass(frozen=True, slots=True)
class _Case:
    """An objection with all that its remedy changes; everything is locked."""

    session: Session
    challenge: Challenge
    objection: Objection
    publicity: Publicity
    proposal: AwardProposal
    bids: dict[uuid.UUID, Bid]
    awarded: frozenset[uuid.UUID]
    """Bids whose awards stand."""

    def struck(self) -> Bid:
        """Return the selected bid objected to. Raises RuleViolation when it is about none."""
        bid = self.bids.get(self.objection.bid_id) if self.objection.bid_id else None
        if bid is None or bid.state is not BidState.SELECTED or bid.id in self.awarded:
            raise RuleViolation("The objection is not about a selected firm.", code="not_selected", field="remedy")
        return bid

    def next_in_reserve(self) -> Bid:
        """Return the bid that moves up. Raises RuleViolation when nobody is in reserve."""
        order = reserve_of(self.proposal, self.bids)
        if not order:
            raise RuleViolation("Nobody is in reserve. Choose another remedy.", code="no_reserve", field="remedy")
        return self.bids[order[0]]


def check_remedy(session: Session, challenge: Challenge, objection: Objection, remedy: Remedy) -> None:
    """Raise RuleViolation when a remedy is not possible now, Conflict when there is no result to change."""
    case = _case(session, challenge, objection)
    if remedy is Remedy.NEXT_RESERVE:
        case.struck()
        case.next_in_reserve()
    if remedy is Remedy.REVIEW_AGAIN and case.awarded:
        raise RuleViolation(
            "Another award of this race stands, so the review is not done again. Choose another remedy.",
            code="award_stands",
            field="remedy",
        )


def do_remedy(session: Session, actor: Actor, challenge: Challenge, objection: Objection, remedy: Remedy) -> None:
    """End the notice of a locked challenge and do what follows. Raises as ``check_remedy``."""
    case, instant = _case(session, challenge, objection), database_now(session)
    case.publicity.frozen_at, case.publicity.ended_at = None, instant
    overturn_result(session, challenge.id)
    for verdict in case.proposal.verdicts:
        return_stale(session, challenge, verdict.bid_id, UPHELD, instant)
    _REMEDIES[remedy](case, actor, instant)


def _case(session: Session, challenge: Challenge, objection: Objection) -> _Case:
    publicity = running_publicity(session, challenge.id)
    proposal = proposal_in_force(session, challenge.id)
    if proposal is None:
        raise Conflict(MOVED_ON, code="no_proposal")
    bids = lock_bids(session, (verdict.bid_id for verdict in proposal.verdicts))
    awarded = frozenset(award.bid_id for award in standing_awards(session, challenge.id))
    return _Case(session, challenge, objection, publicity, proposal, bids, awarded)


def _review_again(case: _Case, actor: Actor, instant: dt.datetime) -> None:
    text = case.objection.decision
    reopen(case.session, actor, case.challenge, case.bids, instant, reason_code=UPHELD, text=text)


def _next_reserve(case: _Case, actor: Actor, instant: dt.datetime) -> None:
    """Strike the firm objected to and let the next reserve take its place under a new notice.

    Two people stand for it as for every result: one found the objection right, another confirmed it.
    """
    struck, successor = case.struck(), case.next_in_reserve()
    outcomes = {verdict.bid_id: verdict.outcome for verdict in case.proposal.verdicts}
    changed = {struck.id: Outcome.NOT_SELECTED, successor.id: Outcome.SELECTED}
    struck.state = BID_WORKFLOW.step(struck.state, BidEvent.DISQUALIFY)
    successor.state = BID_WORKFLOW.step(successor.state, BidEvent.PROMOTE)
    proposal = AwardProposal(
        challenge_id=case.challenge.id,
        round=next_round(case.session, case.challenge.id),
        state=ProposalState.CONFIRMED,
        reasons=case.objection.decision,
        proposed_by=case.objection.proposed_by,
        proposed_at=instant,
        confirmed_by=actor.user_id,
        confirmed_at=instant,
        verdicts=revised(case.proposal, case.bids, outcomes | changed, case.objection.decision, keep=struck.id),
    )
    case.session.add(proposal)
    case.session.flush()
    announce(case.session, case.challenge, proposal, case.bids, instant)


def _no_award(case: _Case, actor: Actor, instant: dt.datetime) -> None:
    """End the competition without an award; in a race whose other awards stand, leave this place empty."""
    challenge, text = case.challenge, case.objection.decision
    fallen = [
        bid for bid in case.bids.values()
        if bid.state in (BidState.SELECTED, BidState.RESERVE) and bid.id not in case.awarded
    ]  # fmt: skip
    event = ChallengeEvent.AWARD if case.awarded else ChallengeEvent.NO_AWARD
    take_step(case.session, actor, challenge, event, now=instant, reason_code=UPHELD, text=text)
    for bid in fallen:
        if bid.state in (BidState.SELECTED, BidState.RESERVE):
            bid.state = BID_WORKFLOW.step(bid.state, BidEvent.REVIEW_AGAIN)
            bid.state = BID_WORKFLOW.step(bid.state, BidEvent.NOT_SELECT)
    if case.awarded:
        winners = [firm for firm in challenge.outcome.get("winners", ()) if _is_one_of(firm, case.awarded)]
        challenge.outcome = {"winners": winners, "reserve": []}
        return
    challenge.outcome = {"reasons": [UPHELD]}
    key = f"challenge.no_award:{challenge.id}"
    publish(case.session, "challenge.no_award", now=instant, key=key, need_id=challenge.id)


def _is_one_of(firm: dict[str, Any], bid_ids: frozenset[uuid.UUID]) -> bool:
    return firm.get("bid_id") in {str(bid_id) for bid_id in bid_ids}


_REMEDIES = {
    Remedy.REVIEW_AGAIN: _review_again,
    Remedy.NEXT_RESERVE: _next_reserve,
    Remedy.NO_AWARD: _no_award,
}
