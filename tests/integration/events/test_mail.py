"""What reaches mailboxes and calendars."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import vobject

from app.events import feed_token, service
from app.events.models import Meeting
from app.mail.models import MailMessage
from app.notifications.events import EventKind
from app.notifications.models import Notification
from app.notifications.service import tell
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.events import PersonalMeetingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

KEY = "test-secret-key-that-guards-nothing"


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A meeting that is fixed for tomorrow."""
    fixed: Meeting = PersonalMeetingFactory()
    return fixed


@pytest.fixture
def host(meeting: Meeting) -> User:
    """Somebody of the company with the need."""
    person: User = UserFactory(organization=meeting.host, locale="en", name='Wang, "Bo"')
    return person


def told(session: Session, kind: EventKind, meeting: Meeting, side: str = "") -> list[EmailMessage]:
    """Tell of a meeting and return the messages made."""
    tell(session, kind=kind, subject_id=meeting.id, side=side, now=NOON)
    session.flush()
    query = sa.select(MailMessage.raw).order_by(MailMessage.created_at, MailMessage.recipient)
    return [message_from_bytes(raw, policy=policy.default) for raw in session.scalars(query)]


def calendars(message: EmailMessage) -> list[Any]:
    """Return the calendars of a message, as another library than the one that wrote them reads them."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return [vobject.readOne(part.get_content()) for part in parts]


def test_an_invitation_can_be_read_in_three_ways_and_saved(session: Session, meeting: Meeting, host: User) -> None:
    (message,) = told(session, EventKind.MEETING_SET, meeting)

    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "text/calendar", "text/calendar",
    ]  # fmt: skip
    assert [part.get_filename() for part in message.iter_attachments()] == ["invite.ics"]
    assert message.get_content_type() == "multipart/mixed"


def test_the_part_names_the_method_of_the_calendar(session: Session, meeting: Meeting, host: User) -> None:
    (message,) = told(session, EventKind.MEETING_SET, meeting)

    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert calendars(message)[0].method.value == "REQUEST"


def test_the_calendar_speaks_the_language_of_its_reader(session: Session, meeting: Meeting, host: User) -> None:
    (message,) = told(session, EventKind.MEETING_SET, meeting)

    event = calendars(message)[0].vevent
    assert event.summary.value == f"Meeting with {meeting.guest.legal_name_zh}"
    assert event.attendee.value == f"mailto:{host.email}"


def test_an_update_and_a_cancellation_are_about_the_same_entry(session: Session, meeting: Meeting, host: User) -> None:
    told(session, EventKind.MEETING_SET, meeting)
    meeting.sequence = 1
    session.flush()
    told(session, EventKind.MEETING_MOVED, meeting)
    actor = UserFactory(organization=meeting.guest, active=False).as_actor()
    service.cancel_meeting(session, actor=actor, meeting_id=meeting.id, reason="展会", now=NOON)
    session.flush()

    messages = told(session, EventKind.MEETING_CANCELLED, meeting)

    found = [calendars(message)[0] for message in messages]
    assert {one.vevent.uid.value for one in found} == {f"meeting-{meeting.id}@chipbridge.example"}
    assert sorted((one.vevent.sequence.value, one.method.value) for one in found) == [
        ("0", "REQUEST"), ("1", "REQUEST"), ("2", "CANCEL"),
    ]  # fmt: skip


def test_the_same_news_is_told_once(session: Session, meeting: Meeting, host: User) -> None:
    told(session, EventKind.MEETING_SET, meeting)

    assert len(told(session, EventKind.MEETING_SET, meeting)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 1


def test_an_invitation_to_what_was_cancelled_meanwhile_is_not_sent(
    session: Session, meeting: Meeting, host: User
) -> None:
    service.cancel_meeting(session, actor=host.as_actor(), meeting_id=meeting.id, reason="x", now=NOON)
    session.flush()

    assert told(session, EventKind.MEETING_SET, meeting) == []


def test_a_proposal_is_told_to_the_other_side_and_carries_no_calendar(
    session: Session, meeting: Meeting, host: User
) -> None:
    guest = UserFactory(organization=meeting.guest)
    meeting.state = "proposed"
    session.flush()

    (message,) = told(session, EventKind.MEETING_PROPOSED, meeting, side=str(meeting.host_id))

    assert guest.email in str(message["To"])
    assert calendars(message) == []


@pytest.mark.parametrize("kind", [EventKind.MEETING_NEXT_DAY, EventKind.MEETING_NEXT_MONTH])
def test_both_are_asked_what_came_of_it(session: Session, meeting: Meeting, host: User, kind: EventKind) -> None:
    UserFactory(organization=meeting.guest)

    assert len(told(session, kind, meeting)) == 2


def test_who_wants_no_event_mail_finds_the_line_in_the_inbox(session: Session, meeting: Meeting) -> None:
    from app.notifications.models import DigestFrequency, NotificationPreference

    person = UserFactory(organization=meeting.host)
    session.add(NotificationPreference(user_id=person.id, digest=DigestFrequency.WEEKLY, has_event_mail=False))
    session.flush()

    assert told(session, EventKind.MEETING_SET, meeting) == []
    assert session.scalar(sa.select(Notification.kind)) == "meeting.set"


def feed_of(client: FlaskClient, person: User, generation: int = 1) -> Any:
    return client.get(f"/calendar/{feed_token.issue(KEY, person.id, generation)}.ics")


def test_a_feed_needs_no_log_in(
    app: Flask, session: Session, meeting: Meeting, host: User, client: FlaskClient
) -> None:
    answer = feed_of(client, host)

    assert answer.mimetype == "text/calendar"
    event = vobject.readOne(answer.text).vevent
    assert event.dtstart.value == meeting.starts_at
    assert event.uid.value == f"meeting-{meeting.id}@chipbridge.example"


def test_a_feed_holds_nobody_elses_meetings(session: Session, meeting: Meeting, client: FlaskClient) -> None:
    stranger = UserFactory(organization=OrganizationFactory())

    assert "VEVENT" not in feed_of(client, stranger).text


def test_a_renewed_address_kills_the_old_one(
    session: Session, meeting: Meeting, host: User, client: FlaskClient
) -> None:
    service.renew_feed(session, actor=host.as_actor())
    session.commit()

    assert feed_of(client, host, 1).status_code == 404
    assert feed_of(client, host, 2).status_code == 200


@pytest.mark.parametrize("token", ["x", "WyJhIiwxXQ.bad", "..", "%00"])
def test_a_made_up_address_shows_nothing(session: Session, client: FlaskClient, token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_who_left_the_company_sees_its_meetings_no_more(
    session: Session, meeting: Meeting, host: User, client: FlaskClient
) -> None:
    session.delete(host.membership)
    session.commit()
    session.expire_all()

    assert "VEVENT" not in feed_of(client, host).text


def test_past_meetings_leave_the_feed_after_two_months(session: Session, client: FlaskClient) -> None:
    long_ago = NOON - dt.timedelta(days=61)
    meeting = PersonalMeetingFactory(starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1))

    assert "VEVENT" not in feed_of(client, UserFactory(organization=meeting.host)).text
