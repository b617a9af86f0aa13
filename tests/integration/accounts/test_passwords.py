"""Forgotten and changed passwords."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from app.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.integration.accounts.conftest import PASSWORD
from tests.support.clock import NOON
from tests.support.mailbox import link_in, templates_to

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

NEW = "Three slow otters"
RESET = "/account/reset/"
BOTH = {"password": NEW, "password_confirm": NEW}


def reset_link(client: FlaskClient, session: Session, email: str) -> str:
    client.post("/account/reset", data={"email": email})
    return link_in(session, "reset_password", RESET)


def test_a_forgotten_password_is_replaced_through_the_mailbox(english, session, enter, person) -> None:
    link = reset_link(english, session, person.email)
    assert english.get(link).status_code == 200

    answer = english.post(link, data=BOTH, follow_redirects=True)

    assert answer.request.path == "/account/login"
    assert "Your password has been changed. Please log in with the new one." in answer.text
    assert enter(english, person.email, NEW).status_code == 303


def test_the_old_password_is_worth_nothing_afterwards(english, session, enter, person) -> None:
    english.post(reset_link(english, session, person.email), data=BOTH)

    assert enter(english, person.email, PASSWORD).status_code == 422


def test_a_reset_ends_the_sessions_that_are_open(app, english, session, enter, person) -> None:
    elsewhere = app.test_client()
    enter(elsewhere, person.email)

    english.post(reset_link(english, session, person.email), data=BOTH)

    assert elsewhere.get("/account/settings").status_code == 302


def test_the_person_is_told_that_the_password_was_reset(english, session, person) -> None:
    english.post(reset_link(english, session, person.email), data=BOTH)

    assert templates_to(session, person.email) == ["password_was_reset", "reset_password"]


def test_a_reset_link_works_once(english, session, enter, person) -> None:
    link = reset_link(english, session, person.email)
    english.post(link, data=BOTH)

    page = english.get(link, follow_redirects=True)

    assert page.request.path == "/account/reset"
    assert "This link has been used or is not complete." in page.text


def test_a_form_sent_again_after_the_link_was_used_changes_nothing(english, session, enter, person) -> None:
    link = reset_link(english, session, person.email)
    english.post(link, data=BOTH)

    english.post(link, data={"password": "Another nine words", "password_confirm": "Another nine words"})

    assert enter(english, person.email, NEW).status_code == 303


def test_a_reset_link_expires_after_two_hours(english, session, person) -> None:
    link = reset_link(english, session, person.email)

    with time_machine.travel(NOON + dt.timedelta(hours=2, seconds=1), tick=False):
        page = english.get(link, follow_redirects=True)

    assert page.request.path == "/account/reset"
    assert "This link has expired. Have a new one sent to you below." in page.text


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 3000, "%00"])
def test_a_broken_reset_link_is_explained(english, token) -> None:
    page = english.get(RESET + token, follow_redirects=True)

    assert page.status_code == 200
    assert "This link has been used or is not complete." in page.text


def test_asking_for_a_reset_tells_nothing_about_an_address(english, session, person) -> None:
    known = english.post("/account/reset", data={"email": person.email}, follow_redirects=True)
    stranger = english.post("/account/reset", data={"email": "nobody@example.com"}, follow_redirects=True)

    assert known.request.path == stranger.request.path == "/account/login"
    assert "If there is an account with known@example.com" in known.text
    assert "If there is an account with nobody@example.com" in stranger.text
    assert templates_to(session, "nobody@example.com") == []


def test_an_unconfirmed_person_cannot_reset(english, session) -> None:
    UserFactory(email="unconfirmed@example.com", confirmed_at=None)

    english.post("/account/reset", data={"email": "unconfirmed@example.com"})

    assert templates_to(session, "unconfirmed@example.com") == []


@pytest.mark.parametrize("email", ["", "no address", "a@b@c", "x" * 400])
def test_what_cannot_be_an_address_is_refused_at_once(english, email) -> None:
    page = english.post("/account/reset", data={"email": email})

    assert page.status_code == 422
    assert "This is not an e-mail address." in page.text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"password": "short", "password_confirm": "short"}, "Use at least 10 characters."),
        ({"password": "aaaaaaaaaaaa", "password_confirm": "aaaaaaaaaaaa"}, "This password is easy to guess"),
        ({"password": NEW, "password_confirm": "another"}, "The two passwords differ."),
        ({"password": "", "password_confirm": ""}, "Enter a password."),
    ],
)
def test_a_weak_new_password_is_refused(english, session, enter, person, given, message) -> None:
    link = reset_link(english, session, person.email)

    page = english.post(link, data=given)

    assert page.status_code == 422
    assert message in page.text
    assert enter(english, person.email, PASSWORD).status_code == 303


CHANGE = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}


def test_a_password_is_changed_by_whoever_knows_it(english, session, enter, person) -> None:
    enter(english, person.email)

    page = english.post("/account/change", data=CHANGE, follow_redirects=True)

    assert page.request.path == "/account/settings"
    assert "Your password has been changed; you are logged out everywhere else." in page.text
    assert templates_to(session, person.email) == ["password_was_changed"]


def test_changing_the_password_logs_out_everywhere_else(app, english, enter, person) -> None:
    elsewhere = app.test_client()
    enter(elsewhere, person.email)
    enter(english, person.email)

    english.post("/account/change", data=CHANGE)

    assert elsewhere.get("/account/settings").status_code == 302
    assert english.get("/account/settings").status_code == 200


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"password": "wrong"}, "The password is wrong."),
        ({"new_password": PASSWORD, "new_password_confirm": PASSWORD}, "The new password is the old one."),
        ({"new_password_confirm": "different"}, "The two passwords differ."),
        ({"new_password": "known@example", "new_password_confirm": "known@example"}, "easy to guess"),
    ],
)
def test_a_refused_change_says_why(english, enter, person, given, message) -> None:
    enter(english, person.email)

    page = english.post("/account/change", data={**CHANGE, **given})

    assert page.status_code == 422
    assert message in page.text


def test_strangers_cannot_open_the_page(english) -> None:
    assert english.get("/account/change").status_code == 302


def test_changes_are_on_the_audit_trail(english, session, enter, person) -> None:
    enter(english, person.email)
    english.post("/account/change", data=CHANGE)

    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == person.id))
    assert set(actions) == {"user.login", "user.change_password"}
