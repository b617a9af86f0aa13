"""Meetings and events as news: what each of the two companies is told, with the entry for its calendar."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.clock import SHANGHAI
from app.core.text import one_line
from app.events.invitations import Invitation
from app.events.models import Event, Meeting, Participant
from app.events.workflow import MeetingState
from app.notifications import links
from app.notifications.events import EventKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CALENDAR = (EventKind.MEETING_SET, EventKind.MEETING_MOVED, EventKind.MEETING_CANCELLED)
"""What calendars are told, too."""
ANSWERS = (EventKind.MEETING_PROPOSED, EventKind.MEETING_DECLINED)
"""Told to the side that did not act."""


def of_meeting(session: Session, kind: EventKind, subject_id: uuid.UUID, side: str) -> list[dict[str, Any]]:
    """Return the parts of the news about a meeting, one for each company that is told."""
    query = select_meeting(subject_id)
    meeting = session.scalars(query).unique().one_or_none()
    if meeting is None or not _is_true_still(kind, meeting):
        return []
    readers = [(meeting.host_id, meeting.guest), (meeting.guest_id, meeting.host)]
    return [
        {
            "kind": kind,
            "organization_id": reader_id,
            "key": _key(kind, meeting),
            "path": links.meeting(meeting.id),
            "payload": {**_payload(meeting), "other": other.legal_name_zh},
            "invitation": _invitation(meeting, other.legal_name_zh) if kind in CALENDAR else None,
        }
        for reader_id, other in readers
        if kind not in ANSWERS or str(reader_id) != side
    ]


def select_meeting(meeting_id: uuid.UUID) -> sa.Select[tuple[Meeting]]:
    """Select a meeting with all that is said of it."""
    return (
        sa.select(Meeting)
        .where(Meeting.id == meeting_id)
        .options(
            joinedload(Meeting.host, innerjoin=True),
            joinedload(Meeting.guest, innerjoin=True),
            joinedload(Meeting.event),
            selectinload(Meeting.options),
        )
        .execution_options(populate_existing=True)
    )


def of_event(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[dict[str, Any]]:
    """Return the parts of the news about a cancelled event, one for each participant."""
    event = session.get(Event, subject_id)
    if event is None:
        return []
    present = sa.select(Participant.organization_id).where(
        Participant.event_id == event.id, Participant.withdrawn_at.is_(None)
    )
    payload = {"title": one_line(event.title_zh), "reason": event.cancel_reason, "day": event.first_day.isoformat()}
    return [
        {
            "kind": kind,
            "organization_id": organization_id,
            "key": f"{kind}:{event.id}",
            "path": links.event(event.id),
            "payload": payload,
        }
        for organization_id in session.scalars(present.order_by(Participant.organization_id))
    ]


def _is_true_still(kind: EventKind, meeting: Meeting) -> bool:
    """Whether what is to be told holds: a meeting may have been cancelled before its invitation was written."""
    if kind is EventKind.MEETING_PROPOSED:
        return meeting.state is MeetingState.PROPOSED
    if kind in (EventKind.MEETING_DECLINED, EventKind.MEETING_CANCELLED):
        return meeting.state in (MeetingState.DECLINED, MeetingState.CANCELLED)
    return meeting.state is MeetingState.SET


def _key(kind: EventKind, meeting: Meeting) -> str:
    """Name the occurrence: a proposal by its times, everything else by the sequence of the calendar entry."""
    if kind is EventKind.MEETING_PROPOSED and meeting.options:
        return f"{kind}:{meeting.options[0].id}"
    return f"{kind}:{meeting.id}:{meeting.sequence}"


def _payload(meeting: Meeting) -> dict[str, Any]:
    options = "\n".join(_span(one.starts_at, one.ends_at) for one in meeting.options)
    return {
        "title": _title(meeting),
        "starts_at": meeting.starts_at.isoformat() if meeting.starts_at else "",
        "span": _span(meeting.starts_at, meeting.ends_at) if meeting.starts_at and meeting.ends_at else "",
        "place": one_line(meeting.place),
        "video_url": meeting.video_url,
        "message": meeting.message,
        "reason": meeting.reason,
        "options": options,
    }


def _title(meeting: Meeting) -> str:
    return one_line(meeting.topic or (meeting.event.title_zh if meeting.event else ""))


def _span(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    start, end = starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def _invitation(meeting: Meeting, other: str) -> Invitation | None:
    if meeting.starts_at is None or meeting.ends_at is None:
        return None
    return Invitation(
        meeting_id=meeting.id,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=_title(meeting),
        other=other,
        place=one_line(meeting.place),
        video_url=meeting.video_url,
        path=links.meeting(meeting.id),
        is_cancelled=meeting.state is MeetingState.CANCELLED,
    )
