"""Logging in and out, and what stops guessing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.throttle import limiter
from app.audit.models import AuditEvent
from app.core.actor import StaffRole
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.integration.accounts.conftest import PASSWORD
from tests.support.clock import NOON
from tests.support.mailbox import link_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.accounts.models import User

REFUSED = "The e-mail address or the password is wrong"


def actions(session: Session, user: User) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.subject_id == user.id).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def fail(client, email: str, times: int) -> None:
    for _ in range(times):
        client.post("/account/login", data={"email": email, "password": "not the password"})


def test_the_right_password_opens_the_session(english, enter, person, session) -> None:
    answer = enter(english, person.email)

    assert answer.status_code == 303
    assert english.get("/account/settings").status_code == 200
    assert actions(session, person) == ["user.login"]


def test_the_address_may_be_typed_in_capitals(english, enter, person) -> None:
    assert enter(english, " KNOWN@example.com ").status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("known@example.com", "wrong password"),
        ("stranger@example.com", PASSWORD),
        ("known@example.com", ""),
        ("", PASSWORD),
        ("no address", PASSWORD),
        ("known@example.com", "x" * 100_000),
        ("<script>alert(1)</script>", "<script>"),
    ],
)
def test_a_wrong_log_in_is_refused_with_the_address_still_there(english, enter, person, email, password) -> None:
    page = enter(english, email, password)

    assert page.status_code == 422
    assert "error-summary" in page.text
    assert "<script>alert(1)" not in page.text


def test_a_wrong_password_and_an_unknown_address_read_the_same(english, enter, person) -> None:
    known = enter(english, person.email, "wrong password")
    unknown = enter(english, "somebody@example.com", "wrong password")

    assert REFUSED in known.text
    assert known.text.count("<li>") == unknown.text.count("<li>")


def test_a_closed_account_reads_like_a_wrong_password(english, enter, session, password_hash) -> None:
    UserFactory(email="gone@example.com", password=password_hash, active=False)

    page = enter(english, "gone@example.com")

    assert page.status_code == 422
    assert REFUSED in page.text


def test_eight_failures_lock_the_account_even_for_the_right_password(english, enter, person) -> None:
    fail(english, person.email, 8)

    page = enter(english, person.email)

    assert page.status_code == 422
    assert REFUSED in page.text


def test_seven_failures_do_not_lock(english, enter, person) -> None:
    fail(english, person.email, 7)

    assert enter(english, person.email).status_code == 303


def test_the_lock_opens_after_a_quarter_of_an_hour(english, enter, person) -> None:
    fail(english, person.email, 8)

    with time_machine.travel(NOON + dt.timedelta(minutes=15, seconds=1), tick=False):
        answer = enter(english, person.email)

    assert answer.status_code == 303


def test_a_locked_person_comes_back_through_the_mailbox(english, enter, person, session) -> None:
    fail(english, person.email, 8)
    english.post("/account/reset", data={"email": person.email})
    link = link_in(session, "reset_password", "/account/reset/")
    english.post(link, data={"password": "Three slow otters", "password_confirm": "Three slow otters"})

    assert enter(english, person.email, "Three slow otters").status_code == 303


def test_failures_are_on_the_audit_trail(english, person, session) -> None:
    fail(english, person.email, 2)

    assert actions(session, person) == ["user.login_failed", "user.login_failed"]


def test_logging_out_ends_the_session(english, enter, person) -> None:
    enter(english, person.email)
    english.post("/account/logout")

    answer = english.get("/account/settings")

    assert answer.status_code == 302
    assert answer.location.startswith("/account/login?next=")


def test_logging_out_needs_a_button_not_a_link(english, enter, person) -> None:
    enter(english, person.email)

    assert english.get("/account/logout").status_code == 405


def test_the_session_ends_after_eight_hours_without_a_click(english, enter, person) -> None:
    enter(english, person.email)

    with time_machine.travel(NOON + dt.timedelta(hours=8, seconds=1), tick=False):
        answer = english.get("/account/settings")

    assert answer.status_code == 302


def test_the_page_that_was_asked_for_opens_after_the_log_in(english, person) -> None:
    wanted = english.get("/account/settings").location

    answer = english.post(wanted, data={"email": person.email, "password": PASSWORD})

    assert answer.location.endswith("/account/settings")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(english, person, target) -> None:
    answer = english.post(f"/account/login?next={target}", data={"email": person.email, "password": PASSWORD})

    place = urlsplit(answer.location or "")
    assert (place.scheme, place.netloc) == ("", "")


def test_pages_speak_the_language_of_the_account_after_the_log_in(client, enter, person) -> None:
    enter(client, person.email)

    assert '<html lang="en">' in client.get("/account/settings").text


def test_whoever_is_logged_in_needs_no_log_in_page(english, enter, person) -> None:
    enter(english, person.email)

    answer = english.get("/account/login")

    assert (answer.status_code, answer.location) == (302, "/account/start")


def test_members_start_in_the_workspace(client, session, login) -> None:
    user = UserFactory(organization=OrganizationFactory())

    assert login(client, user).get("/account/start").location == "/workspace/"


def test_the_authority_starts_at_the_desk(client, session, login) -> None:
    assert login(client, officer()).get("/account/start").location == "/desk/"


def test_experts_have_no_desk(client, session, login) -> None:
    expert = UserFactory(staff=(StaffRole.EXPERT,))

    assert login(client, expert).get("/account/start").location == "/workspace/company/new"


@pytest.fixture
def throttled(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits of a real installation, counted from zero."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    limiter.reset()
    yield
    limiter.reset()


def test_the_log_in_cannot_be_hammered(english, enter, person, throttled) -> None:
    fail(english, "stranger@example.com", 20)

    page = enter(english, person.email)

    assert page.status_code == 429
    assert "Too many requests" in page.text


def test_reading_the_log_in_page_is_never_limited(english, throttled) -> None:
    fail(english, "stranger@example.com", 21)

    assert english.get("/account/login").status_code == 200
