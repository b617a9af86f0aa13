"""The sample's organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import Organization, OrganizationCategory, OrganizationLabel
from app.sample.people import DOMAIN, name_of
from app.sample.source import Calendar, amount, parts, rows, sample_id, whole
from app.sample.verifications import WAITING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PLAIN = (
    "legal_name_zh", "name_en", "uscc", "org_type", "region_code", "city_code", "industry_code",
    "revenue_band_wan", "size_class", "profile",
)  # fmt: skip
JOINED = "2026-06-01"
"""Day on which the first organisation of the sample came to the portal."""


def load_organizations(session: Session, calendar: Calendar) -> list[str]:
    """Insert all organisations, verified but for those that wait; return their names in the files."""
    source = rows("organizations.csv")
    session.execute(sa.insert(Organization), [_organization(i, row, calendar) for i, row in enumerate(source)])
    session.execute(sa.insert(OrganizationCategory), [c for row in source for c in _categories(row)])
    session.execute(sa.insert(OrganizationLabel), [label for row in source for label in _labels(row, calendar)])
    return [row["org_id"] for row in source]


def _organization(place: int, row: dict[str, str], calendar: Calendar) -> dict[str, object]:
    joined = calendar.morning(JOINED, days=place // 3)
    sides = parts(row["capacities"])
    return {
        **{name: row[name] for name in _PLAIN},
        "id": sample_id(row["org_id"]),
        "is_demand": "demand" in sides,
        "is_supply": "supply" in sides,
        "is_service": "service" in sides,
        "established_on": Calendar().day(row["established_on"]),
        "registered_capital_wan": amount(row["registered_capital_wan"]),
        "employees": whole(row["employees"]),
        "rnd_staff": whole(row["rnd_staff"]),
        "legal_rep": name_of(place + 400),
        "agent_name": name_of(place + 200),
        "agent_post": "供应链经理" if "demand" in sides else "销售与应用支持经理",
        "agent_mobile": f"1380000{place:04d}",
        "agent_email": f"agent@{row['org_id'].lower()}.{DOMAIN}",
        "verified_at": None if row["org_id"] in WAITING else calendar.morning(JOINED, days=place // 3 + 2),
        "is_fictional": True,
        "created_at": joined,
        "updated_at": joined,
    }


def _categories(row: dict[str, str]) -> list[dict[str, object]]:
    codes = dict.fromkeys([*parts(row["chip_categories"]), *parts(row["terminal_categories"])])
    return [{"organization_id": sample_id(row["org_id"]), "code": code} for code in codes]


def _labels(row: dict[str, str], calendar: Calendar) -> list[dict[str, object]]:
    codes = parts(row["labels"])
    ends = row["label_valid_until"].split(";")[: len(codes)]
    return [
        {"organization_id": sample_id(row["org_id"]), "code": code, "valid_until": calendar.day(end)}
        for code, end in zip(codes, ends, strict=True)
    ]
