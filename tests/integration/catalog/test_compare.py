"""Products side by side, in one unit."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from app.catalog.models import ProductParam
from app.catalog.queries import compare, picked
from app.core.actor import ANONYMOUS
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.catalog.queries import Comparison
    from app.catalog.queries.compare import ComparisonRow

TODAY = NOON.date()


def chip(*lines: dict[str, Any], **values: Any) -> ChipProduct:
    params = [ProductParam(position=place, **line) for place, line in enumerate(lines)]
    product: ChipProduct = ProductFactory(params=params, **values)
    return product


def side_by_side(session: Session, *products: ChipProduct) -> Comparison:
    return compare(session, actor=ANONYMOUS, ids=[product.id for product in products], today=TODAY)


def row_of(comparison: Comparison, key: str) -> ComparisonRow:
    return next(row for row in comparison.rows if row.key == key)


def test_products_stand_in_the_order_asked_for(session: Session) -> None:
    first, second = chip(), chip()

    comparison = side_by_side(session, second, first, second)

    assert [sheet.id for sheet in comparison.products] == [second.id, first.id]


def test_four_at_most_and_published_ones_only(session: Session) -> None:
    hidden = chip(draft=True)
    shown = [chip() for _ in range(5)]

    comparison = side_by_side(session, hidden, *shown)

    assert [sheet.id for sheet in comparison.products] == [product.id for product in shown[:3]]


def test_a_row_is_in_the_unit_of_its_first_product(session: Session) -> None:
    left = chip({"key": "sleep_i", "typ": 2.0, "unit": "µA"})
    right = chip({"key": "sleep_i", "typ": 850.0, "unit": "nA"})

    row = row_of(side_by_side(session, left, right), "sleep_i")

    assert row.unit == "µA"
    assert [cell[0].typ for cell in row.cells] == [2.0, pytest.approx(0.85)]
    assert row.differs


def test_the_same_value_in_another_unit_is_no_difference(session: Session) -> None:
    left = chip({"key": "sleep_i", "typ": 0.3, "unit": "µA"})
    right = chip({"key": "sleep_i", "typ": 300.0, "unit": "nA"})

    assert not row_of(side_by_side(session, left, right), "sleep_i").differs


def test_what_cannot_be_compared_keeps_its_unit(session: Session) -> None:
    left = chip({"key": "own_name", "typ": 1.0, "unit": "V"})
    right = chip({"key": "own_name", "typ": 1.0, "unit": "mA"})

    row = row_of(side_by_side(session, left, right), "own_name")

    assert row.unit == ""
    assert [cell[0].unit for cell in row.cells] == ["V", "mA"]
    assert row.differs


def test_what_one_sheet_does_not_state_is_an_empty_cell_further_down(session: Session) -> None:
    left = chip({"key": "own_name", "typ": 1.0}, {"key": "vin", "typ": 12.0, "unit": "V"})
    right = chip({"key": "vin", "typ": 12.0, "unit": "V"})

    comparison = side_by_side(session, left, right)

    assert [row.key for row in comparison.rows] == ["vin", "own_name"]
    assert row_of(comparison, "own_name").cells[1] == []


def test_a_parameter_stated_under_two_conditions_keeps_both(session: Session) -> None:
    lines = [{"key": "eff", "typ": 95.0, "unit": "%", "condition": "1 A"},
             {"key": "eff", "typ": 90.0, "unit": "%", "condition": "5 A"}]  # fmt: skip

    row = row_of(side_by_side(session, chip(*lines)), "eff")

    assert [line.condition for line in row.cells[0]] == ["1 A", "5 A"]


def test_supply_facts_are_left_out_for_the_public(session: Session) -> None:
    product = chip(moq=500)

    comparison = side_by_side(session, product)

    assert comparison.products[0].supply is None


def test_verified_companies_compare_supply_facts(session: Session) -> None:
    product = chip(moq=500)
    actor = UserFactory(organization=OrganizationFactory(terminal=True)).as_actor()

    comparison = compare(session, actor=actor, ids=[product.id], today=TODAY)

    assert comparison.products[0].supply is not None
    assert comparison.products[0].supply.moq == 500


def test_prices_are_compared_of_the_firms_one_has_an_agreement_with(session: Session) -> None:
    pairing = PairingFactory(under_nda=True, product=chip(price_1k_cny=Decimal("3.02")))
    stranger = chip(price_1k_cny=Decimal("2.50"))
    actor = UserFactory(organization=pairing.demand).as_actor()

    comparison = compare(session, actor=actor, ids=[pairing.product.id, stranger.id], today=TODAY)

    known, unknown = comparison.products
    assert known.terms is not None
    assert known.terms.price_1k_cny == Decimal("3.02")
    assert unknown.terms is None


def test_a_comparison_by_a_company_takes_one_query_more(session: Session) -> None:
    ids = [chip().id for _ in range(4)]
    actor = UserFactory(organization=OrganizationFactory(terminal=True)).as_actor()
    session.expunge_all()

    with count_queries() as queries:
        compare(session, actor=actor, ids=ids, today=TODAY)

    assert len(queries) == 3


def test_a_comparison_takes_two_queries(session: Session) -> None:
    ids = [chip({"key": "vin", "typ": 12.0, "unit": "V"}).id for _ in range(4)]
    session.expunge_all()

    with count_queries() as queries:
        compare(session, actor=ANONYMOUS, ids=ids, today=TODAY)

    assert len(queries) == 2


def test_nothing_asked_for_is_an_empty_comparison(session: Session) -> None:
    assert side_by_side(session).products == []


def test_picks_are_published_products_in_their_order(session: Session) -> None:
    first, hidden, second = chip(), chip(archived=True), chip()

    picks = picked(session, [second.id, hidden.id, uuid.uuid4(), first.id])

    assert [one.id for one in picks] == [second.id, first.id]
