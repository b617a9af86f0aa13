"""Searches that people keep, and what is new in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.core.errors import Conflict, NotAllowed, NotFound
from app.demands.models import NeedCategory
from app.jobs.searches import look_at_all
from app.notifications import digest_content
from app.notifications.recipients import load_reader
from app.notifications.service import send_digest
from app.saved.commands import SaveSearch
from app.saved.models import SavedSearch, SavedSearchFind, SearchKind
from app.saved.service import remove_search, save_search, set_mail
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session):
    """Reasons are put into words by Flask-Babel."""
    with app.app_context():
        yield


def command(kind: str = "needs", query: str = "", **changes: Any) -> SaveSearch:
    values = {"title": "My search", "is_shared": False, "has_mail": True, **changes}
    return SaveSearch(kind=SearchKind(kind), query=query, **values)


def keep(session: Session, user: User, **values: Any) -> Any:
    search_id = save_search(session, actor=user.as_actor(), command=command(**values), now=NOON - AN_HOUR)
    session.commit()
    return search_id


def person(**attributes: Any) -> User:
    return UserFactory(organization=OrganizationFactory(), **attributes)


@pytest.fixture
def look(app: Flask, session: Session) -> Callable[[], int]:
    """Return what looks at all searches, in a context of its own as a worker has it."""

    def look_once() -> int:
        session.commit()
        with app.app_context():
            return look_at_all(lambda _done, _total: None)

    return look_once


def titles(session: Session, user: User) -> list[str]:
    content = digest_content.build(session, load_reader(session, user.id), now=NOON)
    return [find.title for find in content.finds]


def test_what_is_published_afterwards_is_new(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    NeedFactory(published_at=NOON - 2 * AN_HOUR)
    keep(session, reader)
    fresh = NeedFactory(published_at=NOON - AN_HOUR / 2)

    assert look() == 1
    assert titles(session, reader) == [fresh.title]


def test_the_same_is_found_once(session: Session, look: Callable[[], int]) -> None:
    keep(session, person())
    NeedFactory(published_at=NOON - AN_HOUR / 2)

    assert [look(), look()] == [1, 0]


def test_a_search_finds_what_its_list_shows(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    keep(session, reader, query="category=C0407&page=3&sort=new")
    wanted = NeedFactory(published_at=NOON - AN_HOUR / 2, categories=[NeedCategory(code="C0407")])
    NeedFactory(published_at=NOON - AN_HOUR / 2, categories=[NeedCategory(code="C0202")])
    look()

    assert titles(session, reader) == [wanted.title]
    assert session.scalars(sa.select(SavedSearch.query)).one() == "category=C0407"


def test_chips_and_challenges_are_found_too(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    keep(session, reader, kind="products")
    keep(session, reader, kind="challenges")
    product = ProductFactory(published_at=NOON - AN_HOUR / 2)
    challenge = ChallengeFactory(published_at=NOON - AN_HOUR / 2, question_deadline_at=NOON)
    look()

    assert set(titles(session, reader)) == {f"{product.part_number} {product.name}", challenge.title}


def test_a_digest_names_a_result_once_whatever_searches_found_it(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    keep(session, reader)
    keep(session, reader, query="category=C04")
    NeedFactory(published_at=NOON - AN_HOUR / 2, categories=[NeedCategory(code="C0407")])
    look()

    assert len(titles(session, reader)) == 1
    assert send_digest(session, user_id=reader.id, now=NOON) is not None
    assert titles(session, reader) == []


def test_a_shared_search_is_news_for_colleagues(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    colleague, stranger = UserFactory(organization=reader.membership.organization), person()
    keep(session, reader, is_shared=True)
    NeedFactory(published_at=NOON - AN_HOUR / 2)
    look()

    assert [len(titles(session, one)) for one in (reader, colleague, stranger)] == [1, 1, 0]


def test_a_search_without_mail_is_counted_only(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    keep(session, reader, has_mail=False)
    NeedFactory(published_at=NOON - AN_HOUR / 2)

    assert look() == 1
    assert titles(session, reader) == []


def test_the_same_search_is_kept_once(session: Session) -> None:
    reader = person()
    keep(session, reader, query="q=MCU&city=440300")

    with pytest.raises(Conflict):
        save_search(session, actor=reader.as_actor(), command=command(query="?city=440300&q=MCU&page=2"), now=NOON)


def test_only_who_kept_a_search_changes_it(session: Session) -> None:
    reader = person()
    colleague, stranger = UserFactory(organization=reader.membership.organization), person()
    search_id = keep(session, reader, is_shared=True)

    with pytest.raises(NotAllowed):
        set_mail(session, actor=colleague.as_actor(), search_id=search_id, has_mail=False)
    with pytest.raises(NotFound):
        remove_search(session, actor=stranger.as_actor(), search_id=search_id)


def test_who_belongs_to_no_company_shares_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        save_search(session, actor=UserFactory().as_actor(), command=command(is_shared=True), now=NOON)


def test_a_removed_search_takes_its_news_along(session: Session, look: Callable[[], int]) -> None:
    reader = person()
    search_id = keep(session, reader)
    NeedFactory(published_at=NOON - AN_HOUR / 2)
    look()

    remove_search(session, actor=reader.as_actor(), search_id=search_id)
    session.flush()

    assert session.scalar(sa.select(sa.func.count()).select_from(SavedSearchFind)) == 0


def test_keeping_says_that_mail_will_come(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    reader = person(locale="en", email="reader@example.com")
    browser = login(client, reader)

    form = browser.get("/workspace/searches/new/needs?query=q%3DMCU").text
    answer = browser.post(
        "/workspace/searches/new/needs", data={"query": "q=MCU", "title": "MCU", "has_mail": "y"}, follow_redirects=True
    )

    assert "Mail will come to reader@example.com" in form
    assert "will be mailed to reader@example.com" in answer.text
    assert 'href="/needs/?q=MCU"' in answer.text


def test_a_list_leads_to_keeping_its_search(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    browser = login(client, person(locale="en"))

    for path in ("/needs/", "/challenges/", "/products/"):
        assert "Keep this search" in browser.get(f"{path}?q=MCU").text


def test_a_search_without_a_name_is_refused_and_kept_in_the_form(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    answer = login(client, person(locale="en")).post("/workspace/searches/new/needs", data={"query": "q=MCU"})

    assert answer.status_code == 422
    assert "Give the search a name." in answer.text
    assert 'value="q=MCU"' in answer.text
