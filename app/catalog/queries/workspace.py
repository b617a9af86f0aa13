"""A firm's own products."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import selectinload

from app.catalog import policy, rules
from app.catalog.content import as_input
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.workflow import ProductState
from app.core.errors import NotFound
from app.core.paging import Page, paginate

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """A product in its firm's own list."""

    id: uuid.UUID
    part_number: str
    name: str
    category: str
    lifecycle_stage: str
    state: ProductState
    n_params: int
    confirmed_on: dt.date | None
    is_stale: bool
    updated_at: dt.datetime
    version: int


TABS = ("all", "published", "stale", "draft", "archived")


def tab_counts(session: Session, *, actor: Actor, today: dt.date) -> dict[str, int]:
    """Return how many products the actor's firm has under each tab, in one query."""
    n_stale = func.sum(case((_is_stale(today), 1), else_=0))
    query = (
        select(ChipProduct.state, func.count(), n_stale)
        .where(ChipProduct.organization_id == actor.organization_id)
        .group_by(ChipProduct.state)
    )
    counts = dict.fromkeys(TABS, 0)
    for state, n, stale in session.execute(query):
        counts[state.value] = n
        counts["all"] += n
        counts["stale"] += stale if state is ProductState.PUBLISHED else 0
    return counts


def own_products(session: Session, *, actor: Actor, tab: str, text: str, page: int, today: dt.date) -> Page[OwnProduct]:
    """Return a page of the firm's products, the last changed first, in three queries."""
    query = select(ChipProduct).where(ChipProduct.organization_id == actor.organization_id)
    if tab == "stale":
        query = query.where(ChipProduct.state == ProductState.PUBLISHED, _is_stale(today))
    elif tab != "all":
        query = query.where(ChipProduct.state == ProductState(tab))
    if text:
        columns = (ChipProduct.part_number, ChipProduct.name)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    found = paginate(session, query.order_by(ChipProduct.updated_at.desc(), ChipProduct.id), number=page)
    counted = (
        select(ProductParam.product_id, func.count())
        .where(ProductParam.product_id.in_([product.id for product in found.items]))
        .group_by(ProductParam.product_id)
    )
    n_params = dict(session.execute(counted).tuples().all())
    return found.map(lambda product: own_view(product, n_params.get(product.id, 0), today))


def own_product(session: Session, *, actor: Actor, product_id: uuid.UUID) -> ChipProduct:
    """Return a product of the actor's firm with its parameters, for its form. Raises NotFound."""
    query = (
        select(ChipProduct)
        .where(ChipProduct.id == product_id, ChipProduct.organization_id == actor.organization_id)
        .options(selectinload(ChipProduct.params))
        .execution_options(populate_existing=True)
    )
    product = session.scalars(query).one_or_none()
    if product is None:
        raise NotFound("There is no such product.", code="product_not_found")
    return product


def missing_to_publish(product: ChipProduct) -> list[rules.Problem]:
    """Return what still keeps a sheet with its loaded parameters from being published."""
    return rules.problems(as_input(product), is_complete=True)


def own_view(product: ChipProduct, n_params: int, today: dt.date) -> OwnProduct:
    """Return a product as its own firm's pages show it."""
    return OwnProduct(
        id=product.id,
        part_number=product.part_number,
        name=product.name,
        category=product.category,
        lifecycle_stage=product.lifecycle_stage,
        state=product.state,
        n_params=n_params,
        confirmed_on=product.confirmed_on,
        is_stale=product.state is ProductState.PUBLISHED and policy.is_stale(product.confirmed_on, today),
        updated_at=product.updated_at,
        version=product.version,
    )


def _is_stale(today: dt.date) -> ColumnElement[bool]:
    """Say in SQL what ``policy.is_stale`` says."""
    return or_(ChipProduct.confirmed_on.is_(None), ChipProduct.confirmed_on < today - policy.STALE_AFTER)
