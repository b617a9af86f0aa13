"""Large files are left to a job, and two people never take the same file over twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.catalog import service
from app.catalog.importing.judge import TakeOver
from app.catalog.importing.stored import read_stored
from app.catalog.importing.survey import Mapping
from app.catalog.importing.upload import examine
from app.catalog.models import ChipProduct, ProductImport
from app.catalog.queries import imports as queries
from app.catalog.workflow import ImportState
from app.core import clock
from app.core.errors import Conflict
from app.db import current_session, transaction
from app.files import sniff
from app.jobs.run import run_one
from app.outbox.models import Job, JobState
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.support import sheets
from tests.support.clock import NOON
from tests.support.racing import together

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

START = "/workspace/products/import/"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(queries, "IN_REQUEST_BYTES", {sniff.XLSX: 0, sniff.CSV: 0})


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], session: Session, large: None) -> FlaskClient:
    """The browser of a person who may write product sheets, in English."""
    return login(client, UserFactory(organization=OrganizationFactory(chip=True), locale="en"))


def start(browser: FlaskClient) -> str:
    content = sheets.product_table(sheets.product()).encode()
    location: str = browser.post(START, data={"file": (_stream(content), "a.csv")}).location
    return location.removesuffix("/columns")


def mapped(browser: FlaskClient, where: str) -> int:
    titles = list(sheets.PRODUCT)
    keys = ["part_number", "category", "name", "description", "package", "pins", "temp_min", "temp_max",
            "quality_grade", "lifecycle_stage"]  # fmt: skip
    data = {f"products_{place}": keys[place] for place in range(len(titles))}
    return browser.post(f"{where}/columns", data=data).status_code


def _stream(content: bytes):  # type: ignore[no-untyped-def]
    import io

    return io.BytesIO(content)


def import_state(session: Session) -> ImportState:
    session.expire_all()
    return session.scalars(select(ProductImport.state)).one()


def test_a_large_file_is_checked_and_taken_over_by_jobs(app: Flask, browser: FlaskClient, session: Session) -> None:
    where = start(browser)
    mapped(browser, where)
    waiting = browser.get(where).text

    assert run_one(app, worker="test")
    assert import_state(session) is ImportState.CHECKED
    assert browser.post(f"{where}/commit").status_code == 303
    assert run_one(app, worker="test")

    assert "data-refresh" in waiting
    assert import_state(session) is ImportState.COMMITTED
    assert session.scalars(select(ChipProduct.part_number)).all() == ["CB100"]
    assert "data-refresh" not in browser.get(where).text


def test_while_a_job_works_on_a_file_nobody_else_can(browser: FlaskClient, session: Session) -> None:
    where = start(browser)
    mapped(browser, where)

    assert mapped(browser, where) == 409
    assert browser.post(f"{where}/discard").status_code == 409


def test_a_second_click_queues_no_second_commit(app: Flask, browser: FlaskClient, session: Session) -> None:
    where = start(browser)
    mapped(browser, where)
    run_one(app, worker="test")
    browser.post(f"{where}/commit")

    assert browser.post(f"{where}/commit").status_code == 409
    kinds = select(func.count()).select_from(Job).where(Job.kind == "products.commit_import")
    assert session.scalar(kinds) == 1


def test_a_job_that_cannot_succeed_says_why_on_the_page(
    app: Flask, browser: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = start(browser)
    mapped(browser, where)
    monkeypatch.setattr("app.catalog.importing.reader.MAX_PRODUCTS", 0)

    run_one(app, worker="test")

    assert session.scalars(select(Job.state)).one() is JobState.FAILED
    assert "The file lists more than 20,000 products." in browser.get(where, follow_redirects=True).text


@pytest.mark.real_clock
def test_of_two_people_who_take_a_file_over_at_once_one_succeeds(own_app: Flask, own_session: Session) -> None:
    person = UserFactory(organization=OrganizationFactory(chip=True)).as_actor()
    import_id, mapping = _checked(own_app, person)

    outcomes = together(own_app, *[lambda: _commit(own_app, person, import_id, mapping)] * 2)

    assert sorted(outcomes) == ["committed", "conflict"]
    assert own_session.scalar(select(func.count()).select_from(ChipProduct)) == 1


def _checked(app: Flask, person: Actor) -> tuple[uuid.UUID, Mapping]:
    with app.app_context():
        upload = examine("a.csv", _stream(sheets.product_table(sheets.product()).encode()))
        with transaction() as session:
            started = service.start_import(session, actor=person, upload=upload, now=NOON)
        found = queries.import_view(current_session(), actor=person, import_id=started.id)
        reading = read_stored(found.file, found.survey, found.mapping, uscc="")
        report = service.judged(current_session(), actor=person, reading=reading)
        with transaction() as session:
            service.check_import(
                session, actor=person, import_id=started.id, mapping=found.mapping, report=report, now=NOON
            )
        return started.id, found.mapping


def _commit(app: Flask, person: Actor, import_id: uuid.UUID, mapping: Mapping) -> str:
    with app.app_context():
        found = queries.import_view(current_session(), actor=person, import_id=import_id)
        reading = read_stored(found.file, found.survey, mapping, uscc="")
        try:
            with transaction() as session:
                service.commit_import(
                    session,
                    actor=person,
                    import_id=import_id,
                    reading=reading,
                    mapping=mapping,
                    choice=TakeOver(),
                    now=clock.now(),
                )
        except Conflict:
            return "conflict"
        return "committed"
