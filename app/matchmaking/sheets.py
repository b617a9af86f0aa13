"""Rows of the database as the plain values that ``matching`` understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.matchmaking.models import LexiconEntry
from matching.compliance import requirements_of
from matching.lexicon import Concept
from matching.records import Need as NeedRecord
from matching.records import Parameter, Requirement, Sheet
from matching.taxonomy import added_categories

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

BATCH = 500
UNOFFERED_STAGES = ("last_time_buy", "eol")


def matchable_products() -> Select[tuple[ChipProduct]]:
    """Return the products that may be suggested: published, orderable, of verified chip firms."""
    return (
        select(ChipProduct)
        .join(Organization, Organization.id == ChipProduct.organization_id)
        .where(
            ChipProduct.state == ProductState.PUBLISHED,
            ChipProduct.lifecycle_stage.not_in(UNOFFERED_STAGES),
            Organization.is_supply,
            Organization.verified_at.is_not(None),
        )
    )


def matchable_needs() -> Select[tuple[Need]]:
    """Return the needs and challenges that are open."""
    return select(Need).where(Need.state == PostingState.PUBLISHED)


def load_sheets(session: Session, product_ids: Iterable[uuid.UUID] | None = None) -> Iterator[Sheet]:
    """Yield the sheets of matchable products, streamed in batches; all of them unless ids are given."""
    query = matchable_products().options(selectinload(ChipProduct.params)).order_by(ChipProduct.id)
    if product_ids is not None:
        query = query.where(ChipProduct.id.in_(list(product_ids)))
    for product in session.scalars(query.execution_options(yield_per=BATCH)):
        yield to_sheet(product)


def load_needs(session: Session, need_ids: Iterable[uuid.UUID]) -> list[Need]:
    """Return open needs with all that matching reads, in order of id."""
    query = (
        matchable_needs()
        .where(Need.id.in_(list(need_ids)))
        .options(selectinload(Need.params), selectinload(Need.categories))
        .order_by(Need.id)
    )
    return list(session.scalars(query).unique())


def load_lexicon(session: Session) -> tuple[Concept, ...]:
    """Return the words that administrators taught and the names of categories they added, as the engine takes them."""
    entries = session.scalars(select(LexiconEntry).order_by(LexiconEntry.created_at, LexiconEntry.id))
    taught = (
        Concept(tuple(entry.zh.splitlines()), tuple(entry.en.splitlines()), (entry.code,) if entry.code else ())
        for entry in entries
    )
    return (*taught, *(Concept((one.zh,), (one.en,), (one.code,)) for one in added_categories()))


def to_sheet(product: ChipProduct) -> Sheet:
    """Return one product with its loaded parameters."""
    qualifications = " ".join(
        f"{entry.get('standard', '')} {entry.get('grade', '')}" for entry in product.qualifications
    )
    segments = " ".join(str(entry.get("segment", "")) for entry in product.reference_customers)
    benchmarks = " ".join(f"{entry.get('maker', '')} {entry.get('part', '')}" for entry in product.benchmark_parts)
    price = product.price_100k_cny or product.price_10k_cny or product.price_1k_cny
    return Sheet(
        id=str(product.id),
        text="\n".join(filter(None, [product.description, product.software, qualifications, segments, benchmarks])),
        title=f"{product.part_number} {product.name}",
        firm=str(product.organization_id),
        category=product.category,
        lang="zh",
        params=tuple(
            Parameter(
                key=row.key,
                min=row.min,
                typ=row.typ,
                max=row.max,
                unit=row.unit,
                text=row.value_text,
                condition=row.condition,
            )
            for row in product.params
        ),
        interfaces=tuple(product.interfaces),
        package=product.package,
        temp_min=product.temp_min,
        temp_max=product.temp_max,
        quality_grade=product.quality_grade,
        lifecycle_stage=product.lifecycle_stage,
        extras={
            "price": float(price) if price is not None else None,
            "lead_time": product.lead_time_weeks,
            "asil": product.functional_safety or None,
            "area": _area(product.size_mm),
        },
    )


def to_need(need: Need) -> NeedRecord:
    """Return one need with its loaded requirements and categories."""
    return NeedRecord(
        id=str(need.id),
        text="\n".join(
            filter(
                None,
                [
                    need.end_product,
                    need.subsystem,
                    need.use_description,
                    need.software_needs,
                    " ".join(need.qual_standards),
                    need.pin_compat_with,
                ],
            )
        ),
        title=need.title,
        lang="zh",
        terminal_category=need.terminal_category,
        categories=tuple(category.code for category in need.categories),
        params=tuple(
            Requirement(row.key, row.op, row.value, row.unit, must=row.is_must, condition=row.condition)
            for row in need.params
        ),
        temp_min=need.temp_min,
        temp_max=need.temp_max,
        quality_grade=need.quality_grade,
        volume_kpcs=need.annual_volume_kpcs,
    )


def requirements(need: Need) -> tuple[Requirement, ...]:
    """Return everything a sheet is held against: the typed requirements, temperature and grade."""
    return requirements_of(to_need(need))


def _area(size_mm: str) -> float | None:
    """Return mm² of a size like ``9.0×9.0``; None when it is not of that form."""
    length, separator, width = size_mm.lower().replace("x", "×").partition("×")
    try:
        return float(length) * float(width) if separator else None
    except ValueError:
        return None
