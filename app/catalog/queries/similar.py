"""Products beside which one is chosen: of its kind, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.compliance.replacement import Parameter, Replacement, Sheet, replacements

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

SHOWN = 4
"""How many similar products a page shows."""
POOL = 60
"""How many products of the category are compared: those in the same package first, then those confirmed last."""


@dataclass(frozen=True, slots=True)
class SimilarProduct:
    """A product of the same category, with how far it could replace the one beside it."""

    id: uuid.UUID
    part_number: str
    name: str
    firm_name: str
    firm_name_en: str
    replacement: Replacement


def similar_products(session: Session, product_id: uuid.UUID) -> Sequence[SimilarProduct]:
    """Return the published products nearest to a product, in three queries; none for one without a category."""
    query = select(ChipProduct).options(joinedload(ChipProduct.organization, innerjoin=True))
    query = query.options(selectinload(ChipProduct.params))
    original = session.scalars(query.where(ChipProduct.id == product_id)).unique().one_or_none()
    if original is None or not original.category:
        return []
    others = query.where(
        ChipProduct.category == original.category,
        ChipProduct.state == ProductState.PUBLISHED,
        ChipProduct.id != product_id,
    ).order_by(
        (ChipProduct.package != original.package).asc(), ChipProduct.confirmed_on.desc().nulls_last(), ChipProduct.id
    )
    offers = {str(offer.id): offer for offer in session.scalars(others.limit(POOL)).unique()}
    nearest = replacements(_sheet(original), map(_sheet, offers.values()), SHOWN)
    return [_similar(offers[found.product_id], found) for found in nearest]


def _similar(offer: ChipProduct, found: Replacement) -> SimilarProduct:
    return SimilarProduct(
        id=offer.id,
        part_number=offer.part_number,
        name=offer.name,
        firm_name=offer.organization.legal_name_zh,
        firm_name_en=offer.organization.name_en,
        replacement=found,
    )


def _sheet(product: ChipProduct) -> Sheet:
    """Return what everybody may read of a product and a replacement is judged by."""
    return Sheet(
        id=str(product.id),
        text="",
        category=product.category,
        params=tuple(
            Parameter(row.key, row.min, row.typ, row.max, row.unit, row.value_text, row.condition)
            for row in product.params
        ),
        package=product.package,
        temp_min=product.temp_min,
        temp_max=product.temp_max,
        quality_grade=product.quality_grade,
        extras={"pins": product.pins, "size": product.size_mm, "asil": product.functional_safety or None},
    )
