"""What may replace a product, in general and in one need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from app.catalog.models import ProductParam
from app.catalog.queries import substitutes_page
from app.core.errors import NotFound
from app.matchmaking.sheets import to_need
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    Login = Callable[..., FlaskClient]

ENGLISH = {"Accept-Language": "en"}


def chip(sleep: float, **given: Any) -> Any:
    params = [
        ProductParam(position=0, key="cell_err", max=2.0, unit="mV"),
        ProductParam(position=1, key="sleep_i", max=sleep, unit="µA"),
    ]
    return ProductFactory(params=params, **given)


@pytest.fixture
def original() -> Any:
    return chip(20.0, part_number="ORIGINAL1")


def grades(session: Session, original: Any, need: Any = None) -> list[tuple[Any, str]]:
    return [(one.id, found.grade) for one, found in substitutes_page(session, original.id, need).found]


def test_the_grades_follow_package_and_parameters(session: Session, original: Any) -> None:
    worse = chip(30.0)
    better = chip(10.0)
    other_pads = chip(20.0, package="QFN48", pins=48)

    assert grades(session, original) == [
        (better.id, "drop_in"),
        (worse.id, "pin_compatible"),
        (other_pads.id, "functional"),
    ]


def test_two_pins_that_are_swapped_make_it_no_drop_in(session: Session) -> None:
    original = chip(20.0, pin_map="1 VCC;2 GND;3 SCL;4 SDA")
    same = chip(20.0, pin_map="4 SDA\n3 scl\n2 GND\n1 VCC")
    swapped = chip(20.0, pin_map="1 VCC;2 GND;3 SDA;4 SCL")

    found = {one.id: found for one, found in substitutes_page(session, original.id).found}

    assert (found[same.id].grade, found[same.id].moved) == ("drop_in", ())
    assert found[swapped.id].grade == "functional"
    assert found[swapped.id].moved == (("3", "SCL", "SDA"), ("4", "SDA", "SCL"))


def test_the_page_shows_which_pins_do_something_else(session: Session, page: Callable[..., str]) -> None:
    original = chip(20.0, pin_map="1 VCC;2 GND")
    chip(20.0, pin_map="1 VCC;2 NC")

    text = page(f"/products/{original.id}/substitutes", headers=ENGLISH)

    assert "1 pin does something else" in text
    assert re.search(r">2</th><td[^>]*>GND</td><td[^>]*>NC</td>", text)


def test_the_page_says_when_pins_were_not_compared(session: Session, page: Callable[..., str]) -> None:
    original = chip(20.0, pin_map="1 VCC;2 GND")
    chip(20.0)

    assert "functions of the pins not stated by both" in page(f"/products/{original.id}/substitutes", headers=ENGLISH)


def test_every_difference_is_shown_with_both_values(session: Session, original: Any) -> None:
    chip(30.0)

    [(_, found)] = substitutes_page(session, original.id).found

    [difference] = [one for one in found.differences if one.key == "sleep_i"]
    assert (difference.effect, difference.arrow) == ("worse", "↑")
    assert ("20" in difference.before, "30" in difference.after) == (True, True)


def test_in_a_need_only_what_it_asks_for_counts(session: Session, original: Any) -> None:
    slower = chip(30.0, temp_max=105.0)
    need = to_need(NeedFactory(params=[], quality_grade="", temp_min=-40.0, temp_max=85.0))

    assert grades(session, original, need) == [(slower.id, "drop_in")]


def test_neighbouring_kinds_are_similar_and_drafts_are_left_out(session: Session, original: Any) -> None:
    chip(10.0, draft=True)
    chip(10.0, archived=True)
    chip(10.0, category="C0902")

    assert grades(session, original) == []


def test_a_hidden_product_has_no_page(session: Session) -> None:
    with pytest.raises(NotFound):
        substitutes_page(session, ProductFactory(draft=True).id)


def test_the_page_takes_few_queries(client: FlaskClient, session: Session, original: Any) -> None:
    for_sale = [chip(float(size)) for size in range(10, 30)]
    session.expunge_all()

    with count_queries() as statements:
        answer = client.get(f"/products/{original.id}/substitutes", headers=ENGLISH)

    assert answer.text.count('id="substitute-') == len(for_sale)
    assert "Drop-in" in answer.text
    assert len(statements) <= 12


def test_a_product_without_substitutes_leads_to_its_category(client: FlaskClient, original: Any) -> None:
    answer = client.get(f"/products/{original.id}/substitutes", headers=ENGLISH)

    assert "No substitute in the catalogue" in answer.text
    assert f"category={original.category}" in answer.text


def test_a_verified_company_judges_by_a_need(client: FlaskClient, login: Login, original: Any) -> None:
    chip(30.0)
    need = NeedFactory()
    login(client, UserFactory(organization=OrganizationFactory(chip=True), locale="en"))

    text = re.sub(r"\s+", " ", client.get(f"/products/{original.id}/substitutes?need={need.id}").text)

    assert f'Judged by what one need asks for: <a href="/needs/{need.id}"' in text


def test_who_may_not_read_requirements_is_refused(client: FlaskClient, original: Any) -> None:
    url = f"/products/{original.id}/substitutes?need="

    assert client.get(f"{url}{NeedFactory().id}").status_code == 403
    assert client.get(f"{url}{NeedFactory(draft=True).id}").status_code == 404
    assert client.get(f"{url}nonsense").status_code == 404


def test_the_product_page_leads_to_the_substitutes(client: FlaskClient, original: Any) -> None:
    chip(30.0)

    assert f'href="/products/{original.id}/substitutes"' in client.get(f"/products/{original.id}").text


def test_the_owner_of_a_pairing_and_the_desk_are_led_there(client: FlaskClient, login: Login, original: Any) -> None:
    pairing = PairingFactory(product=original)
    suggestion = SuggestionFactory(product=original)
    owner = UserFactory(organization=pairing.demand)
    supplier = UserFactory(organization=pairing.supplier)
    link = f"/products/{original.id}/substitutes?need="

    assert f"{link}{pairing.need_id}" in login(client, owner).get(f"/workspace/pairings/{pairing.id}").text
    assert link not in login(client, supplier).get(f"/workspace/pairings/{pairing.id}").text
    assert f"{link}{suggestion.need_id}" in login(client, officer()).get(f"/desk/pairings/{suggestion.id}").text
