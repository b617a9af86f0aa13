"""The clock ends the time for bids; nobody else does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.actor import SYSTEM
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def close_due_challenges(session: Session, now: dt.datetime) -> int:
    """Close every published challenge whose deadline has passed by the database's clock; return how many.

    Bids are refused from the deadline on whether or not this has run. ``now`` dates the events only.
    """
    instant = database_now(session)
    query = (
        select(Challenge)
        .where(Challenge.state == PostingState.PUBLISHED, Challenge.bid_deadline_at <= instant)
        .order_by(Challenge.id)
        .with_for_update(of=[Need, Challenge], skip_locked=True)
        .execution_options(populate_existing=True)
    )
    due = session.scalars(query).all()
    for challenge in due:
        changes = {"closed_at": challenge.bid_deadline_at}
        take_step(session, SYSTEM, challenge, ChallengeEvent.CLOSE, now=now, changes=changes)
        audit.record(session, SYSTEM, "challenge.close", "challenge", challenge.id, label=challenge.title)
        # Told for each deadline: an extension after an outage may let it pass twice.
        key = f"challenge.keys_needed:{challenge.id}:{challenge.bid_deadline_at:%Y%m%dT%H%M%S}"
        publish(session, "challenge.keys_needed", now=now, key=key, need_id=str(challenge.id))
        publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return len(due)
