"""A competition loaded to be decided: the challenge first, then its bids, so that deciders wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.awards.models import Award, AwardProposal, Objection, Publicity
from app.awards.workflow import OPEN_OBJECTIONS, AwardState, ProposalState
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.errors import Conflict, NotFound
from app.core.locking import lock_one
from app.demands.models import Need

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

MOVED_ON = "This competition has moved on. Reload the page to see where it stands."


def lock_challenge(session: Session, challenge_id: uuid.UUID) -> Challenge:
    """Load a challenge FOR UPDATE with its programme and owner; raise NotFound."""
    query = (
        select(Challenge)
        .join(Challenge.organization)
        .where(Challenge.id == challenge_id)
        .options(contains_eager(Challenge.organization), joinedload(Challenge.programme))
    )
    return lock_one(
        session, query, of=[Need, Challenge], missing="There is no such challenge.", code="challenge_not_found"
    )


def lock_bids(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Bid]:
    """Load some bids FOR UPDATE in the order of their ids, with their firms."""
    query = (
        select(Bid)
        .where(Bid.id.in_(set(ids)))
        .order_by(Bid.id)
        .options(selectinload(Bid.organization))
        .with_for_update(of=Bid)
        .execution_options(populate_existing=True)
    )
    return {bid.id: bid for bid in session.scalars(query)}


def waiting_proposal(session: Session, challenge_id: uuid.UUID) -> AwardProposal | None:
    """Return the proposal that waits for a second person, with its verdicts; the challenge must be locked."""
    return _proposal(session, challenge_id, ProposalState.PROPOSED)


def proposal_in_force(session: Session, challenge_id: uuid.UUID) -> AwardProposal | None:
    """Return the proposal that was confirmed and not overturned, with its verdicts; the challenge must be locked."""
    return _proposal(session, challenge_id, ProposalState.CONFIRMED)


def _proposal(session: Session, challenge_id: uuid.UUID, state: ProposalState) -> AwardProposal | None:
    query = (
        select(AwardProposal)
        .where(AwardProposal.challenge_id == challenge_id, AwardProposal.state == state)
        .options(selectinload(AwardProposal.verdicts))
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one_or_none()


def standing_awards(session: Session, challenge_id: uuid.UUID) -> list[Award]:
    """Return the awards that stand; the challenge must be locked."""
    query = select(Award).where(Award.challenge_id == challenge_id, Award.state == AwardState.CONFIRMED)
    return list(session.scalars(query.order_by(Award.number).execution_options(populate_existing=True)))


def lock_award(session: Session, award_id: uuid.UUID) -> tuple[Challenge, Award]:
    """Load an award FOR UPDATE, its challenge locked before it; raise NotFound."""
    missing = "There is no such award."
    challenge_id = session.scalar(select(Award.challenge_id).where(Award.id == award_id))
    if challenge_id is None:
        raise NotFound(missing, code="award_not_found")
    challenge = lock_challenge(session, challenge_id)
    query = select(Award).where(Award.id == award_id)
    return challenge, lock_one(session, query, of=[Award], missing=missing, code="award_not_found")


def lock_awarded(session: Session, bid_id: uuid.UUID | None) -> Award:
    """Load the award of a bid FOR UPDATE, its challenge locked before it; raise NotFound."""
    query = select(Award).where(Award.bid_id == bid_id)
    return lock_one(session, query, of=[Award], missing="There is no such award.", code="award_not_found")


def lock_proposal(session: Session, proposal_id: uuid.UUID) -> tuple[Challenge, AwardProposal]:
    """Load a proposal FOR UPDATE with its verdicts, its challenge locked before it; raise NotFound."""
    missing = "There is no such proposal."
    challenge_id = session.scalar(select(AwardProposal.challenge_id).where(AwardProposal.id == proposal_id))
    if challenge_id is None:
        raise NotFound(missing, code="proposal_not_found")
    challenge = lock_challenge(session, challenge_id)
    query = select(AwardProposal).where(AwardProposal.id == proposal_id).options(selectinload(AwardProposal.verdicts))
    return challenge, lock_one(session, query, of=[AwardProposal], missing=missing, code="proposal_not_found")


def running_publicity(session: Session, challenge_id: uuid.UUID) -> Publicity:
    """Return the notice that is running or frozen; the challenge must be locked. Raises Conflict when there is none."""
    query = select(Publicity).where(Publicity.challenge_id == challenge_id, Publicity.ended_at.is_(None))
    publicity = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if publicity is None:
        raise Conflict(MOVED_ON, code="no_publicity")
    return publicity


def lock_objection(session: Session, objection_id: uuid.UUID) -> tuple[Challenge, Objection]:
    """Load an objection FOR UPDATE, its challenge locked before it; raise NotFound."""
    challenge_id = session.scalar(select(Objection.challenge_id).where(Objection.id == objection_id))
    missing = "There is no such objection."
    if challenge_id is None:
        raise NotFound(missing, code="objection_not_found")
    challenge = lock_challenge(session, challenge_id)
    query = select(Objection).where(Objection.id == objection_id)
    return challenge, lock_one(session, query, of=[Objection], missing=missing, code="objection_not_found")


def count_open_objections(session: Session, publicity_id: uuid.UUID) -> int:
    """Return how many objections to a notice wait for a decision; the challenge must be locked."""
    query = select(Objection.id).where(Objection.publicity_id == publicity_id, Objection.state.in_(OPEN_OBJECTIONS))
    return len(session.scalars(query).all())
