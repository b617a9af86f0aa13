"""The declarative base and the column types every table uses."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column

from app.core import clock


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """An instant: aware in Python, UTC in every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Refuse naive times, which would mean different instants on different machines."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Give SQLite's naive values back their zone."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Amount(sa.TypeDecorator[Decimal]):
    """A decimal with four places, kept as a whole number of ten-thousandths so that SQLite stays exact."""

    impl = sa.BigInteger
    cache_ok = True
    scale = 10_000

    def process_bind_param(self, value: Decimal | float | None, dialect: sa.Dialect) -> int | None:
        """Round to four places, half even."""
        return None if value is None else int((Decimal(str(value)) * self.scale).to_integral_value())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        """Return the amount without trailing zeros of the storage scale."""
        if value is None:
            return None
        amount = Decimal(value) / self.scale
        return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


PrimaryKey = Annotated[uuid.UUID, mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)]
UtcTime = Annotated[dt.datetime, mapped_column(UtcDateTime)]
CreatedAt = Annotated[dt.datetime, mapped_column(UtcDateTime, default=clock.now)]
UpdatedAt = Annotated[dt.datetime, mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)]
Cny = Annotated[Decimal, mapped_column(Amount)]
"""Yuan, up to four decimal places."""
CnyWan = Annotated[Decimal, mapped_column(Amount)]
"""Ten thousand yuan (万元)."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table; constraint names follow one convention."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own class attribute
        dict[str, Any]: sa.JSON,
        list[str]: sa.JSON,
        list[dict[str, Any]]: sa.JSON,
        Decimal: Amount,
        dt.datetime: UtcDateTime,
    }


def enum_column(kind: type[StrEnum], name: str) -> sa.Enum:
    """Return the column type of an enumeration: its values as text under a CHECK called ``name``."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def one_of(*values: str) -> str:
    """Return ``'a', 'b'`` for use inside a CHECK or a partial index."""
    return ", ".join(f"'{value}'" for value in values)
