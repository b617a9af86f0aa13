"""Up to four products side by side, parameter by parameter, in one unit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import codes, policy
from app.catalog.models import ChipProduct
from app.catalog.queries.cards import ParamLine
from app.catalog.queries.sheet import ProductSheet, to_sheet
from app.catalog.workflow import ProductState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MOST = 4


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One parameter; cells in the order of the products, empty where a sheet does not state it."""

    key: str
    unit: str
    cells: Sequence[Sequence[ParamLine]]

    @property
    def differs(self) -> bool:
        """Whether the products do not all say the same, rounding of unit conversion aside."""
        return len({tuple(map(_stated, cell)) for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The products and their aligned parameters."""

    products: Sequence[ProductSheet]
    rows: Sequence[ComparisonRow]


def compare(session: Session, *, actor: Actor, ids: Iterable[uuid.UUID], today: dt.date) -> Comparison:
    """Return the first four published products of ``ids`` in their order, in three queries at most."""
    wanted = list(dict.fromkeys(ids))[:MOST]
    query = (
        select(ChipProduct)
        .where(ChipProduct.id.in_(wanted), ChipProduct.state == ProductState.PUBLISHED)
        .options(joinedload(ChipProduct.organization, innerjoin=True), selectinload(ChipProduct.params))
    )
    found = {product.id: product for product in session.scalars(query).unique()}
    introduced = policy.introduced_firms(session, actor, {product.organization_id for product in found.values()})
    sheets = [to_sheet(found[one], actor, today, introduced) for one in wanted if one in found]
    return Comparison(sheets, _rows(sheets))


@dataclass(frozen=True, slots=True)
class Picked:
    """A product that somebody put aside for comparison."""

    id: uuid.UUID
    part_number: str


def picked(session: Session, ids: Sequence[uuid.UUID]) -> list[Picked]:
    """Return those of ``ids`` that are published, in their order, in one query or none."""
    wanted = list(dict.fromkeys(ids))[:MOST]
    if not wanted:
        return []
    query = select(ChipProduct.id, ChipProduct.part_number).where(
        ChipProduct.id.in_(wanted), ChipProduct.state == ProductState.PUBLISHED
    )
    found = {row.id: Picked(row.id, row.part_number) for row in session.execute(query)}
    return [found[one] for one in wanted if one in found]


def _rows(sheets: Sequence[ProductSheet]) -> list[ComparisonRow]:
    """Align by key; what every product states comes first, then the order of the first sheet that has it."""
    places: dict[str, int] = {}
    for sheet in sheets:
        for param in sheet.params:
            places.setdefault(param.key, len(places))
    rows = [_row(key, sheets) for key in places]
    return sorted(rows, key=lambda row: (sum(not cell for cell in row.cells), places[row.key]))


def _row(key: str, sheets: Sequence[ProductSheet]) -> ComparisonRow:
    stated = [[param for param in sheet.params if param.key == key] for sheet in sheets]
    unit = next((param.unit for cell in stated for param in cell if _has_number(param)), "")
    cells = [[_in_unit(param, unit) for param in cell] for cell in stated]
    is_common = all(param.unit == unit for cell in cells for param in cell if _has_number(param))
    return ComparisonRow(key, unit if is_common else "", cells)


def _has_number(param: ParamLine) -> bool:
    return any(value is not None for value in (param.min, param.typ, param.max))


def _in_unit(param: ParamLine, unit: str) -> ParamLine:
    """Return the line in another unit; as it is when the two cannot be compared."""
    try:
        low, typical, high = (None if v is None else codes.convert(v, param.unit, unit)
                              for v in (param.min, param.typ, param.max))  # fmt: skip
    except codes.UnitError:
        return param
    return replace(param, min=low, typ=typical, max=high, unit=unit)


def _stated(param: ParamLine) -> tuple[object, ...]:
    numbers = (param.min, param.typ, param.max)
    return (*(None if value is None else f"{value:.9g}" for value in numbers), param.unit, param.text)
