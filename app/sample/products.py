"""The sample's chip products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.catalog.measures import measure
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.workflow import ProductState
from app.sample.source import Calendar, amount, number, parts, rows, sample_id, whole

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PLAIN = (
    "part_number", "category", "name", "description", "package", "size_mm", "quality_grade",
    "functional_safety", "lifecycle_stage", "stage_since", "mp_since", "foundry_region", "osat_region",
    "monthly_capacity_kpcs", "ip_core", "software", "cumulative_shipment_wan", "datasheet_url", "data_source",
    "chain_tag",
)  # fmt: skip
PUBLISHED = "2026-07-01"
"""Day on which the first product of the sample was published."""


def load_products(session: Session, calendar: Calendar) -> None:
    """Insert all products, published, with their parameters."""
    session.execute(sa.insert(ChipProduct), product_rows(calendar))
    session.execute(sa.insert(ProductParam), param_rows())


def product_rows(calendar: Calendar) -> list[dict[str, object]]:
    """Return the products as rows of their table."""
    pin_maps = {row["product_id"]: row["pin_map"] for row in rows("pin_maps.csv")}
    return [_product(place, row, pin_maps, calendar) for place, row in enumerate(rows("products.csv"))]


def _product(place: int, row: dict[str, str], pin_maps: dict[str, str], calendar: Calendar) -> dict[str, object]:
    published = calendar.morning(PUBLISHED, days=place * 3 // 4)
    return {
        **{name: row[name] for name in _PLAIN},
        "id": sample_id(row["product_id"]),
        "organization_id": sample_id(row["org_id"]),
        "state": ProductState.PUBLISHED,
        "interfaces": parts(row["interfaces"], "|"),
        "pins": whole(row["pins"]),
        "pin_map": pin_maps.get(row["product_id"], "").replace(";", "\n"),
        "temp_min": number(row["temp_min"]),
        "temp_max": number(row["temp_max"]),
        "qualifications": _records(row["qualifications"], "standard", "grade", "status", "report_no"),
        "process_node_nm": number(row["process_node_nm"]),
        "lead_time_weeks": whole(row["lead_time_weeks"]),
        "moq": whole(row["moq"]),
        "price_1k_cny": amount(row["price_1k"]),
        "price_10k_cny": amount(row["price_10k"]),
        "price_100k_cny": amount(row["price_100k"]),
        "benchmark_parts": _records(row["benchmark_parts"], "maker", "part", "relation"),
        "reference_customers": _records(row["reference_customers"], "segment", "stage", "consent"),
        "is_sample_available": row["sample_available"] == "Y",
        "confirmed_on": calendar.day(row["confirmed_on"]),
        "published_at": published,
        "created_at": published,
        "updated_at": published,
    }


def _records(text: str, *names: str) -> list[dict[str, str]]:
    return [dict(zip(names, item.split(":"), strict=True)) for item in parts(text)]


def param_rows() -> list[dict[str, object]]:
    """Return the parameters as rows of their table, each with its place in the sheet."""
    places: dict[str, int] = {}
    found = []
    for row in rows("product_params.csv"):
        place = places[row["product_id"]] = places.get(row["product_id"], -1) + 1
        found.append(_param(place, row))
    return found


def _param(place: int, row: dict[str, str]) -> dict[str, object]:
    low, typical, high = number(row["min"]), number(row["typ"]), number(row["max"])
    return {
        "id": sample_id(f"{row['product_id']} {place}"),
        "product_id": sample_id(row["product_id"]),
        "position": place,
        "key": row["key"],
        "min": low,
        "typ": typical,
        "max": high,
        "unit": row["unit"],
        "condition": row["condition"],
        "value_text": row["value_text"],
        **measured(low, typical, high, row["unit"]),
    }


def measured(low: float | None, typical: float | None, high: float | None, unit: str) -> dict[str, object]:
    """Return the columns a parameter is compared by; a bulk insert runs no listener that would set them."""
    found = measure(low, typical, high, unit)
    return {
        "dimension": found.dimension if found else "",
        "base_low": found.low if found else None,
        "base_high": found.high if found else None,
    }
