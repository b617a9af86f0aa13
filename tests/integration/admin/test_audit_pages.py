"""The trail at the desk: in words, numbered, checked on request, and readers who supervise are on it themselves."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.audit import heads, service
from app.audit.models import AuditEvent
from app.core.actor import SYSTEM, StaffRole
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


@pytest.fixture
def desk(client: FlaskClient, login: Callable[..., Any]) -> FlaskClient:
    """The browser of an officer who reads English."""
    return login(client, officer(locale="en"))


@pytest.fixture
def supervisor(client: FlaskClient, login: Callable[..., Any]) -> FlaskClient:
    """The browser of somebody who supervises."""
    return login(client, UserFactory(staff=(StaffRole.SUPERVISOR,), locale="en"))


def readings(session: Session) -> list[dict[str, Any]]:
    query = sa.select(AuditEvent).where(AuditEvent.action == "desk.read").order_by(AuditEvent.seq)
    return [{"page": event.subject_label, **event.details} for event in session.scalars(query)]


def test_actions_and_capacities_are_told_in_words(session: Session, desk: FlaskClient) -> None:
    service.record(session, SYSTEM, "need.publish", "need", None, label="采样芯片")
    session.commit()

    text = desk.get("/desk/audit/").text

    assert "Need: published" in text
    assert "The portal itself" in text


def test_an_action_without_words_is_shown_as_its_code(session: Session, desk: FlaskClient) -> None:
    service.record(session, SYSTEM, "gadget.frobnicate", "gadget", None)
    session.commit()

    assert "gadget.frobnicate" in desk.get("/desk/audit/").text


def test_the_export_has_numbers_words_codes_and_hashes(session: Session, desk: FlaskClient) -> None:
    service.record(session, SYSTEM, "need.publish", "need", None, label="采样芯片")
    session.commit()

    text = desk.get("/desk/audit/export.csv?action=need.publish").get_data(as_text=True)

    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["number"], row["action"], row["action_code"]) == ("1", "Need: published", "need.publish")
    assert (row["capacity"], row["subject_type"], len(row["hash"])) == ("The portal itself", "Need", 64)


def test_what_a_supervisor_looks_at_is_on_the_trail(session: Session, supervisor: FlaskClient) -> None:
    supervisor.get("/desk/audit/?q=Zhang&page=2")

    assert readings(session) == [{"page": "/desk/audit/", "asked": {"q": "Zhang", "page": "2"}}]


def test_a_supervisor_finds_the_own_reading_on_the_page_itself(supervisor: FlaskClient) -> None:
    assert "Desk: looked at" in supervisor.get("/desk/audit/").text


def test_reading_by_others_is_not_recorded(session: Session, desk: FlaskClient) -> None:
    desk.get("/desk/audit/")

    assert readings(session) == []


def test_the_page_of_checks_is_empty_at_first_and_says_when_that_changes(desk: FlaskClient) -> None:
    text = desk.get("/desk/audit/chain").text

    assert "No check yet" in text
    assert "No hash yet" in text


def test_whoever_asks_for_a_check_gets_it_as_a_job(session: Session, desk: FlaskClient) -> None:
    assert desk.post("/desk/audit/chain/check").status_code == 303

    assert session.scalars(sa.select(Job.kind)).all() == ["audit.check"]


def test_the_result_of_a_check_is_shown_in_words(session: Session, desk: FlaskClient) -> None:
    found = {"fault": "An entry was changed after it was written.", "where": "entry 7"}
    service.record(session, SYSTEM, "audit.verify", "audit", None, events=7, days=1, **found)
    session.commit()

    assert "An entry was changed after it was written." in desk.get("/desk/audit/chain").text


def test_everybody_finds_the_hash_of_each_day(session: Session, client: FlaskClient) -> None:
    head = heads.publish_head(session, now=NOON)
    session.commit()
    assert head is not None

    assert head.hash in client.get("/trail").text
    assert client.get("/trail.txt").text == f"2026-11-24 {head.hash}\n"


def test_before_the_first_night_the_public_page_says_when_there_will_be_one(client: FlaskClient) -> None:
    assert client.get("/trail", headers={"Accept-Language": "en"}).text.count("No hash yet") == 1


def test_the_command_says_that_the_trail_is_whole(own_app: Flask) -> None:
    answer = own_app.test_cli_runner().invoke(args=["system", "verify-audit"])

    assert (answer.exit_code, answer.output) == (0, "0 entries and 0 published days checked.\n")


def test_the_command_ends_with_an_error_when_it_is_not(own_app: Flask, own_session: Session) -> None:
    service.record(own_session, SYSTEM, "need.publish", "need", None)
    own_session.commit()
    own_session.execute(sa.insert(AuditEvent).values(actor_name="x", capacity="x", action="a.b", subject_type="c",
                                                     details={}))  # fmt: skip
    own_session.commit()

    answer = own_app.test_cli_runner().invoke(args=["system", "verify-audit"])

    assert answer.exit_code == 1
    assert "An entry belongs to no chain." in answer.output
