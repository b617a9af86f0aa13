"""Calendar messages: written by one library, read by another."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
import vobject

from app.events.calendar import Entry, Person, feed, message
from tests.support.clock import NOON

PORTAL, READER = Person("芯端桥", "noreply@chipbridge.example"), Person('王工, "采购"', "wang@example.com")
ENTRY = Entry(
    id=uuid.UUID("6f9619ff-8b86-4011-b42d-00c04fc964ff"),
    sequence=0,
    starts_at=NOON,
    ends_at=NOON + dt.timedelta(minutes=30),
    summary="与深圳芯片设计有限公司的会面",
    description="样品评测; 第一轮, 见附件\n会议链接 https://meet.example.com/" + "a" * 120,
    location="深圳会展中心 · A厅 3",
    url="https://chipbridge.example/workspace/meetings/1",
    video_url="https://meet.example.com/1",
)


def read(content: bytes) -> vobject.base.Component:
    """Return the calendar as a library that did not write it understands it."""
    return vobject.readOne(content.decode("utf-8"))


def written(entry: Entry = ENTRY) -> bytes:
    return message(entry, organizer=PORTAL, attendee=READER, domain="chipbridge.example", now=NOON)


def test_an_invitation_is_a_request() -> None:
    calendar = read(written())

    assert calendar.method.value == "REQUEST"
    assert calendar.version.value == "2.0"
    assert calendar.vevent.status.value == "CONFIRMED"


def test_a_cancellation_is_one() -> None:
    calendar = read(written(replace(ENTRY, sequence=2, is_cancelled=True)))

    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    assert calendar.vevent.sequence.value == "2"


def test_a_meeting_keeps_its_name_for_ever() -> None:
    first, later = read(written()), read(written(replace(ENTRY, sequence=3, starts_at=NOON - dt.timedelta(days=1))))

    assert first.vevent.uid.value == later.vevent.uid.value == f"meeting-{ENTRY.id}@chipbridge.example"


def test_texts_and_times_arrive_as_they_were() -> None:
    event = read(written()).vevent

    assert event.summary.value == ENTRY.summary
    assert event.description.value == ENTRY.description
    assert event.location.value == ENTRY.location
    assert event.dtstart.value == ENTRY.starts_at
    assert event.dtend.value == ENTRY.ends_at


def test_the_portal_invites_and_the_reader_alone_is_named() -> None:
    event = read(written()).vevent

    assert event.organizer.value == "mailto:noreply@chipbridge.example"
    assert [one.value for one in event.attendee_list] == ["mailto:wang@example.com"]


def test_lines_are_folded_at_75_octets_and_end_in_crlf() -> None:
    lines = written().split(b"\r\n")

    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize("field", ["summary", "description", "location"])
def test_no_text_can_smuggle_a_line_in(field: str) -> None:
    event = read(written(replace(ENTRY, **{field: "a\r\nATTENDEE:mailto:thief@example.com"}))).vevent

    assert [one.value for one in event.attendee_list] == ["mailto:wang@example.com"]


def test_a_feed_holds_every_meeting_and_asks_for_nothing() -> None:
    other = replace(ENTRY, id=uuid.UUID(int=2))

    calendar = read(feed([ENTRY, other], name="芯端桥会面", domain="chipbridge.example", now=NOON))

    assert calendar.method.value == "PUBLISH"
    assert len(calendar.vevent_list) == 2
    assert not hasattr(calendar.vevent, "attendee")
