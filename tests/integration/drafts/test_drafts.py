"""Keeping what people type."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.core import box
from app.core.actor import ANONYMOUS
from app.core.errors import NotAllowed, NotFound
from app.drafts import queries, registry, service
from app.drafts.models import FormDraft, owner_tag
from app.drafts.service import MAX_DRAFTS
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.support.clock import NOON
from tests.support.racing import at_once
from tests.support.sealed import told_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.core.actor import Actor

URL = "/workspace/drafts/need/new"


@pytest.fixture
def person(session: Session) -> User:
    """Somebody who types."""
    user: User = UserFactory(organization=OrganizationFactory(terminal=True))
    return user


def keep(session: Session, actor: Actor, subject: str = "new", minutes: int = 0, **values: list[str]) -> None:
    now = NOON + dt.timedelta(minutes=minutes)
    service.save(session, actor=actor, form_name="need", subject=subject, values=values, now=now)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(FormDraft)) or 0


def test_what_is_typed_comes_back_as_it_was(session: Session, person: User) -> None:
    keep(session, person.as_actor(), title=[" <b> "], categories=["C0407", "C0202"])

    found = queries.find(session, person.as_actor(), "need", "new")

    assert found is not None
    assert found.values.getlist("categories") == ["C0407", "C0202"]
    assert found.values["title"] == " <b> "
    assert found.saved_at == NOON


def test_a_later_text_replaces_the_earlier_one(session: Session, person: User) -> None:
    keep(session, person.as_actor(), title=["first"])
    keep(session, person.as_actor(), minutes=1, title=["second"])

    restored = queries.restore(session, person.as_actor(), "need", "new")

    assert restored is not None
    assert restored["title"] == "second"
    assert count(session) == 1


def test_drafts_of_one_person_are_nobody_elses(session: Session, person: User) -> None:
    colleague = UserFactory()
    keep(session, person.as_actor(), title=["mine"])

    assert queries.find(session, colleague.as_actor(), "need", "new") is None
    assert queries.find(session, ANONYMOUS, "need", "new") is None


@pytest.mark.parametrize("subject", ["", "NEW", "../x", "1", str(uuid.UUID(int=1)).upper() + "A"])
def test_a_subject_is_an_id_or_new(session: Session, person: User, subject: str) -> None:
    with pytest.raises(NotFound):
        keep(session, person.as_actor(), subject, title=["x"])


def test_an_unknown_form_is_not_kept(session: Session, person: User) -> None:
    with pytest.raises(NotFound):
        service.save(session, actor=person.as_actor(), form_name="passwords", subject="new", values={}, now=NOON)


def test_nobody_keeps_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        keep(session, ANONYMOUS, title=["x"])


def test_the_oldest_draft_gives_way(session: Session, person: User) -> None:
    actor = person.as_actor()
    session.add_all(
        FormDraft(user_id=person.id, owner=owner_tag(person.id, "need", str(uuid.UUID(int=n))), subject="",
                  values={"n": [str(n)]}, updated_at=NOON + dt.timedelta(minutes=n))
        for n in range(MAX_DRAFTS)
    )  # fmt: skip
    session.commit()

    keep(session, actor, minutes=500, title=["newest"])

    assert count(session) == MAX_DRAFTS
    assert queries.find(session, actor, "need", str(uuid.UUID(int=0))) is None
    assert queries.find(session, actor, "need", "new") is not None


def test_discarding_forgets_one_form_only(session: Session, person: User) -> None:
    actor, other = person.as_actor(), str(uuid.UUID(int=5))
    keep(session, actor, title=["x"])
    keep(session, actor, other, title=["y"])

    service.discard(session, actor, "need", "new")

    assert queries.find(session, actor, "need", "new") is None
    assert queries.find(session, actor, "need", other) is not None


def test_the_script_learns_when_it_was_kept(client: FlaskClient, login: Callable[..., Any], person: User) -> None:
    answer = login(client, person).post(URL, data={"title": "采样", "csrf_token": "secret"})

    assert answer.json == {"saved_at": NOON.isoformat()}


def test_the_token_of_the_form_is_not_kept(
    client: FlaskClient, login: Callable[..., Any], person: User, session: Session
) -> None:
    login(client, person).post(URL, data={"title": "采样", "csrf_token": "secret"})

    assert session.scalars(select(FormDraft)).one().values == {"title": ["采样"]}


def test_too_much_text_is_not_kept(client: FlaskClient, login: Callable[..., Any], person: User) -> None:
    assert login(client, person).post(URL, data={"title": "x" * 300_000}).status_code == 413


@pytest.mark.parametrize(
    "url", ["/workspace/drafts/unknown/new", "/workspace/drafts/need/old", "/workspace/drafts/review/old"]
)
def test_an_unknown_form_does_not_exist(client: FlaskClient, login: Callable[..., Any], person: User, url: str) -> None:
    assert login(client, person).post(url, data={"title": "x"}).status_code == 404


def test_a_stranger_is_sent_to_the_log_in(client: FlaskClient, session: Session) -> None:
    assert client.post(URL, data={"title": "x"}).status_code in (302, 401)
    assert count(session) == 0


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/workspace/needs/new", "/workspace/needs/new"),
        ("https://evil.example", "/workspace/"),
        ("//evil.example", "/workspace/"),
        ("/workspace/\\evil", "/workspace/"),
        ("", "/workspace/"),
    ],
)
def test_discarding_leads_back_to_a_page_of_this_site(
    client: FlaskClient, login: Callable[..., Any], person: User, target: str, location: str
) -> None:
    answer = login(client, person).post(f"{URL}/discard", data={"next": target})

    assert (answer.status_code, answer.location) == (303, location)


@pytest.mark.real_clock
def test_two_first_saves_at_once_keep_one_draft(own_app: Flask, own_session: Session) -> None:
    actor = UserFactory().as_actor()

    refused = at_once(own_app, *[lambda s: keep(s, actor, title=["x"])] * 2)

    assert refused == [None, None]
    assert count(own_session) == 1


def test_no_column_tells_what_was_typed_or_about_what(session: Session, person: User) -> None:
    subject = str(uuid.UUID("5b5b5b5b-0000-4000-8000-000000000001"))
    keep(session, person.as_actor(), subject, title=["绝密标题"])

    told = told_by(session, "form_drafts")

    assert not [word for word in ("绝密标题", subject, subject.replace("-", "")) if word in told]


def test_of_a_sealed_form_no_column_tells_who_types(
    session: Session, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_SEALED", {"need"})
    keep(session, person.as_actor(), title=["x"])

    assert person.id.hex not in told_by(session, "form_drafts").replace("-", "")
    assert queries.find(session, person.as_actor(), "need", "new") is not None


def test_input_locked_with_a_lost_key_is_as_if_it_had_not_been_kept(
    session: Session, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(session, person.as_actor(), title=["x"])
    session.expunge_all()
    tagged = owner_tag(person.id, "need", "new")
    monkeypatch.setattr("app.drafts.queries.owner_tag", lambda *_: tagged)
    monkeypatch.setattr(box, "_Keys", type("Keys", (), {}))
    box.register_secret("another secret")

    assert queries.find(session, person.as_actor(), "need", "new") is None


def test_input_that_nobody_has_touched_for_half_a_year_is_forgotten(session: Session, person: User) -> None:
    keep(session, person.as_actor(), title=["x"])

    assert service.purge(session, now=NOON + service.KEPT) == 0
    assert service.purge(session, now=NOON + service.KEPT + dt.timedelta(seconds=1)) == 1
