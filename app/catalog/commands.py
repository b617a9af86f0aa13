"""What people ask of the catalogue, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ParamInput:
    """One line of a data sheet; a value that is None is unknown."""

    key: str
    min: float | None = None
    typ: float | None = None
    max: float | None = None
    unit: str = ""
    condition: str = ""
    value_text: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """A standard, its grade, and how far the part has come with it."""

    standard: str
    grade: str = ""
    status: str = "none"
    report_no: str = ""


@dataclass(frozen=True, slots=True)
class BenchmarkPart:
    """A part on the market that this one can stand in for, and how closely."""

    maker: str
    part: str
    relation: str


@dataclass(frozen=True, slots=True)
class ReferenceCustomer:
    """Where the part is in use; shown to others only with consent."""

    segment: str
    stage: str = ""
    consent: str = "N"


@dataclass(frozen=True, slots=True)
class ProductInput:
    """A whole product sheet as a person or a file states it."""

    part_number: str = ""
    category: str = ""
    name: str = ""
    description: str = ""
    interfaces: tuple[str, ...] = ()
    package: str = ""
    size_mm: str = ""
    pins: int | None = None
    pin_map: str = ""
    temp_min: float | None = None
    temp_max: float | None = None
    quality_grade: str = ""
    qualifications: tuple[Qualification, ...] = ()
    functional_safety: str = ""
    lifecycle_stage: str = ""
    mp_since: str = ""
    process_node_nm: float | None = None
    foundry_region: str = ""
    osat_region: str = ""
    monthly_capacity_kpcs: str = ""
    lead_time_weeks: int | None = None
    moq: int | None = None
    price_1k_cny: Decimal | None = None
    price_10k_cny: Decimal | None = None
    price_100k_cny: Decimal | None = None
    benchmark_parts: tuple[BenchmarkPart, ...] = ()
    ip_core: str = ""
    software: str = ""
    reference_customers: tuple[ReferenceCustomer, ...] = ()
    cumulative_shipment_wan: str = ""
    datasheet_url: str = ""
    is_sample_available: bool | None = None
    params: tuple[ParamInput, ...] = ()


SCALARS = tuple(
    field.name
    for field in fields(ProductInput)
    if field.name not in ("interfaces", "qualifications", "benchmark_parts", "reference_customers", "params")
)
GROUPS = ("qualifications", "benchmark_parts", "reference_customers")
