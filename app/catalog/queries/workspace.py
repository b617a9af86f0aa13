"""A firm's own products."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from app.catalog import policy, rules
from app.catalog.content import as_input, lock_product  # noqa: F401
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.workflow import ProductState
from app.core.errors import NotFound
from app.core.paging import Page, paginate

if TYPE_CHECKING:
    import datetime as dt

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


def counts_by_state(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return how many products the actor's firm has in each state; states without one are there, too."""
    query = (
        select(ChipProduct.state, func.count())
        .where(ChipProduct.organization_id == actor.organization_id)
        .group_by(ChipProduct.state)
    )
    return {state.value: 0 for state in ProductState} | {state.value: n for state, n in session.execute(query)}


def own_products(
    session: Session, *, actor: Actor, state: ProductState | None, text: str, page: int, today: dt.date
) -> Page[OwnProduct]:
    """Return a page of the firm's products, the last changed first, in three queries."""
    query = select(ChipProduct).where(ChipProduct.organization_id == actor.organization_id)
    if state is not None:
        query = query.where(ChipProduct.state == state)
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
    return found.map(lambda product: _own(product, n_params.get(product.id, 0), today))


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


def missing_to_publish(product: ChipProduct) -> list[str]:
    """Return the English sentences of what still keeps a sheet from being published."""
    found = rules.problems(as_input(product), is_complete=True)
    return list(dict.fromkeys(f"{problem.field}" for problem in found))


def _own(product: ChipProduct, n_params: int, today: dt.date) -> OwnProduct:
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
    )
