"""Telling companies about meetings: what they were told is written down in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.outbox.service import publish

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.events.models import Meeting


def announce(session: Session, meeting: Meeting, now: dt.datetime) -> None:
    """Invite both companies, or tell them of the new time and place."""
    kind = "meeting.set" if meeting.announced is None else "meeting.moved"
    meeting.announced = meeting.sequence
    tell(session, kind, meeting, now)


def call_off(session: Session, meeting: Meeting, now: dt.datetime) -> None:
    """Tell both companies that a meeting they had been told of will not take place."""
    if meeting.announced is None:
        return
    meeting.sequence += 1
    meeting.announced = meeting.sequence
    tell(session, "meeting.cancelled", meeting, now)


def tell(session: Session, kind: str, meeting: Meeting, now: dt.datetime, *, side: uuid.UUID | None = None) -> None:
    """Queue the notice of one event; ``side`` is the company that acted."""
    session.flush()
    key = f"{kind}:{meeting.id}:{meeting.sequence}"
    publish(session, kind, now=now, key=key, meeting_id=meeting.id, side=str(side or ""))
