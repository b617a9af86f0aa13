"""Events and meetings loaded to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.errors import NotFound
from app.core.locking import lock_one
from app.events import policy
from app.events.models import Event, Meeting, Participant
from app.events.rules import NO_EVENT, NO_MEETING

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def lock_event(session: Session, event_id: uuid.UUID) -> Event:
    """Load an event with its slots FOR UPDATE: whatever changes its schedule waits here. Raises NotFound."""
    query = select(Event).where(Event.id == event_id).options(selectinload(Event.slots))
    return lock_one(session, query, of=[Event], missing=NO_EVENT, code="event_not_found")


def lock_meeting(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """Load a meeting of one of the actor's company FOR UPDATE. Raises NotFound for everybody else's."""
    query = select(Meeting).where(Meeting.id == meeting_id)
    query = query.options(selectinload(Meeting.options), selectinload(Meeting.seats))
    meeting = lock_one(session, query, of=[Meeting], missing=NO_MEETING, code="meeting_not_found")
    parties = {"host_id": meeting.host_id, "guest_id": meeting.guest_id}
    if not policy.can_read_meeting(actor, is_announced=meeting.announced is not None, **parties):
        raise NotFound(NO_MEETING, code="meeting_not_found")
    return meeting


def event_meetings(session: Session, event_id: uuid.UUID) -> list[Meeting]:
    """Return every meeting of an event with its seats, to be changed under the event's lock."""
    query = select(Meeting).where(Meeting.event_id == event_id).options(selectinload(Meeting.seats))
    return list(session.scalars(query.execution_options(populate_existing=True)))


def participant_of(session: Session, event_id: uuid.UUID, organization_id: uuid.UUID | None) -> Participant | None:
    """Return an organisation's registration, also a withdrawn one."""
    query = select(Participant).where(Participant.event_id == event_id, Participant.organization_id == organization_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()
