"""Products beside a product, on its public page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.catalog import queries
from tests.factories.catalog import ProductFactory
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def product() -> ChipProduct:
    """A battery monitor with parameters."""
    found: ChipProduct = ProductFactory(complete=True)
    return found


def test_the_nearest_product_comes_first(session: Session, product: ChipProduct) -> None:
    other_pads = ProductFactory(complete=True, package="QFN48", pins=48)
    twin = ProductFactory(complete=True)

    found = queries.similar_products(session, product.id)

    assert [(one.id, one.replacement.grade) for one in found] == [(twin.id, "drop_in"), (other_pads.id, "functional")]


def test_other_kinds_and_unpublished_products_are_left_out(session: Session, product: ChipProduct) -> None:
    ProductFactory(complete=True, draft=True)
    ProductFactory(complete=True, archived=True)
    ProductFactory(complete=True, category="C0902")

    assert queries.similar_products(session, product.id) == []


def test_four_are_shown_at_most_in_few_queries(session: Session, product: ChipProduct) -> None:
    ProductFactory.create_batch(6, complete=True)
    session.expunge_all()

    with count_queries() as statements:
        found = queries.similar_products(session, product.id)

    assert len(found) == 4
    assert len(statements) <= 4


def test_the_page_names_what_is_not_stated(page: Callable[..., str], product: ChipProduct) -> None:
    silent = ProductFactory()

    with count_queries() as statements:
        text = page(f"/products/{product.id}", headers=ENGLISH)

    assert "Similar products" in text
    assert f"/products/{silent.id}" in text
    assert "Pin-compatible" in text
    assert len(statements) <= 12


def test_a_product_alone_in_its_category_has_no_such_panel(page: Callable[..., str], product: ChipProduct) -> None:
    assert "Similar products" not in page(f"/products/{product.id}", headers=ENGLISH)
