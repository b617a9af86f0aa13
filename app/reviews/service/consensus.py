"""The discussion and the ranking that comes of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.bids.service import call_prices
from app.challenges.impartial import can_judge
from app.core.errors import RuleViolation
from app.outbox.service import publish
from app.reviews import policy
from app.reviews.criteria import ReviewRules
from app.reviews.prices import contenders, final_results, unopened, unpriced
from app.reviews.rules import MINUTES_LENGTH, NOTE_LENGTH
from app.reviews.scoring import Result, TiedError, ranking, results
from app.reviews.seats import lacking
from app.reviews.service.locked import check_all_judged, lock_panel
from app.reviews.sheets import counting_seats, load_reviews, missing_sheets, sheets
from app.reviews.workflow import PANEL_WORKFLOW, PanelEvent, PanelState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.commands import Conclude
    from app.reviews.models import Review, ReviewPanel


def open_meeting(session: Session, *, actor: Actor, panel_id: uuid.UUID, now: dt.datetime) -> ReviewPanel:
    """Lay the locked scores on the table. Raises NotFound, NotAllowed, Conflict or RuleViolation (not all are in)."""
    policy.can_lead(actor).enforce()
    panel = lock_panel(session, panel_id)
    can_judge(session, actor, panel.challenge_id, now).enforce()
    panel.state = PANEL_WORKFLOW.step(panel.state, PanelEvent.MEET)
    if lacking(session, panel):
        raise RuleViolation("The panel lacks experts. Draw replacements first.", code="incomplete")
    if missing_sheets(panel, load_reviews(session, panel)):
        raise RuleViolation("Not every score is handed in yet. Remind, or replace, whoever is missing.", code="missing")
    panel.met_at = now
    for seat in counting_seats(panel):
        if seat.expert_id is not None:
            publish(session, "review.meeting", now=now, key=f"review.meeting:{seat.id}", seat_id=seat.id)
    session.flush()
    audit.record(session, actor, "review.open_meeting", "review", panel.id, label=panel.challenge.title)
    return panel


def close_scores(
    session: Session, *, actor: Actor, panel_id: uuid.UUID, command: Conclude, now: dt.datetime
) -> ReviewPanel:
    """Make the technical scores final, so that the price envelopes of the bids that may still win can be opened.

    Raises NotFound, NotAllowed, Conflict or RuleViolation (no such envelopes; minutes or a discussion is missing).
    """
    policy.can_lead(actor).enforce()
    panel = lock_panel(session, panel_id)
    can_judge(session, actor, panel.challenge_id, now).enforce()
    state = PANEL_WORKFLOW.step(panel.state, PanelEvent.CLOSE)
    rules, reviews = ReviewRules.restored(panel.rules), load_reviews(session, panel)
    if not rules.has_price_envelope:
        raise RuleViolation("This programme seals no price apart. Settle the ranking.", code="no_envelopes")
    _check_minutes(command)
    _check_discussed(panel, reviews, rules, command)
    standing = frozenset(entry.bid_id for entry in contenders(panel, reviews, rules))
    n_due, n_kept = call_prices(session, challenge=panel.challenge, standing=standing, now=now)
    for entry in panel.entries:
        entry.discussion = command.notes.get(entry.id, "")
    panel.state, panel.minutes = state, command.minutes
    panel.closed_at, panel.closed_by = now, actor.user_id
    session.flush()
    audit.record(
        session, actor, "review.close_scores", "review", panel.id, label=panel.challenge.title, round=panel.round,
        n_due=n_due, n_kept=n_kept,
    )  # fmt: skip
    return panel


def rank_bids(
    session: Session, *, actor: Actor, panel_id: uuid.UUID, command: Conclude, now: dt.datetime
) -> ReviewPanel:
    """Settle the ranking with its minutes; nothing of it changes afterwards.

    Raises NotFound, NotAllowed, Conflict or RuleViolation (minutes, a discussion, a price or a vote is missing).
    """
    policy.can_lead(actor).enforce()
    panel = lock_panel(session, panel_id)
    can_judge(session, actor, panel.challenge_id, now).enforce()
    check_all_judged(session, panel.challenge_id)
    state = PANEL_WORKFLOW.step(panel.state, PanelEvent.RANK)
    _check_minutes(command)
    rules, reviews = ReviewRules.restored(panel.rules), load_reviews(session, panel)
    _check_votes(command, len(counting_seats(panel)))
    if rules.has_price_envelope:
        _check_prices(panel, reviews, rules)
    else:
        _check_discussed(panel, reviews, rules, command)
    order = _ranked(panel, reviews, rules, command)
    _settle(panel, order, command)
    panel.state, panel.minutes = state, "\n\n".join(filter(None, (panel.minutes, command.minutes)))
    panel.ranked_at, panel.ranked_by = now, actor.user_id
    session.flush()
    _tell(session, actor, panel, order, now)
    return panel


def _ranked(
    panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules, command: Conclude
) -> list[Result[uuid.UUID]]:
    found = final_results(panel, reviews, rules)
    closed, n_reviewers = unpriced(panel, reviews, rules), len(counting_seats(panel))
    try:
        return ranking(list(found.values()), rules, votes=command.votes, n_reviewers=n_reviewers, unpriced=closed)
    except TiedError:
        raise RuleViolation(
            "Two bids are equal in score and in the fit of indicators. Let the panel vote and enter the votes.",
            code="tied",
            field="votes",
        ) from None


def _check_minutes(command: Conclude) -> None:
    if len(command.minutes) < MINUTES_LENGTH:
        raise RuleViolation("Write the minutes, in at least 40 characters.", code="no_minutes", field="minutes")


def _check_prices(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules) -> None:
    """Raise unless the technical scores are final and every price that counts is open or given up."""
    if panel.state is not PanelState.PRICING:
        raise RuleViolation("Close the technical scores first; then the prices are opened.", code="not_closed")
    if unopened(panel, reviews, rules):
        raise RuleViolation(
            "Not every price is open yet. The holders release their keys first; a price that cannot be opened is "
            "given up by a decision of its own.",
            code="prices_closed",
        )


def _check_votes(command: Conclude, n_reviewers: int) -> None:
    if any(n < 0 for n in command.votes.values()) or sum(command.votes.values()) > n_reviewers:
        raise RuleViolation("There cannot be more votes than reviewers.", code="votes", field="votes")


def _check_discussed(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules, command: Conclude) -> None:
    original = results(sheets(panel, reviews, effective=False), rules)
    for entry in panel.entries:
        found = original.get(entry.id)
        if found is not None and found.is_apart and len(command.notes.get(entry.id, "")) < NOTE_LENGTH:
            raise RuleViolation(
                "Scores of a bid lie far apart. Say what the discussion of it came to.", code="undiscussed",
                field="notes",
            )  # fmt: skip


def _settle(panel: ReviewPanel, order: Sequence[Result[uuid.UUID]], command: Conclude) -> None:
    by_id = {entry.id: entry for entry in panel.entries}
    for one in order:
        entry = by_id[one.bid]
        entry.mean, entry.equalised = one.mean, one.equalised
        entry.outcome, entry.place = one.outcome, one.place
        entry.votes, entry.price_points = one.votes, one.price_points
        entry.discussion = command.notes.get(entry.id, "") or entry.discussion


def _tell(
    session: Session, actor: Actor, panel: ReviewPanel, order: Sequence[Result[uuid.UUID]], now: dt.datetime
) -> None:
    labels = {entry.id: entry.label for entry in panel.entries}
    audit.record(
        session, actor, "review.rank", "review", panel.id, label=panel.challenge.title, round=panel.round,
        order=[{"label": labels[one.bid], "place": one.place, "outcome": one.outcome.value} for one in order],
    )  # fmt: skip
    publish(session, "review.ranked", now=now, key=f"review.ranked:{panel.id}", panel_id=panel.id)
