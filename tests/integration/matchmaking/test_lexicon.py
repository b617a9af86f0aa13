"""The authority teaches words, and the model learns them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.matchmaking import engine, service, sheets
from app.matchmaking.commands import SaveLexiconEntry
from app.matchmaking.models import LexiconEntry
from app.matchmaking.queries import lexicon as queries
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.matchmaking import LexiconEntryFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct

URL = "/desk/lexicon/"
SCOOTER = SaveLexiconEntry(("小电驴",), ("e-scooter",), "C0407")


@pytest.fixture
def desk_client(client: FlaskClient, session: Session, login: Callable[..., FlaskClient]) -> FlaskClient:
    """An officer's browser."""
    return login(client, officer(locale="en"))


def test_what_is_taught_is_kept_recorded_and_learnt(session: Session) -> None:
    actor = officer().as_actor()

    entry = service.add_entry(session, actor=actor, command=SCOOTER, now=NOON)

    event = session.scalars(select(AuditEvent)).one()
    jobs = {job.kind: job.payload for job in session.scalars(select(Job))}
    assert (entry.zh, entry.en, entry.code, entry.created_by) == ("小电驴", "e-scooter", "C0407", actor.user_id)
    assert (event.action, event.subject_id, event.details["en"]) == ("lexicon.add", entry.id, ["e-scooter"])
    assert jobs == {
        "taxonomy.apply": {},
        "matching.recompute": {"trigger": "lexicon", "requested_by": str(actor.user_id)},
    }


def test_several_changes_wait_for_one_job_of_each_kind(session: Session) -> None:
    actor = officer().as_actor()
    entry = service.add_entry(session, actor=actor, command=SCOOTER, now=NOON)

    service.change_entry(session, actor=actor, entry_id=entry.id, command=SCOOTER, now=NOON)
    service.remove_entry(session, actor=actor, entry_id=entry.id, now=NOON)

    assert sorted(session.scalars(select(Job.kind))) == ["matching.recompute", "taxonomy.apply"]
    assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all() == [
        "lexicon.add", "lexicon.change", "lexicon.remove"]  # fmt: skip
    assert session.scalars(select(LexiconEntry)).all() == []


def test_an_entry_changed_meanwhile_is_not_overwritten(session: Session) -> None:
    entry = LexiconEntryFactory()
    command = SaveLexiconEntry(("电驴",), (), "C0407", version=entry.version - 1)

    with pytest.raises(Conflict):
        service.change_entry(session, actor=officer().as_actor(), entry_id=entry.id, command=command, now=NOON)


def test_words_without_category_and_translation_are_refused(session: Session) -> None:
    with pytest.raises(RuleViolation):
        service.add_entry(session, actor=officer().as_actor(), command=SaveLexiconEntry(("小电驴",), ()), now=NOON)


def test_the_operator_teaches_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        service.add_entry(session, actor=operator().as_actor(), command=SCOOTER, now=NOON)


def test_an_entry_that_is_gone_cannot_be_removed(session: Session) -> None:
    with pytest.raises(NotFound):
        service.remove_entry(session, actor=officer().as_actor(), entry_id=uuid.uuid4(), now=NOON)


def test_the_next_fit_knows_the_words(
    session: Session, catalogue: dict[str, ChipProduct], model_dir: Path, app: Flask
) -> None:
    before = engine.current_matcher(session, model_dir)
    LexiconEntryFactory(zh="溜溜转\n晃悠悠", en="", code="C0501")

    with app.app_context():
        engine.refit(session, model_dir)

    after = engine.current_matcher(session, model_dir)
    assert after.predict_categories("溜溜转还晃悠悠", 1)[0][0] == "C0501"
    assert before.predict_categories("溜溜转还晃悠悠", 1)[0][1] < after.predict_categories("溜溜转还晃悠悠", 1)[0][1]
    assert before.version != after.version


def test_the_words_outlive_the_process(
    session: Session, catalogue: dict[str, ChipProduct], model_dir: Path, app: Flask
) -> None:
    LexiconEntryFactory()
    with app.app_context():
        fitted = engine.refit(session, model_dir)
    engine._loaded.clear()

    loaded = engine.current_matcher(session, model_dir)

    assert tuple(loaded.lexicon) == sheets.load_lexicon(session)
    assert loaded.version == fitted.version


def test_the_list_is_searched_and_narrowed(session: Session) -> None:
    LexiconEntryFactory(zh="小电驴", en="e-scooter", code="C0407")
    LexiconEntryFactory(zh="大喇叭", en="", code="C1502")

    assert [row.zh for row in queries.entries(session, text="SCOOTER", code="", page=1).items] == [("小电驴",)]
    assert [row.zh for row in queries.entries(session, text="", code="C1502", page=1).items] == [("大喇叭",)]
    assert queries.entries(session, text="100%", code="", page=1).items == []


def test_a_page_of_the_list_takes_few_queries(desk_client: FlaskClient) -> None:
    LexiconEntryFactory.create_batch(25)

    with count_queries() as statements:
        answer = desk_client.get(URL)

    assert answer.text.count("<tr data-key>") == 20
    assert len(statements) <= 12


def test_an_empty_lexicon_teaches_the_next_step(desk_client: FlaskClient) -> None:
    answer = desk_client.get(URL)

    assert "Nothing taught yet" in answer.text
    assert f'href="{URL}new"' in answer.text


def test_words_are_taught_on_the_page(desk_client: FlaskClient, session: Session) -> None:
    answer = desk_client.post(f"{URL}new", data={"zh": "小电驴，电单车", "en": "e-scooter", "code": "C0407"})

    entry = session.scalars(select(LexiconEntry)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert (entry.zh, entry.code) == ("小电驴\n电单车", "C0407")


def test_a_refused_entry_keeps_what_was_typed(desk_client: FlaskClient) -> None:
    answer = desk_client.post(f"{URL}new", data={"zh": "小电驴", "en": "", "code": ""})

    assert answer.status_code == 422
    assert "Choose a category, or give the words in both languages." in answer.text
    assert "小电驴</textarea>" in answer.text


def test_an_entry_is_changed_and_removed_on_the_page(desk_client: FlaskClient, session: Session) -> None:
    entry_id = LexiconEntryFactory().id
    shown = desk_client.get(f"{URL}{entry_id}")

    changed = desk_client.post(f"{URL}{entry_id}", data={"zh": "电驴", "code": "C0407", "version": "1"})
    removed = desk_client.post(f"{URL}{entry_id}/remove")

    session.expire_all()
    assert "小电驴" in shown.text
    assert (changed.status_code, removed.status_code) == (303, 303)
    assert session.scalars(select(LexiconEntry)).all() == []


def test_an_old_page_gets_a_conflict(desk_client: FlaskClient) -> None:
    entry_id = LexiconEntryFactory().id
    desk_client.post(f"{URL}{entry_id}", data={"zh": "电驴", "code": "C0407", "version": "1"})

    answer = desk_client.post(f"{URL}{entry_id}", data={"zh": "电单车", "code": "C0407", "version": "1"})

    assert answer.status_code == 409


def test_the_operator_reads_and_changes_nothing(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    browser, entry_id = login(client, operator(locale="en")), LexiconEntryFactory().id

    assert browser.get(URL).status_code == 200
    assert browser.get(f"{URL}new").status_code == 403
    assert browser.post(f"{URL}new", data={"zh": "小", "en": "ab"}).status_code == 403
    assert browser.post(f"{URL}{entry_id}", data={"zh": "小", "en": "ab"}).status_code == 403
    assert browser.post(f"{URL}{entry_id}/remove").status_code == 403


def test_a_company_finds_no_such_page(client: FlaskClient, session: Session, login: Callable[..., FlaskClient]) -> None:
    browser = login(client, UserFactory(organization=OrganizationFactory(terminal=True)))

    assert browser.get(URL).status_code == 404
