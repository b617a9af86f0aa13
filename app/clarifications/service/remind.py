"""Reminding of deadlines before they pass."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.challenges.models import Challenge
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAYS_BEFORE = (1, 3, 7)


def remind_of_deadlines(session: Session, *, now: dt.datetime) -> int:
    """Ask for the reminders of challenges that close within a week; return how many challenges those are.

    The key of a reminder names the deadline and the last mark passed, so that nobody is reminded twice of one mark.
    """
    longest = dt.timedelta(days=DAYS_BEFORE[-1])
    query = select(Challenge.id, Challenge.bid_deadline_at).where(
        Challenge.state == PostingState.PUBLISHED,
        Challenge.bid_deadline_at > now,
        Challenge.bid_deadline_at <= now + longest,
    )
    closing = session.execute(query.order_by(Challenge.id)).tuples().all()
    for challenge_id, deadline in closing:
        mark = next(days for days in DAYS_BEFORE if deadline and deadline <= now + dt.timedelta(days=days))
        key = f"challenge.closing:{challenge_id}:{deadline:%Y%m%dT%H%M%S}:{mark}"
        publish(session, "challenge.closing", now=now, key=key, need_id=str(challenge_id))
    return len(closing)
