"""Meetings as calendars take them, in the reader's language: attached to messages, and as a person's own feed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events import calendar
from app.events.calendar import Entry, Person
from app.mail import letterhead
from app.mail.compose import CalendarPart
from app.mail.render import link, translations

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting as one of its companies sees it, in no language yet."""

    meeting_id: uuid.UUID
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str
    other: str
    place: str
    video_url: str
    path: str
    is_cancelled: bool = False


def attached(invitation: Invitation, reader: Person, *, locale: str, now: dt.datetime) -> CalendarPart:
    """Return what a message to one reader carries for the calendar."""
    head = letterhead.current()
    content = calendar.message(
        _entry(invitation, locale),
        organizer=Person(head.address.display_name, head.address.addr_spec),
        attendee=reader,
        domain=head.domain,
        now=now,
    )
    return CalendarPart("CANCEL" if invitation.is_cancelled else "REQUEST", content)


def feed(invitations: Iterable[Invitation], *, locale: str, now: dt.datetime) -> bytes:
    """Return all meetings of a person as a calendar to subscribe to."""
    name = translations(locale).gettext("Chipbridge meetings")
    entries = (_entry(one, locale) for one in invitations)
    return calendar.feed(entries, name=name, domain=letterhead.current().domain, now=now)


def _entry(invitation: Invitation, locale: str) -> Entry:
    catalogue = translations(locale)
    summary = catalogue.gettext("Meeting with %(name)s") % {"name": invitation.other}
    lines = [invitation.title]
    if invitation.video_url:
        lines.append(catalogue.gettext("Video meeting: %(link)s") % {"link": invitation.video_url})
    lines.append(catalogue.gettext("Change, cancel and outcome: %(link)s") % {"link": link(invitation.path)})
    return Entry(
        id=invitation.meeting_id,
        sequence=invitation.sequence,
        starts_at=invitation.starts_at,
        ends_at=invitation.ends_at,
        summary=summary,
        description="\n".join(filter(None, lines)),
        location=invitation.place or invitation.video_url,
        url=link(invitation.path),
        video_url=invitation.video_url,
        is_cancelled=invitation.is_cancelled,
    )
