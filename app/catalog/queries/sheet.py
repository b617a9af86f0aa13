"""One product with everything its reader may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import pinout, policy
from app.catalog.models import ChipProduct
from app.catalog.queries.cards import ParamLine, line
from app.catalog.workflow import ProductState
from app.core.errors import NotFound

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.core.policy import Decision


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """What only verified companies read."""

    moq: int | None
    lead_time_weeks: int | None
    monthly_capacity_kpcs: str
    cumulative_shipment_wan: str
    process_node_nm: float | None
    ip_core: str


@dataclass(frozen=True, slots=True)
class ConfidentialFacts:
    """What only companies introduced to the firm read; the numbers of reports stand with the qualifications."""

    price_1k_cny: Decimal | None
    price_10k_cny: Decimal | None
    price_100k_cny: Decimal | None
    foundry_region: str
    osat_region: str


F = TypeVar("F", SupplyFacts, ConfidentialFacts)


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """A product sheet; ``supply`` and ``terms`` are None where the reader may not see them, ``…_access`` says why."""

    id: uuid.UUID
    state: ProductState
    version: int
    part_number: str
    name: str
    description: str
    category: str
    package: str
    size_mm: str
    pins: int | None
    pin_map: Mapping[str, str]
    temp_min: float | None
    temp_max: float | None
    quality_grade: str
    functional_safety: str
    lifecycle_stage: str
    mp_since: str
    interfaces: Sequence[str]
    software: str
    datasheet_url: str
    is_sample_available: bool | None
    data_source: str
    confirmed_on: dt.date | None
    is_stale: bool
    published_at: dt.datetime | None
    updated_at: dt.datetime
    params: Sequence[ParamLine]
    qualifications: Sequence[dict[str, Any]]
    benchmark_parts: Sequence[dict[str, Any]]
    reference_customers: Sequence[dict[str, Any]]
    firm_id: uuid.UUID
    firm_name: str
    firm_name_en: str
    firm_profile: str
    city_code: str
    is_firm_verified: bool
    supply: SupplyFacts | None
    supply_access: Decision
    terms: ConfidentialFacts | None
    terms_access: Decision


def product_sheet(session: Session, *, actor: Actor, product_id: uuid.UUID, today: dt.date) -> ProductSheet:
    """Return one product in three queries at most. Raises NotFound when there is none that the actor may know of."""
    query = (
        select(ChipProduct)
        .where(ChipProduct.id == product_id)
        .options(joinedload(ChipProduct.organization, innerjoin=True), selectinload(ChipProduct.params))
        # A page may be rendered after a refused write in the same session: read what is stored.
        .execution_options(populate_existing=True)
    )
    product = session.scalars(query).unique().one_or_none()
    if product is None or not policy.can_read(actor, product.organization_id, product.state):
        raise NotFound("There is no such product.", code="product_not_found")
    introduced = policy.introduced_firms(session, actor, [product.organization_id])
    return to_sheet(product, actor, today, introduced)


def to_sheet(
    product: ChipProduct, actor: Actor, today: dt.date, introduced: Collection[uuid.UUID] = ()
) -> ProductSheet:
    """Return the view of a product loaded with its firm and parameters, cut to what the actor may read.

    ``introduced`` are the firms that the actor's company was introduced to.
    """
    access = policy.can_read_supply_facts(actor, product.organization_id)
    terms_access = policy.can_read_confidential_facts(
        actor, product.organization_id, is_introduced=product.organization_id in introduced
    )
    is_own = actor.belongs_to(product.organization_id)
    references = [entry for entry in product.reference_customers if is_own or entry.get("consent") == "Y"]
    firm = product.organization
    same = ("id", "state", "version", "part_number", "name", "description", "category", "package", "size_mm", "pins",
            "temp_min", "temp_max", "quality_grade", "functional_safety", "lifecycle_stage", "mp_since", "interfaces",
            "software", "datasheet_url", "is_sample_available", "data_source", "confirmed_on", "published_at",
            "updated_at", "benchmark_parts")  # fmt: skip
    return ProductSheet(
        **{name: getattr(product, name) for name in same},
        is_stale=policy.is_stale(product.confirmed_on, today),
        pin_map=pinout.read(product.pin_map),
        params=[line(row) for row in product.params],
        qualifications=[entry if terms_access else {**entry, "report_no": ""} for entry in product.qualifications],
        reference_customers=references,
        firm_id=firm.id,
        firm_name=firm.legal_name_zh,
        firm_name_en=firm.name_en,
        firm_profile=firm.profile,
        city_code=firm.city_code,
        is_firm_verified=firm.is_verified,
        supply=_facts(SupplyFacts, product) if access else None,
        supply_access=access,
        terms=_facts(ConfidentialFacts, product) if terms_access else None,
        terms_access=terms_access,
    )


def _facts(kind: type[F], product: ChipProduct) -> F:
    return kind(**{field.name: getattr(product, field.name) for field in fields(kind)})
