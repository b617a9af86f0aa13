"""A portal many times as large as the sample: every row again and again, under new names."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

CLONED = (
    "organizations", "organization_categories", "organization_labels", "users", "memberships", "chip_products",
    "product_params", "needs", "need_categories", "need_params", "challenges", "kpis", "bids", "bid_commitments",
    "suggestions", "pairings", "search_documents",
)  # fmt: skip
"""In the order in which rows refer to each other."""
RENAMED = {
    "organizations": ("legal_name_zh",),
    "users": ("email", "fs_uniquifier"),
    "chip_products": ("part_number",),
    "challenges": ("code",),
    "bids": ("receipt_code",),
}
"""Columns whose values must differ; everything else stays as it is."""
LIMITS = {"part_number": 60, "code": 20, "receipt_code": 40}


def multiply(session: Session, factor: int) -> None:
    """Make the portal ``factor`` times as large; the caller commits."""
    tables = {name: metadata.tables[name] for name in CLONED}
    kept = {name: [dict(row) for row in session.execute(sa.select(table)).mappings()] for name, table in tables.items()}
    known = {value for rows in kept.values() for row in rows for value in row.values() if isinstance(value, uuid.UUID)}
    known &= {row["id"] for name, rows in kept.items() if "id" in tables[name].c for row in rows}
    for number in range(1, factor):
        for name, table in tables.items():
            fresh = list(_copies(name, kept[name], known, number))
            if fresh:
                session.execute(sa.insert(table), fresh)


def _copies(name: str, rows: list[dict[str, Any]], known: set[Any], number: int) -> Iterator[dict[str, Any]]:
    for row in rows:
        copy = {column: _moved(value, known, number) for column, value in row.items()}
        for column in RENAMED.get(name, ()):
            if copy[column]:
                copy[column] = f"{number}x{copy[column]}"[: LIMITS.get(column)]
        if name == "organizations":
            copy["uscc"] = None
        if name == "search_documents":
            del copy["id"]
        yield copy


def _moved(value: Any, known: set[Any], number: int) -> Any:
    return uuid.uuid5(value, str(number)) if isinstance(value, uuid.UUID) and value in known else value
