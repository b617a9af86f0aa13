"""The public directory of companies."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.models import OrganizationCategory, OrganizationLabel
from app.core.actor import ANONYMOUS
from app.core.errors import NotFound
from app.web import directory
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import Organization

MOST = 12
EVERYTHING = directory.DirectoryFilter()


def names(session: Session, **wanted: Any) -> set[str]:
    page = directory.company_list(session, wanted=directory.DirectoryFilter(**wanted), page=1)
    return {line.company.legal_name_zh for line in page.items}


@pytest.fixture
def maker(session: Session) -> Organization:
    """A terminal maker in Shenzhen that builds powertrains and buys battery monitors."""
    company: Organization = OrganizationFactory(
        legal_name_zh="深圳整机有限公司", name_en="Shenzhen Terminals", uscc="91440300MA5XX00149", terminal=True,
        employees=900, verified_at=NOON - dt.timedelta(days=2),
    )  # fmt: skip
    session.add_all([OrganizationCategory(organization_id=company.id, code=code) for code in ("T0701", "C0407")])
    session.commit()
    return company


@pytest.fixture
def firm(session: Session) -> Organization:
    """A chip firm in Foshan with two kinds of MCU."""
    company: Organization = OrganizationFactory(
        legal_name_zh="佛山芯片_100%有限公司", chip=True, city_code="440600", region_code="440604"
    )
    session.add_all([OrganizationCategory(organization_id=company.id, code=code) for code in ("C0202", "C0204")])
    session.commit()
    return company


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"maker", "firm"}),
        ({"text": "整机"}, {"maker"}),
        ({"text": "TERMINALS"}, {"maker"}),
        ({"text": "91440300ma5"}, {"maker"}),
        ({"text": "%"}, {"firm"}),
        ({"text": "_"}, {"firm"}),
        ({"text": "nothing like this"}, set()),
        ({"side": ("demand",)}, {"maker"}),
        ({"side": ("supply",)}, {"firm"}),
        ({"side": ("demand", "supply")}, {"maker", "firm"}),
        ({"side": ("nonsense",)}, set()),
        ({"city": ("440600",)}, {"firm"}),
        ({"chip": ("C04",)}, {"maker"}),
        ({"chip": ("C02", "C04")}, {"maker", "firm"}),
        ({"terminal": ("T07",)}, {"maker"}),
        ({"terminal": ("T07",), "side": ("supply",)}, set()),
    ],
)
def test_the_list_is_narrowed(session, maker, firm, wanted, found) -> None:
    known = {"maker": maker.legal_name_zh, "firm": firm.legal_name_zh}

    assert names(session, **wanted) == {known[name] for name in found}


def test_only_verified_companies_are_listed(session, maker) -> None:
    OrganizationFactory(unverified=True)

    assert names(session) == {maker.legal_name_zh}


def test_a_company_counts_once_for_a_category_however_many_parts_of_it_it_names(session, maker, firm) -> None:
    counts = directory.facet_counts(session, EVERYTHING)

    assert counts["chip"] == {"C02": 1, "C04": 1}
    assert counts["terminal"] == {"T07": 1}
    assert counts["side"] == {"demand": 1, "supply": 1}
    assert counts["city"] == {"440300": 1, "440600": 1}


def test_a_facet_is_not_narrowed_by_its_own_choice(session, maker, firm) -> None:
    counts = directory.facet_counts(session, directory.DirectoryFilter(city=("440600",)))

    assert counts["city"] == {"440300": 1, "440600": 1}
    assert counts["chip"] == {"C02": 1}


def test_the_list_counts_what_is_shown_under_the_name(session, maker, firm) -> None:
    ProductFactory.create_batch(2, organization=firm)
    ProductFactory(organization=firm, draft=True)
    NeedFactory(organization=maker)
    NeedFactory(organization=maker, is_owner_shown=False)
    NeedFactory(organization=maker, draft=True)

    page = directory.company_list(session, wanted=EVERYTHING, page=1)

    shown = {line.company.id: (line.n_products, line.n_postings) for line in page.items}
    assert shown == {firm.id: (2, 0), maker.id: (0, 1)}


def test_the_newest_comes_first_unless_names_are_asked_for(session, maker, firm) -> None:
    newest = directory.company_list(session, wanted=EVERYTHING, page=1).items
    by_name = directory.company_list(session, wanted=directory.DirectoryFilter(sort="name"), page=1).items

    assert [line.company.id for line in newest] == [maker.id, firm.id]
    assert [line.company.id for line in by_name] == [firm.id, maker.id]


def test_a_full_list_takes_few_queries(client, session) -> None:
    OrganizationFactory.create_batch(25)

    with count_queries() as queries:
        answer = client.get("/companies/?chip=C01&city=440300&q=广东")

    assert answer.status_code == 200
    assert len(queries) <= MOST


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "page=99999999999", "sort=nonsense", "q=" + "长" * 300, "chip="]
)
def test_nonsense_in_the_address_does_no_harm(client, maker, query) -> None:
    assert client.get(f"/companies/?{query}").status_code == 200


def test_an_empty_list_teaches_the_way_out(client, maker) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    text = client.get("/companies/?q=nothing-like-this").text

    assert "No company under these filters" in text
    assert 'href="/companies/"' in text


def test_a_choice_can_be_taken_back(client, maker) -> None:
    text = client.get("/companies/?city=440300&chip=C04").text

    assert 'href="/companies/?chip=C04"' in text
    assert 'href="/companies/?city=440300"' in text


def english(client: FlaskClient, address: str) -> str:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with count_queries() as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(queries) <= MOST
    return answer.text


def test_products_are_shown_with_links(client, firm) -> None:
    product = ProductFactory(organization=firm)
    hidden = ProductFactory(organization=firm, draft=True)

    text = english(client, f"/companies/{firm.id}")

    assert f'href="/products/{product.id}"' in text
    assert hidden.part_number not in text


def test_needs_are_shown_only_under_the_companys_name(client, maker) -> None:
    shown = NeedFactory(organization=maker, title="公开的电池采样需求")
    NeedFactory(organization=maker, title="匿名的电池采样需求", is_owner_shown=False)
    NeedFactory(organization=maker, title="草稿里的电池采样需求", draft=True)

    text = english(client, f"/companies/{maker.id}?tab=needs")

    assert f'href="/needs/{shown.id}"' in text
    assert "匿名的" not in text
    assert "草稿里的" not in text


def test_challenges_are_shown_with_links(client, maker) -> None:
    challenge = ChallengeFactory(organization=maker)

    assert f'href="/challenges/{challenge.id}"' in english(client, f"/companies/{maker.id}?tab=challenges")


def test_the_tab_that_has_something_opens_first(client, maker) -> None:
    need = NeedFactory(organization=maker)

    assert need.title in english(client, f"/companies/{maker.id}")


def test_labels_are_shown_until_their_term_runs_out(client, session, maker) -> None:
    session.add_all(
        [
            OrganizationLabel(organization_id=maker.id, code="hnte", valid_until=NOON.date()),
            OrganizationLabel(organization_id=maker.id, code="gazelle", valid_until=NOON.date() - dt.timedelta(days=1)),
        ]
    )
    session.commit()

    text = english(client, f"/companies/{maker.id}")

    assert "High and new technology enterprise" in text
    assert "Gazelle" not in text


def test_staff_figures_are_for_people_of_verified_companies(client, session, login, maker) -> None:
    stranger = english(client, f"/companies/{maker.id}")
    login(client, UserFactory(organization=OrganizationFactory(unverified=True), locale="en"))
    unverified = english(client, f"/companies/{maker.id}")
    login(client, UserFactory(organization=OrganizationFactory(), locale="en"))
    verified = english(client, f"/companies/{maker.id}")

    assert "Staff and revenue band are shown to people of verified companies." in stranger
    assert "Staff and revenue band are shown to people of verified companies." in unverified
    assert "900" in verified


def test_nobody_but_the_authority_reads_contact_and_legal_representative(client, session, login, maker) -> None:
    maker.legal_rep, maker.agent_mobile = "林某某", "13900009999"
    session.commit()
    login(client, UserFactory(organization=OrganizationFactory(), locale="en"))

    text = english(client, f"/companies/{maker.id}")

    assert "林某某" not in text
    assert "13900009999" not in text


def test_an_unverified_company_has_no_public_page(client, session) -> None:
    company = OrganizationFactory(unverified=True)

    assert client.get(f"/companies/{company.id}").status_code == 404


def test_its_own_people_and_the_desk_see_it_before(client, session, login) -> None:
    company = OrganizationFactory(unverified=True)

    login(client, UserFactory(organization=company, locale="en"))
    assert "Others cannot see this page" in english(client, f"/companies/{company.id}")
    login(client, officer(locale="en"))
    assert "Others cannot see this page" in english(client, f"/companies/{company.id}")


def test_a_company_that_does_not_exist_is_not_found(session) -> None:
    with pytest.raises(NotFound):
        directory.company_page(session, actor=ANONYMOUS, organization_id=uuid.uuid4())
