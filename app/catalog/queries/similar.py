"""Products beside which one is chosen: of its kind, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import codes, pinout
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.compliance.replacement import Parameter, Replacement, Sheet, Substitute, replacements, substitutes_of
from app.core.errors import NotFound

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.compliance.replacement import Need

SHOWN = 4
"""How many similar products a page shows."""
POOL = 60
"""How many products of the category are compared: those in the same package first, then those confirmed last."""
WIDE_POOL, LISTED = 300, 40
"""How many products the page of substitutes compares, and how many it lists."""


@dataclass(frozen=True, slots=True)
class SimilarProduct:
    """A product of the same category, with how far it could replace the one beside it."""

    id: uuid.UUID
    part_number: str
    name: str
    firm_name: str
    firm_name_en: str
    replacement: Replacement


@dataclass(frozen=True, slots=True)
class Substitutes:
    """A product and what may replace it, best first."""

    original: SubstituteProduct
    found: Sequence[tuple[SubstituteProduct, Substitute]]
    n_compared: int


@dataclass(frozen=True, slots=True)
class SubstituteProduct:
    """A product as the page of substitutes names it."""

    id: uuid.UUID
    part_number: str
    name: str
    firm_name: str
    firm_name_en: str
    category: str
    package: str
    lifecycle_stage: str


def similar_products(session: Session, product_id: uuid.UUID) -> Sequence[SimilarProduct]:
    """Return the published products nearest to a product, in three queries; none for one without a category."""
    original = _original(session, product_id)
    if original is None or not original.category:
        return []
    offers = _others(session, original, (original.category,), POOL)
    maps = _pin_maps(original, *offers.values())
    nearest = replacements(_sheet(original), map(_sheet, offers.values()), SHOWN, maps)
    return [_similar(offers[found.product_id], found) for found in nearest]


def substitutes_page(session: Session, product_id: uuid.UUID, need: Need | None = None) -> Substitutes:
    """Return what may replace a published product, its kind and those next to it, in three queries.

    With a need only what that need asks for counts. Raises NotFound.
    """
    original = _original(session, product_id)
    if original is None or original.state is not ProductState.PUBLISHED:
        raise NotFound("There is no such product.", code="product_not_found")
    kinds = (original.category, *sorted(codes.siblings(original.category))) if original.category else ()
    offers = _others(session, original, kinds, WIDE_POOL) if kinds else {}
    maps = _pin_maps(original, *offers.values())
    found = substitutes_of(_sheet(original), map(_sheet, offers.values()), need, maps)[:LISTED]
    return Substitutes(
        _named(original), [(_named(offers[one.product_id]), one) for one in found], n_compared=len(offers)
    )


def _original(session: Session, product_id: uuid.UUID) -> ChipProduct | None:
    return session.scalars(_loaded().where(ChipProduct.id == product_id)).unique().one_or_none()


def _others(session: Session, original: ChipProduct, categories: Sequence[str], limit: int) -> dict[str, ChipProduct]:
    """Return the published products of some categories: those in the same package first, then those confirmed last."""
    query = _loaded().where(
        ChipProduct.category.in_(categories),
        ChipProduct.state == ProductState.PUBLISHED,
        ChipProduct.id != original.id,
    )
    order = (
        (ChipProduct.category != original.category).asc(),
        (ChipProduct.package != original.package).asc(),
        ChipProduct.confirmed_on.desc().nulls_last(),
        ChipProduct.id,
    )
    return {str(one.id): one for one in session.scalars(query.order_by(*order).limit(limit)).unique()}


def _loaded() -> Select[tuple[ChipProduct]]:
    query = select(ChipProduct).options(joinedload(ChipProduct.organization, innerjoin=True))
    return query.options(selectinload(ChipProduct.params))


def _named(product: ChipProduct) -> SubstituteProduct:
    return SubstituteProduct(
        id=product.id,
        part_number=product.part_number,
        name=product.name,
        firm_name=product.organization.legal_name_zh,
        firm_name_en=product.organization.name_en,
        category=product.category,
        package=product.package,
        lifecycle_stage=product.lifecycle_stage,
    )


def _similar(offer: ChipProduct, found: Replacement) -> SimilarProduct:
    return SimilarProduct(
        id=offer.id,
        part_number=offer.part_number,
        name=offer.name,
        firm_name=offer.organization.legal_name_zh,
        firm_name_en=offer.organization.name_en,
        replacement=found,
    )


def _pin_maps(*products: ChipProduct) -> dict[str, dict[str, str]]:
    """Return what the pins do of the products that state it, by id."""
    return {str(product.id): pinout.read(product.pin_map) for product in products if product.pin_map}


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
