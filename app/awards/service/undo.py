"""Proposals to undo a result: an award that is not signed ends, or the competition ends without one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.awards import policy, rules
from app.awards.commands import Outcome, ProposalKind
from app.awards.models import AwardProposal, ProposedVerdict
from app.awards.service.locked import (
    MOVED_ON,
    lock_award,
    lock_bids,
    lock_challenge,
    proposal_in_force,
    standing_awards,
)
from app.awards.service.propose import add_proposal
from app.awards.workflow import AwardState
from app.bids.workflow import BidState
from app.challenges.impartial import can_judge
from app.challenges.service.end import check_no_award
from app.core.errors import Conflict, RuleViolation
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.core.actor import Actor


def propose_replacement(
    session: Session, *, actor: Actor, award_id: uuid.UUID, reason: str, now: dt.datetime
) -> AwardProposal:
    """Propose to end an award whose winner does not sign; the next reserve, if any, takes its place.

    Nothing changes before another officer confirms it. Raises NotFound, NotAllowed (also for whoever made the award,
    and for an officer with an interest), RuleViolation (no reason) or Conflict (ended already, or one is proposed).
    """
    challenge, award = lock_award(session, award_id)
    policy.can_replace(actor, awarded_by=award.awarded_by).enforce()
    can_judge(session, actor, challenge.id, now).enforce()
    if len(reason.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is replaced.", code="no_reason", field="reason")
    before = proposal_in_force(session, challenge.id)
    if award.state is not AwardState.CONFIRMED or challenge.state is not PostingState.AWARDED or before is None:
        raise Conflict(MOVED_ON, code="award_ended")
    bids = lock_bids(session, (verdict.bid_id for verdict in before.verdicts))
    return add_proposal(
        session,
        actor,
        challenge,
        reason,
        _verdicts(before, bids, award.bid_id, reason.strip()),
        now,
        kind=ProposalKind.REPLACE,
        replaces_bid_id=award.bid_id,
    )


def _verdicts(
    before: AwardProposal, bids: Mapping[uuid.UUID, Bid], ended: uuid.UUID, reason: str
) -> list[ProposedVerdict]:
    """Return what the new notice says: the award that ends is refused, and the next reserve is selected."""
    outcomes = {verdict.bid_id: verdict.outcome for verdict in before.verdicts}
    order = reserve_of(before, bids)
    changed = {ended: Outcome.NOT_SELECTED} | dict.fromkeys(order[:1], Outcome.SELECTED)
    return revised(before, bids, outcomes | changed, reason, keep=ended)


def reserve_of(proposal: AwardProposal, bids: Mapping[uuid.UUID, Bid]) -> list[uuid.UUID]:
    """Return the bids of a proposal that are still in reserve, the next to move up first."""
    outcomes = {one.bid_id: one.outcome for one in proposal.verdicts if bids[one.bid_id].state is BidState.RESERVE}
    ranked = [rules.Ranked(one.bid_id, one.place, is_passing=True) for one in proposal.verdicts]
    return rules.reserve_order(ranked, outcomes)


def revised(
    before: AwardProposal,
    bids: Mapping[uuid.UUID, Bid],
    outcomes: Mapping[uuid.UUID, Outcome],
    reason: str,
    *,
    keep: uuid.UUID,
) -> list[ProposedVerdict]:
    """Return the verdicts of a proposal with other outcomes; bids that are gone, except ``keep``, are left out."""
    gone = (BidState.WITHDRAWN, BidState.DISQUALIFIED)
    return [
        ProposedVerdict(
            bid_id=one.bid_id,
            place=one.place,
            outcome=outcomes[one.bid_id],
            reason=_reason(one, outcomes[one.bid_id], reason),
        )
        for one in before.verdicts
        if one.bid_id == keep or bids[one.bid_id].state not in gone
    ]


def _reason(before: ProposedVerdict, outcome: Outcome, reason: str) -> str:
    """Return what a bid is told: who moves up is owed no reason, and keeps none that is no longer true."""
    if outcome is before.outcome:
        return before.reason
    return reason if outcome is Outcome.NOT_SELECTED else ""


def propose_no_award(
    session: Session,
    *,
    actor: Actor,
    challenge_id: uuid.UUID,
    reasons: Sequence[str],
    text: str,
    now: dt.datetime,
) -> AwardProposal:
    """Propose to end a competition without an award though a result was confirmed; another officer confirms it.

    Raises NotFound, NotAllowed (also for an officer with an interest), RuleViolation (no reason) or Conflict (no
    result to undo, or an award stands).
    """
    policy.can_decide(actor).enforce()
    challenge = lock_challenge(session, challenge_id)
    can_judge(session, actor, challenge.id, now).enforce()
    check_no_award(reasons, text)
    if challenge.state not in (PostingState.EVALUATING, PostingState.PUBLICITY):
        raise Conflict(MOVED_ON, code="not_in_decision")
    if standing_awards(session, challenge_id):
        raise Conflict("Another award of this competition stands, so it does not end without one.", code="award_stands")
    kind, codes = ProposalKind.NO_AWARD, list(dict.fromkeys(reasons))
    return add_proposal(session, actor, challenge, text, (), now, kind=kind, reason_codes=codes)
