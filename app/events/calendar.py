"""Meetings as calendar entries (RFC 5545), and the messages that carry them from calendar to calendar (RFC 5546)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icalendar import Calendar, Event, vCalAddress

PRODUCT = "-//Chipbridge//Meetings//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting, in the words of its reader."""

    id: uuid.UUID
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    """The page of the meeting on the portal."""
    video_url: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A name with its e-mail address."""

    name: str
    email: str


def uid(meeting_id: uuid.UUID, domain: str) -> str:
    """Return the name by which calendars know a meeting for ever."""
    return f"meeting-{meeting_id}@{domain}"


def message(entry: Entry, *, organizer: Person, attendee: Person, domain: str, now: dt.datetime) -> bytes:
    """Return an invitation or update (METHOD:REQUEST), or the cancellation (METHOD:CANCEL), for one attendee.

    Only the reader is named as attendee: nobody learns addresses of the other company from it.
    """
    calendar = _calendar("CANCEL" if entry.is_cancelled else "REQUEST")
    event = _event(entry, domain, now)
    event.add("organizer", _address(organizer))
    person = _address(attendee)
    for name, value in (("role", "REQ-PARTICIPANT"), ("partstat", "NEEDS-ACTION"), ("rsvp", "FALSE")):
        person.params[name] = value
    event.add("attendee", person)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed(entries: Iterable[Entry], *, name: str, domain: str, now: dt.datetime) -> bytes:
    """Return a calendar that programs subscribe to (METHOD:PUBLISH)."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, domain, now))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(entry: Entry, domain: str, now: dt.datetime) -> Event:
    """Return the VEVENT; times are in UTC, so that no calendar needs to know our zone."""
    from icalendar import Event

    event = Event()
    event.add("uid", uid(entry.id, domain))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", entry.starts_at.astimezone(dt.UTC))
    event.add("dtend", entry.ends_at.astimezone(dt.UTC))
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    for name, value in (("description", entry.description), ("location", entry.location), ("url", entry.url)):
        if value:
            event.add(name, value)
    if entry.video_url:
        event.add("conference", entry.video_url, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    return event


def _address(person: Person) -> vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{person.email}")
    if person.name:
        address.params["cn"] = vText(person.name)
    return address
