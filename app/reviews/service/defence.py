"""Hours at which bidders defend their bids before the panel (答辩)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.impartial import can_judge
from app.challenges.standing import rules_of
from app.core.errors import Conflict, NotFound, RuleViolation
from app.outbox.service import publish
from app.reviews import policy
from app.reviews.models import ReviewEntry
from app.reviews.service.locked import lock_panel
from app.reviews.workflow import PanelState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.commands import SetDefence

MIN_MINUTES, MAX_MINUTES = 5, 240
OPEN = (PanelState.SCORING, PanelState.CONSENSUS)


def set_defence(
    session: Session, *, actor: Actor, entry_id: uuid.UUID, command: SetDefence, now: dt.datetime
) -> ReviewEntry:
    """Short-list a bid for a defence, or move its hour, and tell its firm.

    Raises NotFound, NotAllowed, Conflict or RuleViolation (in the past, overlapping, too many).
    """
    policy.can_schedule(actor).enforce()
    entry = _lock(session, entry_id)
    can_judge(session, actor, entry.panel.challenge_id, now).enforce()
    if command.at <= now:
        raise RuleViolation("Choose an hour in the future.", code="past", field="at")
    if not MIN_MINUTES <= command.minutes <= MAX_MINUTES:
        raise RuleViolation("A defence lasts between 5 and 240 minutes.", code="minutes", field="minutes")
    if not command.place:
        raise RuleViolation("Say where the defence takes place.", code="place", field="place")
    _check_free(entry, command)
    if entry.bid.state is BidState.UNDER_REVIEW:
        _check_shortlist(entry)
        entry.bid.state = BID_WORKFLOW.step(entry.bid.state, BidEvent.SHORTLIST)
    elif entry.bid.state is not BidState.SHORTLISTED:
        raise Conflict("This bid is not waiting for a defence.", code="not_waiting")
    entry.defence_at, entry.defence_minutes, entry.defence_place = command.at, command.minutes, command.place
    session.flush()
    _record(session, actor, entry, "review.set_defence", at=command.at.isoformat())
    key = f"bid.defence_set:{entry.bid_id}"
    publish(session, "bid.defence_set", now=now, key=key, bid_id=entry.bid_id)
    return entry


def mark_defended(session: Session, *, actor: Actor, entry_id: uuid.UUID, now: dt.datetime) -> ReviewEntry:
    """Note that a defence has taken place. Raises NotFound, NotAllowed, RuleViolation (too early) or Conflict."""
    policy.can_schedule(actor).enforce()
    entry = _lock(session, entry_id)
    can_judge(session, actor, entry.panel.challenge_id, now).enforce()
    if entry.defence_at is None or entry.defence_at > now:
        raise RuleViolation("The hour of this defence has not come yet.", code="early")
    entry.bid.state = BID_WORKFLOW.step(entry.bid.state, BidEvent.DEFEND)
    session.flush()
    _record(session, actor, entry, "review.defended")
    return entry


def _lock(session: Session, entry_id: uuid.UUID) -> ReviewEntry:
    panel_id = session.scalar(select(ReviewEntry.panel_id).where(ReviewEntry.id == entry_id))
    if panel_id is None:
        raise NotFound("There is no such bid.", code="entry_not_found")
    panel = lock_panel(session, panel_id)
    if panel.state not in OPEN:
        raise Conflict("Defences take place while a panel judges.", code="not_judging")
    return next(entry for entry in panel.entries if entry.id == entry_id)


def _check_free(entry: ReviewEntry, command: SetDefence) -> None:
    end = command.at + dt.timedelta(minutes=command.minutes)
    for other in entry.panel.entries:
        if other is entry or other.defence_at is None:
            continue
        other_end = other.defence_at + dt.timedelta(minutes=other.defence_minutes or 0)
        if command.at < other_end and other.defence_at < end:
            raise RuleViolation("Another defence takes place at that time.", code="overlap", field="at")


def _check_shortlist(entry: ReviewEntry) -> None:
    limit = rules_of(entry.panel.challenge).shortlist_max
    listed = sum(one.bid.state in (BidState.SHORTLISTED, BidState.DEFENDED) for one in entry.panel.entries)
    if limit is not None and listed >= limit:
        raise RuleViolation("The programme allows no more bids on the short list.", code="shortlist_full")


def _record(session: Session, actor: Actor, entry: ReviewEntry, action: str, **details: object) -> None:
    audit.record(
        session, actor, action, "review", entry.panel_id, label=entry.panel.challenge.title, entry=entry.label,
        **details,
    )  # fmt: skip
