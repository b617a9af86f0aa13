"""Rows loaded to be changed, always in the same order: challenge, panel, bid or seat, sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.bids.models import Bid
from app.bids.queries.endings import n_unreadable
from app.bids.workflow import BidState
from app.challenges.models import Challenge, ChallengeStep
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.reviews.models import Expert, FormatCheck, ReviewEntry, ReviewPanel, ReviewSeat
from app.reviews.workflow import FormatState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

NO_CHALLENGE, NO_BID = "There is no such challenge.", "There is no such bid."
NO_PANEL, NO_SEAT = "There is no such review.", "There is no such review, or it is not yours."


def lock_challenge(session: Session, challenge_id: uuid.UUID, *, is_shared: bool = False) -> Challenge:
    """Load a challenge under evaluation. Raises NotFound, and Conflict in any other state."""
    query = (
        select(Challenge)
        .join(Challenge.organization)
        .where(Challenge.id == challenge_id)
        .options(
            contains_eager(Challenge.organization),
            joinedload(Challenge.programme),
            selectinload(Challenge.params),
            selectinload(Challenge.categories),
            selectinload(Challenge.kpis),
        )
    )
    challenge = lock_one(session, query, of=[Need, Challenge], missing=NO_CHALLENGE, is_shared=is_shared)
    if challenge.state is not PostingState.EVALUATING:
        raise Conflict("This challenge is not under evaluation.", code="not_evaluating")
    return challenge


def lock_bid(session: Session, bid_id: uuid.UUID) -> Bid:
    """Load a bid, its challenge locked before it. Raises NotFound or Conflict (not under evaluation)."""
    challenge_id = session.scalar(select(Bid.challenge_id).where(Bid.id == bid_id))
    if challenge_id is None:
        raise NotFound(NO_BID, code="bid_not_found")
    challenge = lock_challenge(session, challenge_id, is_shared=True)
    query = select(Bid).where(Bid.id == bid_id).options(joinedload(Bid.organization))
    bid = lock_one(session, query, of=[Bid], missing=NO_BID, code="bid_not_found")
    set_committed_value(bid, "challenge", challenge)
    return bid


def lock_check(session: Session, bid: Bid) -> FormatCheck:
    """Load the format check of a locked bid, or begin it."""
    query = select(FormatCheck).where(FormatCheck.bid_id == bid.id).with_for_update()
    check = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if check is None:
        check = FormatCheck(bid_id=bid.id, state=FormatState.CHECKING, items=[])
        session.add(check)
    set_committed_value(check, "bid", bid)
    return check


def lock_panel(session: Session, panel_id: uuid.UUID, *, is_shared: bool = False) -> ReviewPanel:
    """Load a panel with its seats and entries, its challenge locked before it. Raises NotFound or Conflict."""
    challenge_id = session.scalar(select(ReviewPanel.challenge_id).where(ReviewPanel.id == panel_id))
    if challenge_id is None:
        raise NotFound(NO_PANEL, code="panel_not_found")
    challenge = lock_challenge(session, challenge_id, is_shared=is_shared)
    query = (
        select(ReviewPanel)
        .where(ReviewPanel.id == panel_id)
        .options(
            selectinload(ReviewPanel.seats).selectinload(ReviewSeat.reviews),
            selectinload(ReviewPanel.entries).joinedload(ReviewEntry.bid).joinedload(Bid.organization),
        )
    )
    panel = lock_one(session, query, of=[ReviewPanel], missing=NO_PANEL, is_shared=is_shared)
    set_committed_value(panel, "challenge", challenge)
    return panel


def lock_seat(session: Session, seat_id: uuid.UUID, *, with_panel: bool = False) -> ReviewSeat:
    """Load a seat, its panel locked before it: for oneself where the panel changes, else shared with other seats.

    Raises NotFound or Conflict.
    """
    panel_id = session.scalar(select(ReviewSeat.panel_id).where(ReviewSeat.id == seat_id))
    if panel_id is None:
        raise NotFound(NO_SEAT, code="seat_not_found")
    panel = lock_panel(session, panel_id, is_shared=not with_panel)
    query = (
        select(ReviewSeat)
        .where(ReviewSeat.id == seat_id)
        .options(
            joinedload(ReviewSeat.expert).options(joinedload(Expert.user), selectinload(Expert.ties)),
            selectinload(ReviewSeat.reviews),
        )
    )
    seat = lock_one(session, query, of=[ReviewSeat], missing=NO_SEAT, code="seat_not_found")
    set_committed_value(seat, "panel", panel)
    return seat


def is_settled(session: Session, challenge_id: uuid.UUID) -> bool:
    """Return whether the last ranking stands: nobody picks another panel until one that suits is found.

    A result that falls because its winner withdrew is proposed anew from the same ranking; only an objection that is
    upheld asks for another review.
    """
    ranked = select(func.max(ReviewPanel.ranked_at)).where(ReviewPanel.challenge_id == challenge_id)
    reopened = select(func.max(ChallengeStep.at)).where(
        ChallengeStep.challenge_id == challenge_id,
        ChallengeStep.event == ChallengeEvent.REOPEN,
        ChallengeStep.reason_code == "objection_upheld",
    )
    ranked_at, reopened_at = session.scalar(ranked), session.scalar(reopened)
    return ranked_at is not None and (reopened_at is None or reopened_at < ranked_at)


def check_readable(session: Session, challenge_id: uuid.UUID) -> None:
    """Raise RuleViolation while a bid that could not be opened is neither opened nor given up."""
    if n_unreadable(session, challenge_id):
        raise RuleViolation(
            "A bid could not be opened, and nobody has decided what becomes of it. See the page of the opening.",
            code="unreadable",
        )


def check_all_judged(session: Session, challenge_id: uuid.UUID) -> None:
    """Raise RuleViolation when a ranking would leave a bid without a verdict."""
    check_readable(session, challenge_id)
    waiting = select(Bid.id).where(Bid.challenge_id == challenge_id, Bid.state.in_((BidState.OPENED, BidState.VALID)))
    if session.scalars(waiting.limit(1)).first() is not None:
        raise RuleViolation(
            "A bid has been opened or admitted since the panel was formed, and nobody has judged it.",
            code="unjudged",
        )
