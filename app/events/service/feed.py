"""A person's calendar address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audit import service as audit
from app.core.errors import NotAllowed
from app.events.models import CalendarFeed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def renew_feed(session: Session, *, actor: Actor) -> CalendarFeed:
    """Make a new calendar address for the actor; the old one then shows nothing. Raises NotAllowed."""
    if actor.user_id is None:
        raise NotAllowed("Please log in.", code="not_authenticated")
    feed = session.get(CalendarFeed, actor.user_id, with_for_update=True, populate_existing=True)
    if feed is None:
        feed = CalendarFeed(user_id=actor.user_id, generation=2)
        session.add(feed)
    else:
        feed.generation += 1
    session.flush()
    audit.record(session, actor, "calendar.renew", "user", actor.user_id)
    return feed
