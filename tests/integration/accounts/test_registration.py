"""From the registration form to the first log-in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import User
from app.audit.models import AuditEvent
from tests.integration.accounts.conftest import REGISTRATION
from tests.support.clock import NOON
from tests.support.mailbox import link_in, templates_to

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

CONFIRM = "/account/confirm/"


def registered(session: Session, email: str = "new@example.com") -> User | None:
    return session.scalars(select(User).where(User.email == email)).unique().one_or_none()


def test_whoever_registers_confirms_the_address_and_logs_in(english, session, enter) -> None:
    answer = english.post("/account/register", data=REGISTRATION)
    assert (answer.status_code, answer.location) == (303, "/account/login")

    link = link_in(session, "confirm_email", CONFIRM)
    confirmed = english.get(link, follow_redirects=True)
    assert "Your e-mail address is confirmed. Please log in." in confirmed.text

    entered = enter(english, "new@example.com")
    assert (entered.status_code, entered.location) == (303, "/account/start")


def test_a_new_person_is_led_to_founding_an_organisation(english, session, enter) -> None:
    english.post("/account/register", data=REGISTRATION)
    english.get(link_in(session, "confirm_email", CONFIRM))

    page = enter(english, "new@example.com", follow_redirects=True)

    assert page.request.path == "/workspace/company/new"
    assert "Create your organisation" in page.text


def test_the_page_after_registering_says_where_the_message_went(english) -> None:
    page = english.post("/account/register", data=REGISTRATION, follow_redirects=True)

    assert "open the link in the message that we have just sent to new@example.com" in page.text


def test_the_terms_and_the_registration_are_on_record(english, session: Session) -> None:
    english.post("/account/register", data=REGISTRATION)

    user = registered(session)
    assert user is not None
    assert user.terms_accepted_at == NOON
    assert user.confirmed_at is None
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == user.id))
    assert "user.register" in set(actions)


def test_an_unconfirmed_person_is_refused_like_a_stranger(english, enter) -> None:
    english.post("/account/register", data=REGISTRATION)

    known = enter(english, "new@example.com")
    stranger = enter(english, "nobody@example.com")

    assert known.status_code == stranger.status_code == 422
    assert "the address is not confirmed yet" in known.text
    assert known.text.count("field__errors") == stranger.text.count("field__errors")


def test_registering_with_a_known_address_looks_the_same_from_outside(english, session, person) -> None:
    fresh = english.post("/account/register", data=REGISTRATION, follow_redirects=True)
    known = english.post("/account/register", data={**REGISTRATION, "email": person.email}, follow_redirects=True)

    assert known.status_code == fresh.status_code
    assert known.request.path == fresh.request.path
    assert "message that we have just sent to known@example.com" in known.text


def test_the_owner_of_a_known_address_is_told_of_the_second_registration(english, session, person) -> None:
    english.post("/account/register", data={**REGISTRATION, "email": person.email})

    assert templates_to(session, person.email) == ["account_exists"]


def test_a_link_opened_twice_says_so(english, session) -> None:
    english.post("/account/register", data=REGISTRATION)
    link = link_in(session, "confirm_email", CONFIRM)
    english.get(link)

    page = english.get(link, follow_redirects=True)

    assert page.status_code == 200
    assert "This link has been used: your e-mail address is confirmed." in page.text


def test_an_expired_link_leads_to_a_new_one(english, session) -> None:
    english.post("/account/register", data=REGISTRATION)
    link = link_in(session, "confirm_email", CONFIRM)

    with time_machine.travel(NOON + dt.timedelta(days=3, minutes=1), tick=False):
        page = english.get(link, follow_redirects=True)

    assert page.request.path == "/account/confirm"
    assert "This link has expired. Have a new one sent to you below." in page.text
    assert registered(session).confirmed_at is None


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 3000, "%00", "王"])
def test_a_broken_link_is_explained(english: FlaskClient, token: str) -> None:
    page = english.get(CONFIRM + token, follow_redirects=True)

    assert page.status_code == 200
    assert "This link is not complete or no longer valid." in page.text


def test_a_new_link_is_sent_on_request(english, session) -> None:
    english.post("/account/register", data=REGISTRATION)
    english.post("/account/confirm", data={"email": "new@example.com"})

    assert templates_to(session, "new@example.com") == ["confirm_email", "confirm_email"]


def test_asking_for_a_link_tells_nothing_about_an_address(english, session, person) -> None:
    known = english.post("/account/confirm", data={"email": person.email}, follow_redirects=True)
    stranger = english.post("/account/confirm", data={"email": "nobody@example.com"}, follow_redirects=True)

    assert known.request.path == stranger.request.path
    assert "If there is an account with nobody@example.com" in stranger.text
    assert "If there is an account with known@example.com" in known.text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"password": "short", "password_confirm": "short"}, "Use at least 10 characters."),
        ({"password": "password123", "password_confirm": "password123"}, "This password is easy to guess"),
        ({"password_confirm": "something else"}, "The two passwords differ."),
        ({"name": ""}, "Enter your name."),
        ({"name": "长" * 61}, "At most 60 characters."),
        ({"email": "nobody"}, "This is not an e-mail address."),
        ({"email": "a" * 300 + "@example.com"}, "This is not an e-mail address."),
        ({"terms": ""}, "Without this the portal may not keep your data."),
        ({"locale": "tlh"}, "Not a valid choice"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(english, session, given, message) -> None:
    page = english.post("/account/register", data={**REGISTRATION, **given})

    assert page.status_code == 422
    assert message in page.text
    assert given.get("email", "new@example.com") in page.text
    assert registered(session) is None


def test_script_in_a_name_is_only_text(english, session) -> None:
    english.post("/account/register", data={**REGISTRATION, "name": "<script>alert(1)</script>"})
    refused = english.post("/account/register", data={**REGISTRATION, "name": "<script>alert(1)</script>", "terms": ""})

    assert registered(session).name == "<script>alert(1)</script>"
    assert "<script>alert(1)" not in refused.text


def test_an_address_in_full_width_letters_is_the_same_address(english, session) -> None:
    english.post("/account/register", data={**REGISTRATION, "email": " Ｎｅｗ＠Example.com "})

    assert registered(session) is not None


def test_mail_and_pages_follow_the_language_chosen_at_registration(client, session) -> None:
    client.post("/account/register", data={**REGISTRATION, "locale": "zh_Hans_CN"})

    assert registered(session).locale == "zh_Hans_CN"
