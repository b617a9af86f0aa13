"""Score sheets: kept while being written, locked for good when handed in."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit import service as audit
from app.audit.service import ORIGIN
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.drafts.registry import register_form
from app.drafts.service import discard
from app.reviews.criteria import ReviewRules
from app.reviews.models import Review, ReviewScore, ReviewView
from app.reviews.rules import faults
from app.reviews.service.declare import check_holder, conflicts_now
from app.reviews.service.locked import NO_SEAT, lock_seat
from app.reviews.sheets import judged_entries
from app.reviews.workflow import PanelState, Phase, ReviewMethod, SeatState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.commands import SaveReview
    from app.reviews.models import ReviewEntry, ReviewSeat

FORM = register_form("review")
PHASES = {PanelState.SCORING: Phase.INDIVIDUAL, PanelState.CONSENSUS: Phase.CONSENSUS}


def save_review(
    session: Session, *, actor: Actor, seat_id: uuid.UUID, entry_id: uuid.UUID, command: SaveReview, now: dt.datetime
) -> Review:
    """Keep an unfinished sheet. Raises NotFound, NotAllowed (no pledge), RuleViolation or Conflict (locked, stale)."""
    review, _ = _write(session, actor, (seat_id, entry_id), command, now, complete=False)
    session.flush()
    discard(session, actor, FORM, str(entry_id))
    return review


def submit_review(
    session: Session, *, actor: Actor, seat_id: uuid.UUID, entry_id: uuid.UUID, command: SaveReview, now: dt.datetime
) -> Review:
    """Hand in a sheet; from now on nobody changes it, the reviewer included.

    Conflicts are looked for once more. Raises NotFound, NotAllowed, RuleViolation or Conflict (locked already).
    """
    review, seat = _write(session, actor, (seat_id, entry_id), command, now, complete=True)
    if conflicts_now(session, seat, now):
        raise NotAllowed(
            "The portal has found a conflict of interest between you and a bidder. Declare it, or ask the authority.",
            code="conflict",
        )
    session.flush()
    review.locked_at, review.locked_by = now, actor.user_id
    session.flush()
    discard(session, actor, FORM, str(entry_id))
    audit.record(
        session, actor, "review.submit", "review", seat.panel_id, label=seat.panel.challenge.title,
        seat=str(seat.id), entry=str(entry_id), phase=review.phase.value, is_veto=bool(review.veto),
    )  # fmt: skip
    return review


def note_view(
    session: Session, *, actor: Actor, seat_id: uuid.UUID, entry_id: uuid.UUID | None, page: str, now: dt.datetime
) -> None:
    """Put a look at a bid, or at the comparison of all, on record."""
    if actor.user_id is None:
        raise NotFound(NO_SEAT, code="seat_not_found")
    session.add(
        ReviewView(
            seat_id=seat_id, entry_id=entry_id, user_id=actor.user_id, page=page, ip=ORIGIN.get().ip, viewed_at=now
        )
    )


def is_open_to_revision(seat: ReviewSeat, entry: ReviewEntry, originals: list[Review], rules: ReviewRules) -> bool:
    """Return whether the discussion concerns this bid: the scores lie far apart, or somebody wants a veto."""
    counted = [one for one in originals if one.entry_id == entry.id and one.phase is Phase.INDIVIDUAL]
    totals = [sum((score.value or 0 for score in one.scores), start=0) for one in counted]
    is_apart = bool(totals) and max(totals) - min(totals) > rules.spread_alert
    return is_apart or any(one.veto for one in counted)


def _write(
    session: Session, actor: Actor, ids: tuple[uuid.UUID, uuid.UUID], command: SaveReview, now: dt.datetime, *,
    complete: bool,
) -> tuple[Review, ReviewSeat]:  # fmt: skip
    seat = lock_seat(session, ids[0])
    check_holder(actor, seat)
    entry = next((one for one in seat.panel.entries if one.id == ids[1]), None)
    if entry is None:
        raise NotFound(NO_SEAT, code="entry_not_found")
    if entry not in judged_entries(seat.panel):
        raise Conflict("Its firm has withdrawn this bid; it is judged no more.", code="withdrawn")
    if seat.state is not SeatState.ACTIVE:
        raise NotAllowed("Declare and pledge before you see or judge a bid.", code="not_pledged")
    rules = ReviewRules.restored(seat.panel.rules)
    review = _open_sheet(session, seat, entry, rules)
    if command.version not in (None, review.version):
        raise Conflict("This sheet has been saved elsewhere in the meantime. Reload the page.", code="stale")
    found = faults(command, rules, complete=complete)
    if found:
        raise RuleViolation(found[0].message, code="review_faulty", field=found[0].field)
    _fill(review, command, rules, now)
    return review, seat


def _open_sheet(session: Session, seat: ReviewSeat, entry: ReviewEntry, rules: ReviewRules) -> Review:
    """Load the sheet of this phase FOR UPDATE, or begin it. Raises Conflict when it is locked or nothing is open."""
    phase = PHASES.get(seat.panel.state)
    if phase is None:
        raise Conflict("This review takes no scores now.", code="no_scores")
    if phase is Phase.CONSENSUS:
        _check_revision(session, seat, entry, rules)
    query = (
        select(Review)
        .where(Review.seat_id == seat.id, Review.entry_id == entry.id, Review.phase == phase)
        .options(selectinload(Review.scores))
        .with_for_update()
    )
    review = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if review is None:
        review = Review(seat_id=seat.id, entry_id=entry.id, phase=phase, scores=[])
        session.add(review)
    elif review.locked_at is not None:
        raise Conflict("This sheet was handed in and can no longer be changed.", code="locked")
    return review


def _check_revision(session: Session, seat: ReviewSeat, entry: ReviewEntry, rules: ReviewRules) -> None:
    counts_as_expert = seat.expert_id is not None or seat.panel.method is ReviewMethod.OWNER
    seats = [one.id for one in seat.panel.seats if one.state is SeatState.ACTIVE and one.expert_id is not None]
    query = select(Review).where(Review.seat_id.in_(seats), Review.entry_id == entry.id)
    originals = list(session.scalars(query.options(selectinload(Review.scores))))
    if not counts_as_expert or not is_open_to_revision(seat, entry, originals, rules):
        raise Conflict("Scores that are not under discussion stay as they were handed in.", code="not_discussed")


def _fill(review: Review, command: SaveReview, rules: ReviewRules, now: dt.datetime) -> None:
    known = {score.criterion: score for score in review.scores}
    for criterion in rules.scored:
        given = command.scores.get(criterion.code)
        row = known.get(criterion.code)
        if row is None:
            row = ReviewScore(criterion=criterion.code)
            review.scores.append(row)
        row.value = given.value if given else None
        row.comment = given.comment if given else ""
    review.comment, review.veto, review.veto_reason = command.comment, command.veto, command.veto_reason
    review.updated_at = now
