"""Up to four products side by side, parameter by parameter, in one unit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import codes
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
    """One parameter; cells in the order of the products, None where a sheet does not state it."""

    key: str
    condition: str
    unit: str
    cells: Sequence[ParamLine | None]

    @property
    def differs(self) -> bool:
        """Whether the products do not all say the same."""
        return len({cell and (cell.min, cell.typ, cell.max, cell.text) for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The products and their aligned parameters."""

    products: Sequence[ProductSheet]
    rows: Sequence[ComparisonRow]


def compare(session: Session, *, actor: Actor, ids: Iterable[uuid.UUID], today: dt.date) -> Comparison:
    """Return the first four published products of ``ids`` in their order, in two queries."""
    wanted = list(dict.fromkeys(ids))[:MOST]
    query = (
        select(ChipProduct)
        .where(ChipProduct.id.in_(wanted), ChipProduct.state == ProductState.PUBLISHED)
        .options(joinedload(ChipProduct.organization, innerjoin=True), selectinload(ChipProduct.params))
    )
    found = {product.id: product for product in session.scalars(query).unique()}
    sheets = [to_sheet(found[one], actor, today) for one in wanted if one in found]
    return Comparison(sheets, _rows(sheets))


def _rows(sheets: Sequence[ProductSheet]) -> list[ComparisonRow]:
    """Align by key; what every product states comes first, then the order of the first sheet that has it."""
    places: dict[str, int] = {}
    for sheet in sheets:
        for param in sheet.params:
            places.setdefault(param.key, len(places))
    rows = [_row(key, sheets) for key in places]
    return sorted(rows, key=lambda row: (sum(cell is None for cell in row.cells), places[row.key]))


def _row(key: str, sheets: Sequence[ProductSheet]) -> ComparisonRow:
    lines = [next((param for param in sheet.params if param.key == key), None) for sheet in sheets]
    kind = codes.parameter_kind(key)
    stated = next((param.unit for param in lines if param and param.unit), "")
    unit = kind.unit if kind and any(p and codes.comparable(p.unit, kind.unit) for p in lines) else stated
    cells = [_in_unit(param, unit) if param else None for param in lines]
    return ComparisonRow(key, "", unit, cells)


def _in_unit(param: ParamLine, unit: str) -> ParamLine:
    """Return the line in another unit; as it is when the two cannot be compared."""
    try:
        values = [None if v is None else codes.convert(v, param.unit, unit) for v in (param.min, param.typ, param.max)]
    except codes.UnitError:
        return param
    return ParamLine(param.key, values[0], values[1], values[2], unit, param.condition, param.text)
