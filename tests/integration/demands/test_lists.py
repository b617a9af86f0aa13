"""Finding needs: words, facets, order, pages, tabs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.core.actor import ANONYMOUS
from app.demands.models import NeedCategory
from app.demands.queries import needs as queries
from app.demands.queries.needs import NeedFilter
from app.demands.workflow import PostingState
from app.search.service import index_document
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


def titles(session: Session, **wanted: Any) -> list[str]:
    page = queries.public_needs(session, actor=ANONYMOUS, wanted=NeedFilter(**wanted), page=1)
    return [line.title for line in page.items]


@pytest.fixture
def three(session: Session) -> None:
    """A battery monitor from Shenzhen, a microcontroller and a motor driver from Foshan."""
    foshan = OrganizationFactory(terminal=True, city_code="440600", region_code="440604")
    NeedFactory(title="monitor", published_at=NOON - dt.timedelta(days=3), sample_by=dt.date(2027, 3, 1))
    NeedFactory(
        title="controller", organization=foshan, terminal_category="T0901", quality_grade="consumer",
        categories=[NeedCategory(code="C0202"), NeedCategory(code="C0204")], published_at=NOON - dt.timedelta(days=2),
        sample_by=dt.date(2027, 1, 1),
    )  # fmt: skip
    NeedFactory(
        title="driver", organization=foshan, terminal_category="T0902", categories=[NeedCategory(code="C0501")],
        published_at=NOON - dt.timedelta(days=1), sample_by=dt.date(2027, 2, 1),
    )  # fmt: skip


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["driver", "controller", "monitor"]),
        ({"sort": "samples"}, ["controller", "driver", "monitor"]),
        ({"terminal": ("T09",)}, ["driver", "controller"]),
        ({"terminal": ("T0901",)}, ["controller"]),
        ({"category": ("C02",)}, ["controller"]),
        ({"category": ("C02", "C05")}, ["driver", "controller"]),
        ({"city": ("440600",)}, ["driver", "controller"]),
        ({"grade": ("consumer",)}, ["controller"]),
        ({"city": ("440600",), "category": ("C04",)}, []),
    ],
)
def test_facets_narrow_the_list(session: Session, wanted: dict[str, Any], found: list[str]) -> None:
    assert titles(session, **wanted) == found


@pytest.mark.usefixtures("three")
def test_a_need_with_two_categories_of_a_group_counts_once(session: Session) -> None:
    counts = queries.facet_counts(session, wanted=NeedFilter())

    assert counts["category"] == {"C04": 1, "C02": 1, "C05": 1}
    assert counts["terminal"] == {"T12": 1, "T09": 2}
    assert counts["city"] == {"440300": 1, "440600": 2}
    assert counts["grade"] == {"industrial": 2, "consumer": 1}


@pytest.mark.usefixtures("three")
def test_counts_follow_the_other_facets_but_not_their_own(session: Session) -> None:
    counts = queries.facet_counts(session, wanted=NeedFilter(city=("440600",), category=("C05",)))

    assert counts["city"] == {"440600": 1}
    assert counts["category"] == {"C02": 1, "C05": 1}
    assert counts["terminal"] == {"T09": 1}


@pytest.mark.parametrize("state", [PostingState.CLOSED, PostingState.CANCELLED, PostingState.SUBMITTED])
def test_only_open_needs_are_listed(session: Session, state: PostingState) -> None:
    NeedFactory(state=state)
    ChallengeFactory()

    assert titles(session) == []
    assert sum(sum(counts.values()) for counts in queries.facet_counts(session, wanted=NeedFilter()).values()) == 0


@pytest.mark.parametrize("query", ["采样", "电芯", "BMS", "LTC68"])
def test_words_narrow_the_list(session: Session, query: str) -> None:
    found, other = NeedFactory(title="found"), NeedFactory(title="other")
    index_document(session, "need", found.id, "采样18串电芯电压 BMS LTC6811")
    index_document(session, "need", other.id, "冰箱风机驱动")

    assert titles(session, text=query) == ["found"]


def test_similar_needs_share_a_category_and_are_open(session: Session) -> None:
    need, alike = NeedFactory(), NeedFactory()
    NeedFactory(state=PostingState.CLOSED)
    NeedFactory(categories=[NeedCategory(code="C0501")])
    view = queries.need_page(session, actor=ANONYMOUS, need_id=need.id)

    assert [line.id for line in queries.similar_needs(session, actor=ANONYMOUS, need=view)] == [alike.id]


def test_a_company_sees_its_own_under_tabs(session: Session) -> None:
    own = OrganizationFactory(terminal=True)
    actor = UserFactory(organization=own).as_actor()
    NeedFactory(organization=own, draft=True, title="draft")
    NeedFactory(organization=own, submitted=True, title="submitted")
    NeedFactory(organization=own, state=PostingState.CLOSED, title="closed")
    NeedFactory()

    page = queries.my_needs(session, actor=actor, tab="draft", page=1)

    assert [line.title for line in page.items] == ["draft"]
    assert queries.tab_counts(session, actor=actor) == {
        "all": 3, "draft": 1, "submitted": 1, "published": 0, "ended": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/needs/", "/needs/?q=采样&terminal=T12&category=C04&city=440300&grade=industrial"]
)
def test_the_public_list_asks_the_database_at_most_twelve_times(
    client: FlaskClient, login: Callable[..., Any], address: str
) -> None:
    need = NeedFactory.create_batch(25)[0]
    login(client, UserFactory(organization=need.organization))

    with count_queries() as statements:
        answer = client.get(address)

    assert answer.status_code == 200
    assert len(statements) <= 12


@pytest.mark.parametrize(
    "address",
    ["/needs/{need}", "/workspace/needs/", "/workspace/needs/{need}", "/workspace/needs/{draft}/edit",
     "/workspace/needs/new"],
)  # fmt: skip
def test_the_other_pages_ask_the_database_at_most_twelve_times(
    client: FlaskClient, login: Callable[..., Any], address: str
) -> None:
    need = NeedFactory()
    draft = NeedFactory(organization=need.organization, draft=True)
    login(client, UserFactory(organization=need.organization))

    with count_queries() as statements:
        answer = client.get(address.format(need=need.id, draft=draft.id))

    assert answer.status_code == 200
    assert len(statements) <= 12


@pytest.mark.parametrize(
    "address",
    ["/needs/?page=99999999999", "/needs/?page=-1", "/needs/?page=x", "/needs/?sort=price", "/needs/?terminal=<b>",
     "/needs/?city=%00", "/needs/?q=" + "长" * 5000, "/needs/?q=%27%20OR%201=1", "/needs/?grade=a&grade=b"],
)  # fmt: skip
def test_a_strange_address_shows_a_list(client: FlaskClient, address: str) -> None:
    NeedFactory()

    assert client.get(address).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "需求"), ("en", "Needs")])
def test_the_list_speaks_both_languages(client: FlaskClient, language: str, words: str) -> None:
    assert words in client.get("/needs/", headers={"Accept-Language": language}).text


def test_an_empty_list_teaches_the_next_step(client: FlaskClient, session: Session) -> None:
    page = client.get("/needs/", headers={"Accept-Language": "en"}).text

    assert "No open needs yet" in page


def test_the_chips_take_one_condition_back(client: FlaskClient, session: Session) -> None:
    page = client.get("/needs/?terminal=T09&terminal=T12&q=abc", headers={"Accept-Language": "en"}).text

    assert 'href="/needs/?terminal=T12&amp;q=abc"' in page
    assert 'href="/needs/?terminal=T09&amp;terminal=T12"' in page
