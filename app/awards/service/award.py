"""The notice is over, nobody's objection stands and none can be raised again: the award is made."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.awards import policy, rules
from app.awards.commands import Outcome
from app.awards.models import Award, Objection
from app.awards.service.locked import (
    MOVED_ON,
    count_open_objections,
    lock_award,
    lock_bids,
    lock_challenge,
    proposal_in_force,
    running_publicity,
)
from app.awards.service.propose import record
from app.awards.workflow import AwardState, ObjectionState
from app.challenges.clock import database_now
from app.challenges.impartial import can_judge
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.outbox.service import publish
from app.reviews.service.locked import check_readable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.awards.models import AwardProposal, Publicity
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.core.actor import Actor


def award_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> list[Award]:
    """Award every selected bid that has no award yet; whether it is time is asked of the database's clock.

    Raises NotFound, NotAllowed (also for an officer with an interest), Conflict (no notice) or RuleViolation (it
    runs, an objection stands, or its author can still ask to have it looked at again).
    """
    policy.can_decide(actor).enforce()
    challenge = lock_challenge(session, challenge_id)
    can_judge(session, actor, challenge.id, now).enforce()
    publicity = running_publicity(session, challenge_id)
    proposal = proposal_in_force(session, challenge_id)
    if proposal is None or proposal.id != publicity.proposal_id:
        raise Conflict(MOVED_ON, code="no_proposal")
    check_readable(session, challenge_id)
    instant = database_now(session)
    _check_time(session, publicity, instant)
    take_step(session, actor, challenge, ChallengeEvent.AWARD, now=instant, text=publicity.number)
    publicity.ended_at = instant
    awards = _awards(session, actor, challenge, publicity, proposal, instant)
    session.add_all(awards)
    session.flush()
    record(session, actor, challenge, "award.make", notice=publicity.number, n_awards=len(awards))
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    publish(session, "award.made", now=now, key=f"award.made:{publicity.id}", need_id=challenge.id)
    return awards


def _check_time(session: Session, publicity: Publicity, instant: dt.datetime) -> None:
    if count_open_objections(session, publicity.id):
        raise RuleViolation("An objection waits for a decision, so nothing is awarded.", code="objection_open")
    if publicity.frozen_at is not None or instant < publicity.ends_at:
        raise RuleViolation("The public notice is not over yet.", code="notice_runs")
    if reconsiderable_until(session, publicity.challenge_id, instant) is not None:
        raise RuleViolation(
            "An objection was dismissed, and its author can still ask to have it looked at again.", code="again_open"
        )


def reconsiderable_until(session: Session, challenge_id: uuid.UUID, instant: dt.datetime) -> dt.datetime | None:
    """Return until when somebody can ask to look again at a dismissal, later than ``instant``; None: nobody can."""
    asked = select(Objection.reconsiders_id).where(
        Objection.challenge_id == challenge_id, Objection.reconsiders_id.is_not(None)
    )
    query = select(func.max(Objection.again_by)).where(
        Objection.challenge_id == challenge_id,
        Objection.state == ObjectionState.DISMISSED,
        Objection.waived_at.is_(None),
        Objection.again_by > instant,
        Objection.id.not_in(asked),
    )
    return session.scalar(query)


def _awards(
    session: Session,
    actor: Actor,
    challenge: Challenge,
    publicity: Publicity,
    proposal: AwardProposal,
    instant: dt.datetime,
) -> list[Award]:
    """Return the new awards; winners of a race who were awarded before keep theirs."""
    earlier = {one.bid_id: one for one in session.scalars(select(Award).where(Award.challenge_id == challenge.id))}
    selected = [one.bid_id for one in proposal.verdicts if one.outcome is Outcome.SELECTED]
    bids = lock_bids(session, [bid_id for bid_id in selected if bid_id not in earlier])
    replaced = earlier.get(proposal.replaces_bid_id) if proposal.replaces_bid_id else None
    fresh = [bids[bid_id] for bid_id in selected if bid_id in bids]
    return [
        _award(actor, challenge, publicity, bid, instant, number, replaced)
        for number, bid in enumerate(fresh, len(earlier) + 1)
    ]


def _award(
    actor: Actor,
    challenge: Challenge,
    publicity: Publicity,
    bid: Bid,
    instant: dt.datetime,
    number: int,
    replaced: Award | None,
) -> Award:
    return Award(
        id=uuid.uuid4(),
        challenge_id=challenge.id,
        bid_id=bid.id,
        publicity_id=publicity.id,
        number=f"{challenge.code}-A{number}",
        awarded_at=instant,
        awarded_by=actor.user_id,
        replaces_id=replaced.id if replaced else None,
    )


def decline_award(session: Session, *, actor: Actor, award_id: uuid.UUID, reason: str, now: dt.datetime) -> Award:
    """Let a winner say that it will not sign; the authority then ends the award, and the next reserve moves up.

    Raises NotFound, NotAllowed, RuleViolation (no reason) or Conflict (ended, or declined already).
    """
    challenge, award = lock_award(session, award_id)
    firm = lock_bids(session, [award.bid_id])[award.bid_id].organization_id
    if not actor.belongs_to(firm):
        raise NotFound("There is no such award.", code="award_not_found")
    if not actor.can_edit:
        raise NotAllowed("You can read for your company but not act for it.", code="not_allowed")
    if len(reason.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why you decline.", code="no_reason", field="reason")
    if award.state is not AwardState.CONFIRMED or award.declined_at is not None:
        raise Conflict(MOVED_ON, code="award_ended")
    award.declined_at, award.decline_reason = database_now(session), reason.strip()
    session.flush()
    record(session, actor, challenge, "award.decline", award=award.number, reason=award.decline_reason)
    publish(session, "award.declined", now=now, key=f"award.declined:{award.id}", award_id=award.id)
    return award
