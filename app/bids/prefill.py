"""Commitments taken from a product's sheet, for the firm to check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.bids.commands import Commitment
from app.compliance import show_number

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from app.bids.frame import Frame
    from app.catalog.commands import ParamInput


@dataclass(frozen=True, slots=True)
class Sheet:
    """One published product of the firm."""

    id: uuid.UUID
    part_number: str
    name: str
    params: tuple[ParamInput, ...]


def prefilled(frame: Frame, sheet: Sheet, typed: Sequence[Commitment]) -> dict[uuid.UUID, Commitment]:
    """Return what the sheet says to every indicator on one of its parameters that the firm left open, by id.

    What somebody typed is never overwritten.
    """
    stated: Mapping[uuid.UUID, Commitment] = {one.kpi_id: one for one in typed}
    found: dict[uuid.UUID, Commitment] = {}
    for indicator in frame.indicators:
        own = stated.get(indicator.id, Commitment(indicator.id))
        row = next((row for row in sheet.params if indicator.param_key and row.key == indicator.param_key), None)
        value = "" if row is None else offered(indicator.operator, row)
        if row is not None and value and not own.committed:
            found[indicator.id] = replace(
                own, committed=value, unit=row.unit or own.unit, evidence=own.evidence or _evidence(sheet, row)
            )
    return found


def offered(operator: str, row: ParamInput) -> str:
    """Return what a line of a sheet promises under this comparison: the guaranteed end, else the typical value."""
    if row.value_text:
        return row.value_text
    low, high = row.min, row.max
    if operator == "covers":
        return f"{show_number(low)}~{show_number(high)}" if low is not None and high is not None else ""
    guaranteed = high if operator == "<=" else low
    value = next((one for one in (guaranteed, row.typ, low, high) if one is not None), None)
    return "" if value is None else show_number(value)


def _evidence(sheet: Sheet, row: ParamInput) -> str:
    """Name the source; no sentence, so that it reads the same in every language."""
    return " · ".join(filter(None, (sheet.part_number, row.condition)))
