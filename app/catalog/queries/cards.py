"""A product in short, for lists, recommendations and digests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import codes
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.policy import is_stale

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

HIGHLIGHTS = 4


@dataclass(frozen=True, slots=True)
class ParamLine:
    """One line of a data sheet."""

    key: str
    min: float | None
    typ: float | None
    max: float | None
    unit: str
    condition: str
    text: str


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A published product as a list shows it; codes are named by ``app.catalog.labels``."""

    id: uuid.UUID
    part_number: str
    name: str
    description: str
    category: str
    package: str
    quality_grade: str
    lifecycle_stage: str
    temp_min: float | None
    temp_max: float | None
    firm_id: uuid.UUID
    firm_name: str
    firm_name_en: str
    city_code: str
    is_sample_available: bool | None
    is_stale: bool
    params: Sequence[ParamLine]
    """What says most about a product of its category comes first."""

    @property
    def highlights(self) -> Sequence[ParamLine]:
        """The few lines that tell products of the category apart."""
        return self.params[:HIGHLIGHTS]

    def param(self, key: str) -> ParamLine | None:
        """Return the line of one parameter, or None where the sheet does not state it."""
        return next((line for line in self.params if line.key == key), None)


def product_card(product: ChipProduct, today: dt.date, first: Sequence[str] = ()) -> ProductCard:
    """Return the card of a product loaded with its firm and parameters; the keys ``first`` lead its lines."""
    return ProductCard(
        id=product.id,
        part_number=product.part_number,
        name=product.name,
        description=product.description,
        category=product.category,
        package=product.package,
        quality_grade=product.quality_grade,
        lifecycle_stage=product.lifecycle_stage,
        temp_min=product.temp_min,
        temp_max=product.temp_max,
        firm_id=product.organization_id,
        firm_name=product.organization.legal_name_zh,
        firm_name_en=product.organization.name_en,
        city_code=product.organization.city_code,
        is_sample_available=product.is_sample_available,
        is_stale=is_stale(product.confirmed_on, today),
        params=_ranked([*first, *codes.parameters_of(product.category)], product.params),
    )


def product_cards(session: Session, ids: Iterable[uuid.UUID], *, today: dt.date) -> dict[uuid.UUID, ProductCard]:
    """Return the cards of these products by id, in two queries; ids that do not exist are left out."""
    query = (
        select(ChipProduct)
        .where(ChipProduct.id.in_(list(ids)))
        .options(joinedload(ChipProduct.organization, innerjoin=True), selectinload(ChipProduct.params))
    )
    return {product.id: product_card(product, today) for product in session.scalars(query).unique()}


def line(row: ProductParam) -> ParamLine:
    """Return one line of a data sheet as a view."""
    return ParamLine(row.key, row.min, row.typ, row.max, row.unit, row.condition, row.value_text)


def _ranked(keys: Sequence[str], params: Sequence[ProductParam]) -> list[ParamLine]:
    places: dict[str, int] = {}
    for key in keys:
        places.setdefault(key, len(places))
    ranked = sorted(params, key=lambda row: (places.get(row.key, len(places)), row.position))
    return [line(row) for row in ranked]
