"""The pages of the inbox, of the preferences and of the way out."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import time_machine

from app.audit.models import AuditEvent
from app.notifications import links, tokens
from app.notifications.events import EventKind
from app.notifications.models import DigestFrequency, Notification, NotificationPreference
from app.notifications.service import tell
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

INBOX = "/workspace/notifications/"
PREFERENCES = "/workspace/notifications/preferences"
KEY = "test-secret-key-that-guards-nothing"


@pytest.fixture
def reader(client: FlaskClient, login: Callable[..., Any]) -> User:
    """Somebody of a company, logged in, who reads English."""
    user = UserFactory(organization=OrganizationFactory(), locale="en")
    login(client, user)
    return user


def told(session: Session, user: User, n_lines: int = 1, **attributes: Any) -> list[Notification]:
    lines = [
        Notification(
            user_id=user.id,
            kind=EventKind.PAIRING_PROPOSED,
            event_key=f"{user.id}:{number}",
            payload={"title": f"Need {number}", "product": f"CB{number}", "other": ""},
            url=f"/workspace/pairings/{number}",
            created_at=NOON + dt.timedelta(seconds=number),
            **attributes,
        )
        for number in range(n_lines)
    ]
    session.add_all(lines)
    session.commit()
    return lines


def test_the_inbox_names_what_has_happened_newest_first(session: Session, reader: User, page: Any) -> None:
    told(session, reader, 2)

    text = page(INBOX)

    assert text.index("A pairing waits for your answer: Need 1") < text.index("Need 0")
    assert "CB1" in text


def test_an_empty_inbox_says_what_will_be_there(reader: User, page: Any) -> None:
    assert "Nothing has happened yet" in page(INBOX)


def test_nobody_reads_the_inbox_of_somebody_else(session: Session, reader: User, page: Any) -> None:
    told(session, UserFactory())

    assert "Need 0" not in page(INBOX)


def test_the_menu_counts_what_is_unread(session: Session, reader: User, page: Any) -> None:
    told(session, reader, 3)

    assert re.search(r'Notifications</span><span class="count">3</span>', page(PREFERENCES))


def test_opening_a_line_marks_it_as_read_and_leads_on(session: Session, reader: User, client: FlaskClient) -> None:
    [line] = told(session, reader)

    answer = client.post(f"{INBOX}{line.id}/open")

    assert (answer.status_code, answer.location) == (303, "/workspace/pairings/0")
    session.expire_all()
    assert session.get_one(Notification, line.id).read_at == NOON


def test_the_line_of_somebody_else_cannot_be_opened(session: Session, reader: User, client: FlaskClient) -> None:
    [line] = told(session, UserFactory())

    assert client.post(f"{INBOX}{line.id}/open").status_code == 404


def test_unread_lines_can_be_shown_alone(session: Session, reader: User, page: Any) -> None:
    told(session, reader, read_at=NOON)

    assert "Need 0" in page(INBOX)
    assert "You have read everything" in page(f"{INBOX}?show=unread")


def test_everything_is_marked_as_read_at_once(session: Session, reader: User, client: FlaskClient) -> None:
    told(session, reader, 2)
    others = told(session, UserFactory())

    assert client.post(f"{INBOX}read").status_code == 303

    session.expire_all()
    unread = session.scalars(sa.select(Notification.id).where(Notification.read_at.is_(None))).all()
    assert unread == [others[0].id]


def test_a_long_inbox_takes_few_queries(session: Session, reader: User, page: Any) -> None:
    told(session, reader, 25)

    with count_queries() as statements:
        page(INBOX)

    assert len(statements) <= 12


@pytest.mark.parametrize("path", [INBOX, PREFERENCES])
def test_the_inbox_is_for_people_who_are_logged_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 302


def test_who_never_chose_reads_weekly(reader: User, page: Any) -> None:
    assert re.search(r'<input checked[^>]*value="weekly"', page(PREFERENCES))


def test_preferences_are_kept_and_on_the_trail(session: Session, reader: User, client: FlaskClient) -> None:
    answer = client.post(PREFERENCES, data={"digest": "daily", "shown": ["has_event_mail"]})

    assert answer.status_code == 303
    kept = session.get_one(NotificationPreference, reader.id)
    assert (kept.digest, kept.has_event_mail) == (DigestFrequency.DAILY, False)
    entry = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "preferences.save")).one()
    assert (entry.details["digest"], entry.details["has_event_mail"]) == ("daily", False)


def test_preferences_can_be_changed_again(session: Session, reader: User, client: FlaskClient) -> None:
    client.post(PREFERENCES, data={"digest": "daily"})
    client.post(PREFERENCES, data={"digest": "off", "has_event_mail": "y"})

    session.expire_all()
    kept = session.get_one(NotificationPreference, reader.id)
    assert (kept.digest, kept.has_event_mail) == (DigestFrequency.OFF, True)


def test_an_unknown_frequency_is_refused_beside_the_field(session: Session, reader: User, client: FlaskClient) -> None:
    answer = client.post(PREFERENCES, data={"digest": "hourly"})

    assert answer.status_code == 422
    assert "Please correct this first" in answer.text
    assert session.get(NotificationPreference, reader.id) is None


def way_out(user_id: uuid.UUID) -> str:
    return links.unsubscribe(tokens.issue(KEY, user_id))


def frequency(session: Session, user: User) -> DigestFrequency | None:
    session.expire_all()
    preference = session.get(NotificationPreference, user.id)
    return preference.digest if preference else None


def test_following_the_way_out_only_asks(session: Session, page: Any) -> None:
    user = UserFactory()

    text = page(way_out(user.id), headers={"Accept-Language": "en"})

    assert "Stop the digest?" in text
    assert frequency(session, user) is None


def test_the_button_ends_the_digest_without_log_in(session: Session, client: FlaskClient) -> None:
    user = UserFactory()

    answer = client.post(way_out(user.id), headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert "The digest has been stopped" in answer.text
    assert frequency(session, user) is DigestFrequency.OFF
    entry = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "digest.unsubscribe")).one()
    assert (entry.actor_id, entry.subject_id) == (user.id, user.id)


def test_a_mail_program_ends_the_digest_with_one_click_and_no_form_token(session: Session, app: Flask) -> None:
    user = UserFactory()
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post(way_out(user.id), data={"List-Unsubscribe": "One-Click"})

    app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    assert frequency(session, user) is DigestFrequency.OFF


def test_every_other_post_needs_the_form_token(session: Session, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post(f"{INBOX}read")

    app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400


def test_a_second_click_changes_nothing_and_leaves_no_trace(session: Session, client: FlaskClient) -> None:
    user = UserFactory()

    assert [client.post(way_out(user.id)).status_code for _ in range(2)] == [200, 200]
    assert session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "digest.unsubscribe")) == 1


def test_event_mail_goes_on_after_the_digest_has_ended(session: Session, client: FlaskClient) -> None:
    user = UserFactory(organization=OrganizationFactory())
    need = NeedFactory(organization=user.membership.organization)
    client.post(way_out(user.id))

    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON)

    assert session.get_one(NotificationPreference, user.id).has_event_mail


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/unsubscribe/garbled", "This unsubscribe link is incomplete."),
        ("/unsubscribe/a.b.c", "This unsubscribe link is incomplete."),
    ],
)
def test_a_garbled_way_out_says_what_to_do(client: FlaskClient, method: str, path: str, words: str) -> None:
    answer = getattr(client, method)(path, headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert words in answer.text


def test_the_way_out_of_a_preview_says_so(page: Any) -> None:
    assert "This is the link of a preview." in page("/unsubscribe/preview", 404, headers={"Accept-Language": "en"})


def test_an_old_way_out_says_what_to_do(session: Session, client: FlaskClient) -> None:
    path = way_out(UserFactory().id)

    with time_machine.travel(NOON + dt.timedelta(days=500), tick=False):
        answer = client.get(path, headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert "This unsubscribe link is too old." in answer.text


def test_the_way_out_of_somebody_who_is_gone_says_so(session: Session, client: FlaskClient) -> None:
    user = UserFactory()
    path = way_out(user.id)
    session.delete(user)
    session.commit()

    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        links.PREFERENCES,
        links.PAIRINGS,
        links.COMPANY,
        links.WORKSPACE,
        links.pairing("00000000-0000-4000-8000-000000000000"),
        links.suggestion("00000000-0000-4000-8000-000000000000"),
        links.posting("00000000-0000-4000-8000-000000000000", "need"),
        links.posting("00000000-0000-4000-8000-000000000000", "challenge"),
        links.challenge("00000000-0000-4000-8000-000000000000"),
        links.meeting("00000000-0000-4000-8000-000000000000"),
        links.event("00000000-0000-4000-8000-000000000000"),
    ],
)
def test_every_address_in_a_message_has_a_page(app: Flask, path: str) -> None:
    endpoint, _ = app.url_map.bind("localhost").match(path)

    assert endpoint in app.view_functions
