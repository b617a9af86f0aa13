"""Chip products with typed parameters, and their imports."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.catalog.measures import measure
from app.catalog.workflow import ImportState, ProductState
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column


class ChipProduct(Model):
    """One orderable part of one firm; an empty value is unknown, never a fail."""

    __tablename__ = "chip_products"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "part_number"),
        sa.CheckConstraint("temp_min IS NULL OR temp_max IS NULL OR temp_min <= temp_max", name="temperature_order"),
        sa.CheckConstraint("lead_time_weeks IS NULL OR lead_time_weeks >= 0", name="lead_time_not_negative"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at_when_published"),
        sa.Index("ix_chip_products_state_category", "state", "category"),
        sa.Index("ix_chip_products_state_published_at", "state", "published_at", "id"),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    state: Mapped[ProductState] = mapped_column(enum_column(ProductState, "state"), default=ProductState.DRAFT)
    part_number: Mapped[str] = mapped_column(sa.String(60))
    category: Mapped[str] = mapped_column(sa.String(8))
    """Second-level chip category, ``C0407``."""
    name: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    interfaces: Mapped[list[str]] = mapped_column(default=list)
    package: Mapped[str] = mapped_column(sa.String(60), default="")
    size_mm: Mapped[str] = mapped_column(sa.String(30), default="")
    pins: Mapped[int | None]
    pin_map: Mapped[str] = mapped_column(sa.Text, default="")
    """What each pin does, as ``app.catalog.pinout`` reads it."""
    temp_min: Mapped[float | None]
    temp_max: Mapped[float | None]
    quality_grade: Mapped[str] = mapped_column(sa.String(20), default="")
    qualifications: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{standard, grade, status, report_no}`` each; status none, planned, in_test or passed."""
    functional_safety: Mapped[str] = mapped_column(sa.String(20), default="")
    lifecycle_stage: Mapped[str] = mapped_column(sa.String(30), default="")
    stage_since: Mapped[str] = mapped_column(sa.String(7), default="")
    mp_since: Mapped[str] = mapped_column(sa.String(7), default="")
    process_node_nm: Mapped[float | None]
    foundry_region: Mapped[str] = mapped_column(sa.String(20), default="")
    osat_region: Mapped[str] = mapped_column(sa.String(20), default="")
    monthly_capacity_kpcs: Mapped[str] = mapped_column(sa.String(20), default="")
    lead_time_weeks: Mapped[int | None]
    moq: Mapped[int | None]
    price_1k_cny: Mapped[Decimal | None]
    price_10k_cny: Mapped[Decimal | None]
    price_100k_cny: Mapped[Decimal | None]
    benchmark_parts: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{maker, part, relation}`` each; relation pin2pin, functional or redesign."""
    ip_core: Mapped[str] = mapped_column(sa.String(20), default="")
    software: Mapped[str] = mapped_column(sa.Text, default="")
    reference_customers: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{segment, stage, consent}`` each; shown only with consent."""
    cumulative_shipment_wan: Mapped[str] = mapped_column(sa.String(20), default="")
    datasheet_url: Mapped[str] = mapped_column(sa.String(300), default="")
    datasheet_file_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    is_sample_available: Mapped[bool | None]
    data_source: Mapped[str] = mapped_column(sa.String(20), default="self")
    confirmed_on: Mapped[dt.date | None]
    """Day the firm last confirmed the sheet; older than 180 days shows as stale."""
    chain_tag: Mapped[str] = mapped_column(sa.String(2), default="芯")
    published_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    params: Mapped[list[ProductParam]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="ProductParam.position",
        passive_deletes=True,
    )


class ProductParam(Model):
    """One line of a data sheet."""

    __tablename__ = "product_params"
    __table_args__ = (
        sa.CheckConstraint('"min" IS NULL OR "max" IS NULL OR "min" <= "max"', name="min_max_order"),
        sa.CheckConstraint('"min" IS NULL OR typ IS NULL OR "min" <= typ', name="min_typ_order"),
        sa.CheckConstraint('typ IS NULL OR "max" IS NULL OR typ <= "max"', name="typ_max_order"),
        sa.Index("ix_product_params_key_product_id", "key", "product_id"),
        sa.Index("ix_product_params_low", "key", "dimension", "base_low", "product_id"),
        sa.Index("ix_product_params_high", "key", "dimension", "base_high", "product_id"),
    )

    id: Mapped[PrimaryKey]
    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("chip_products.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    min: Mapped[float | None]
    typ: Mapped[float | None]
    max: Mapped[float | None]
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    condition: Mapped[str] = mapped_column(sa.String(200), default="")
    value_text: Mapped[str] = mapped_column(sa.String(300), default="")
    """What is no number: sets ``A|B``, ``2560x1440@30``, yes or no, levels."""
    dimension: Mapped[str] = mapped_column(sa.String(40), default="")
    """Of the unit; empty when nothing can be compared. Set on flush, like the two below."""
    base_low: Mapped[float | None]
    base_high: Mapped[float | None]


@sa.event.listens_for(ProductParam, "before_insert")
@sa.event.listens_for(ProductParam, "before_update")
def _measure(_mapper: object, _connection: sa.Connection, param: ProductParam) -> None:
    found = measure(param.min, param.typ, param.max, param.unit or "")
    param.dimension = found.dimension if found else ""
    param.base_low, param.base_high = (found.low, found.high) if found else (None, None)


class ProductImport(Model):
    """One uploaded sheet on its way into the catalogue."""

    __tablename__ = "product_imports"
    __table_args__ = (
        sa.CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="committed_at_when_committed"),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012
    file_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stored_files.id"))
    filename: Mapped[str] = mapped_column(sa.String(255), default="")
    uploaded_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[ImportState] = mapped_column(enum_column(ImportState, "state"), default=ImportState.UPLOADED)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Findings by row and column, and the counts of right and wrong rows."""
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)
    """The job that last worked on it, when the file is too large to be read while somebody waits."""
    n_committed: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[UtcTime]
    committed_at: Mapped[dt.datetime | None]
