"""The public pages of the catalogue."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries
from tests.support.reading import tells

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

ENGLISH = {"Accept-Language": "en"}
CHINESE = {"Accept-Language": "zh-CN"}
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(("headers", "language"), [(ENGLISH, "en"), (CHINESE, "zh-Hans-CN")])
def test_the_list_speaks_both_languages(page: Callable[..., str], headers: dict[str, str], language: str) -> None:
    ProductFactory(part_number="CB18", complete=True)

    text = page("/products/", headers=headers)

    assert f'<html lang="{language}"' in text
    assert "CB18" in text


def test_the_list_takes_few_queries(client: FlaskClient, session: Session) -> None:
    ProductFactory.create_batch(21, complete=True)

    with count_queries() as queries:
        client.get("/products/?category=C04&param=cells:covers:10~16:串&view=table")

    assert len(queries) <= 6


def test_somebody_logged_in_sees_the_list_in_twelve_queries_at_most(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    product = ProductFactory(complete=True)
    login(client, UserFactory(organization=OrganizationFactory(terminal=True)))
    client.post("/products/compare/picks", data={"add": str(product.id)})

    with count_queries() as queries:
        client.get("/products/")

    assert len(queries) <= 12


def test_an_empty_catalogue_says_what_comes_next(page: Callable[..., str]) -> None:
    assert "No chip has been published yet" in page("/products/", headers=ENGLISH)


def test_a_list_narrowed_to_nothing_offers_the_whole(page: Callable[..., str]) -> None:
    ProductFactory()

    assert "No chip fits all of this" in page("/products/?q=nothing+like+it", headers=ENGLISH)


def test_a_filled_in_condition_gets_an_address(client: FlaskClient, session: Session) -> None:
    answer = client.get("/products/?category=C04&key=vin&op=covers&value=3~36 V&unit=")

    assert answer.status_code == 302
    assert "category=C04" in answer.location
    assert "param=vin:covers:3~36:V" in answer.location


def test_chips_say_what_narrows(page: Callable[..., str]) -> None:
    ProductFactory(complete=True)

    text = page("/products/?category=C0407&param=sleep_i:<=:1:mA&q=x", headers=ENGLISH)

    assert "Sleep current at most 1\u202fmA" in text
    assert "Battery AFE / fuel gauge" in text


def test_a_condition_that_is_left_out_says_why(page: Callable[..., str]) -> None:
    ProductFactory(part_number="CB18")

    text = page("/products/?param=vin:>=:abc:V", headers=ENGLISH)

    assert "is left out: This is no number." in text
    assert "CB18" in text


@pytest.mark.parametrize(
    "query",
    [
        f"q={SCRIPT}",
        f"param=vin:>=:{SCRIPT}:V",
        f"param={SCRIPT}:>=:1:V",
        f"category={SCRIPT}",
        f"city={SCRIPT}&grade={SCRIPT}&stage={SCRIPT}",
        f"sort={SCRIPT}&view={SCRIPT}&page={SCRIPT}&firm={SCRIPT}",
        "param=vin:>=:NaN:V&param=vin:>=:Infinity:V&param=vin:>=:1e999:V",
        "q=" + "x" * 5000,
        "page=99999999999999999999",
        "page=-1",
        "q=%00",
        "param=:::",
    ],
)
def test_bad_input_breaks_nothing(page: Callable[..., str], query: str) -> None:
    ProductFactory(complete=True)

    text = page(f"/products/?{query}")

    assert SCRIPT not in text


def test_text_of_a_sheet_is_never_mark_up(page: Callable[..., str]) -> None:
    product = ProductFactory(name=SCRIPT, description=SCRIPT, software=SCRIPT)

    assert SCRIPT not in page("/products/")
    assert SCRIPT not in page(f"/products/{product.id}")
    assert SCRIPT not in page(f"/products/compare?id={product.id}")


def test_a_sheet_shows_its_typed_parameters(page: Callable[..., str]) -> None:
    product = ProductFactory(complete=True)

    text = re.sub(r"\s+", " ", page(f"/products/{product.id}", headers=ENGLISH))

    assert '<th scope="row">Cells in series</th> <td class="num">8</td>' in text
    assert "SM2, SM4" in text
    assert "25℃" in text


@pytest.mark.parametrize("headers", [ENGLISH, CHINESE])
def test_a_sheet_takes_few_queries(client: FlaskClient, session: Session, headers: dict[str, str]) -> None:
    product = ProductFactory(complete=True)

    with count_queries() as queries:
        answer = client.get(f"/products/{product.id}", headers=headers)

    assert answer.status_code == 200
    assert len(queries) <= 5


def test_supply_facts_are_hidden_from_the_public_with_the_way_to_them(page: Callable[..., str]) -> None:
    product = ProductFactory(moq=4321)

    text = page(f"/products/{product.id}", headers=ENGLISH)

    assert not tells(text, "4321")
    assert "Log in to read them" in text
    assert 'href="/account/login"' in text


def test_verified_companies_read_supply_facts(
    client: FlaskClient, page: Callable[..., str], login: Callable[..., Any]
) -> None:
    product = ProductFactory(moq=4321)
    login(client, UserFactory(organization=OrganizationFactory(terminal=True)))

    assert tells(page(f"/products/{product.id}"), "4321")


CONFIDENTIAL: dict[str, Any] = {
    "price_10k_cny": Decimal("8765.5"),
    "foundry_region": "境内",
    "qualifications": [{"standard": "AEC-Q100", "grade": "G1", "status": "passed", "report_no": "RPT-20261"}],
}


def test_prices_origin_and_reports_are_hidden_from_companies_without_an_agreement(
    client: FlaskClient, page: Callable[..., str], login: Callable[..., Any]
) -> None:
    product = ProductFactory(**CONFIDENTIAL)
    login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))

    text = page(f"/products/{product.id}").replace("\u2009", "")

    assert "AEC-Q100" in text
    assert not tells(text, "8765.5")
    assert "Wafer fab" not in text
    assert "RPT-20261" not in text
    assert "once you and the firm have signed a confidentiality agreement" in text


def test_companies_under_an_agreement_read_prices_origin_and_reports(
    client: FlaskClient, page: Callable[..., str], login: Callable[..., Any]
) -> None:
    pairing = PairingFactory(under_nda=True, product=ProductFactory(**CONFIDENTIAL))
    login(client, UserFactory(organization=pairing.demand, locale="en"))

    text = page(f"/products/{pairing.product.id}").replace("\u2009", "")

    assert tells(text, "8765.5")
    assert "Wafer fab" in text
    assert "RPT-20261" in text


@pytest.mark.parametrize("progress", [{"demand_accepted_at": NOON}, {"introduced": True}])
def test_a_pairing_without_an_agreement_shows_no_price(
    client: FlaskClient, page: Callable[..., str], login: Callable[..., Any], progress: dict[str, Any]
) -> None:
    pairing = PairingFactory(product=ProductFactory(**CONFIDENTIAL), **progress)
    login(client, UserFactory(organization=pairing.demand))

    assert not tells(page(f"/products/{pairing.product.id}"), "8765.5")


def test_unverified_companies_are_sent_to_their_verification(
    client: FlaskClient, page: Callable[..., str], login: Callable[..., Any]
) -> None:
    product = ProductFactory(moq=4321)
    login(client, UserFactory(organization=OrganizationFactory(terminal=True, unverified=True), locale="en"))

    text = page(f"/products/{product.id}")

    assert not tells(text, "4321")
    assert 'href="/workspace/company/"' in text


def test_uses_without_consent_stay_with_the_firm(page: Callable[..., str]) -> None:
    uses = [
        {"segment": "公开客户", "stage": "量产", "consent": "Y"},
        {"segment": "保密客户", "stage": "", "consent": "N"},
    ]
    product = ProductFactory(reference_customers=uses)

    text = page(f"/products/{product.id}")

    assert "公开客户" in text
    assert "保密客户" not in text


def test_a_stale_sheet_is_marked(page: Callable[..., str]) -> None:
    product = ProductFactory(confirmed_on=NOON.date() - dt.timedelta(days=181))

    assert "To be brought up to date" in page(f"/products/{product.id}", headers=ENGLISH)


@pytest.mark.parametrize("trait", ["draft", "archived"])
def test_a_hidden_sheet_is_not_there_for_others(page: Callable[..., str], trait: str) -> None:
    product = ProductFactory(**{trait: True})

    page(f"/products/{product.id}", status=404)


def test_its_own_firm_sees_a_draft_as_others_will(
    client: FlaskClient, page: Callable[..., str], login: Callable[..., Any]
) -> None:
    product = ProductFactory(draft=True)
    login(client, UserFactory(organization=product.organization, locale="en"))

    assert "Only your company sees this sheet" in page(f"/products/{product.id}")


def test_picks_are_kept_from_page_to_page(client: FlaskClient, page: Callable[..., str]) -> None:
    first, second = ProductFactory(part_number="P1"), ProductFactory(part_number="P2")

    client.post("/products/compare/picks", data={"add": str(first.id)})
    answer = client.post("/products/compare/picks", data={"add": str(second.id), "next": "/products/?q=a"})

    assert (answer.status_code, answer.location) == (303, "/products/?q=a")
    assert f"/products/compare?id={first.id}&amp;id={second.id}" in page(f"/products/{first.id}")


def test_a_fifth_pick_is_refused_in_words(client: FlaskClient, page: Callable[..., str]) -> None:
    products = ProductFactory.create_batch(5, organization=OrganizationFactory(chip=True))
    for product in products[:4]:
        client.post("/products/compare/picks", data={"add": str(product.id)})

    client.post("/products/compare/picks", data={"add": str(products[4].id)})

    assert "Four products at most" in page("/products/", headers=ENGLISH)


def test_a_pick_is_taken_out_again(client: FlaskClient, page: Callable[..., str]) -> None:
    product = ProductFactory()
    client.post("/products/compare/picks", data={"add": str(product.id)})

    client.post("/products/compare/picks", data={"drop": str(product.id)})

    assert "picks-bar" not in page("/products/")


@pytest.mark.parametrize("data", [{"add": "x"}, {"drop": "x"}, {}, {"add": "00000000-0000-0000-0000-000000000000"}])
def test_nonsense_is_not_picked(client: FlaskClient, page: Callable[..., str], data: dict[str, str]) -> None:
    client.post("/products/compare/picks", data=data)

    assert "picks-bar" not in page("/products/")


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/products//evil.example", "/\\evil"])
def test_picking_leads_nowhere_else(client: FlaskClient, session: Session, target: str) -> None:
    answer = client.post("/products/compare/picks", data={"next": target})

    assert answer.location == "/products/"


def test_a_comparison_marks_where_chips_differ(page: Callable[..., str]) -> None:
    left, right = ProductFactory(package="QFN-40"), ProductFactory(package="LQFP-64")

    text = page(f"/products/compare?id={left.id}&id={right.id}", headers=ENGLISH)

    assert text.count("comparison__row--differs") == 1
    assert "The chips differ here" in text


def test_a_comparison_can_show_differences_only(page: Callable[..., str]) -> None:
    left, right = ProductFactory(package="QFN-40"), ProductFactory(package="LQFP-64")

    text = page(f"/products/compare?id={left.id}&id={right.id}&only=differences", headers=ENGLISH)

    assert text.count('class="comparison__row') == 1


def test_a_comparison_says_what_it_leaves_out(page: Callable[..., str]) -> None:
    shown, hidden = ProductFactory(), ProductFactory(draft=True, part_number="SECRET9")

    text = page(f"/products/compare?id={shown.id}&id={hidden.id}", headers=ENGLISH)

    assert "SECRET9" not in text
    assert "is left out" in text


@pytest.mark.parametrize("query", ["", "?id=x", "?id=00000000-0000-0000-0000-000000000000"])
def test_an_empty_comparison_says_how_to_begin(page: Callable[..., str], query: str) -> None:
    assert "Nothing to compare yet" in page(f"/products/compare{query}", headers=ENGLISH)


@pytest.mark.parametrize("headers", [ENGLISH, CHINESE])
def test_a_comparison_takes_few_queries(client: FlaskClient, session: Session, headers: dict[str, str]) -> None:
    products = ProductFactory.create_batch(4, complete=True)
    query = "&".join(f"id={product.id}" for product in products)

    with count_queries() as queries:
        answer = client.get(f"/products/compare?{query}", headers=headers)

    assert answer.status_code == 200
    assert len(queries) <= 3


def test_conditions_typed_into_the_search_become_part_of_the_address(client: FlaskClient, session: Session) -> None:
    answer = client.get("/products/", query_string={"q": "电池 Vin>=36V", "view": "table"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/products/?")
    assert "param=vin:%3E%3D:36:V" in answer.headers["Location"]
    assert "view=table" in answer.headers["Location"]
    assert "36V" not in answer.headers["Location"]
