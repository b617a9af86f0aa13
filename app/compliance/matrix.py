"""Requirements down, offers across: the view behind the macro ``compliance_matrix``."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask_babel import get_locale, gettext, ngettext

from app.taxonomy.spoken import said, with_unit, words_of
from matching.compliance import judge, judge_value
from matching.parameters import parameter_kind
from matching.records import Requirement
from matching.units import LEVEL_DIMENSIONS, dimension_of
from matching.values import show_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.compliance.requirements import Asked
    from matching.compliance import Verdict
    from matching.records import Sheet

SIGNS = {">=": "≥", "<=": "≤", "=": "=", "covers": "⊇", "has": "∋", "in": "∈"}


@dataclass(frozen=True, slots=True)
class Promise:
    """What one offer says to one requirement; ``unit`` empty: the requirement's own."""

    value: str
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One column: a bid with a promise for each row, by the row's index, or a product with its sheet."""

    title: str
    subtitle: str = ""
    url: str = ""
    promises: Mapping[int, Promise] = field(default_factory=dict)
    sheet: Sheet | None = None
    withheld: frozenset[str] = frozenset()
    """Keys whose values the reader may not see; whether they fit is shown all the same."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one offer says to one requirement, judged."""

    status: str
    offered: str
    margin_text: str
    condition: str
    source: str


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement and its answers."""

    name: str
    must: bool
    requirement_text: str
    condition: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """What the macro shows; ``totals`` counts the musts of each column by status."""

    rows: tuple[Row, ...]
    columns: tuple[Offer, ...]
    totals: tuple[dict[str, int], ...]


def matrix(requirements: Sequence[Asked], offers: Sequence[Offer]) -> MatrixView:
    """Judge every offer against every requirement; musts come first, otherwise the order stays."""
    order = sorted(range(len(requirements)), key=lambda index: not requirements[index].is_must)
    rows = tuple(_row(index, requirements[index], offers) for index in order)
    totals = tuple(dict(Counter(row.cells[column].status for row in rows if row.must)) for column in range(len(offers)))
    return MatrixView(rows, tuple(offers), totals)


def requirement_text(asked: Asked) -> str:
    """Return ``≤ 2 µA`` as it stands in every table; a range whose ends are equal is one value."""
    low, _, high = asked.value.partition("~")
    value = words_of(asked.key, low if low == high else asked.value).replace("|", " | ")
    return f"{SIGNS.get(asked.op, asked.op)} {with_unit(value, asked.unit)}"


def name_of(asked: Asked) -> str:
    """Return what people call the requirement, in the reader's language."""
    kind = parameter_kind(asked.key)
    if asked.name or kind is None:
        return asked.name or asked.key
    return kind.name_zh if str(get_locale() or "zh").startswith("zh") else kind.name_en


def _row(index: int, asked: Asked, offers: Sequence[Offer]) -> Row:
    record = Requirement(asked.key, asked.op, asked.value, asked.unit, asked.is_must, asked.condition, asked.name)
    cells = tuple(_cell(record, offer, index) for offer in offers)
    return Row(name_of(asked), asked.is_must, requirement_text(asked), asked.condition, cells)


def _cell(record: Requirement, offer: Offer, index: int) -> Cell:
    if offer.sheet is not None:
        verdict, source = judge(record, offer.sheet), ""
    else:
        promise = offer.promises.get(index, Promise(""))
        verdict, source = judge_value(record, promise.value, promise.unit), promise.source
    if record.key in offer.withheld and verdict.offered:
        return Cell(verdict.status, gettext("shown under a confidentiality agreement"), "", "", "")
    offered, converted = (said(record.key, text) for text in (verdict.offered, verdict.converted))
    offered += f" ({converted})" if converted else ""
    return Cell(verdict.status, offered, _margin_text(verdict, record), verdict.condition, source)


def _margin_text(verdict: Verdict, record: Requirement) -> str:
    """Return how far the offer is on the good side, or how much it lacks; empty where there is no distance."""
    margin = verdict.margin
    kind = parameter_kind(record.key)
    if margin is None or not math.isfinite(margin) or (kind is not None and kind.kind in ("set", "text", "bool")):
        return ""
    if margin == 0:
        return gettext("no margin")
    distance = _distance(abs(margin), record.unit, is_level_of=kind is not None and kind.kind == "ord")
    if verdict.status == "met":
        return gettext("margin %(distance)s", distance=distance)
    return gettext("short by %(distance)s", distance=distance)


def _distance(size: float, unit: str, *, is_level_of: bool) -> str:
    if is_level_of:
        return ngettext("%(num)s level", "%(num)s levels", round(size))
    dimension = dimension_of(unit)
    if dimension in LEVEL_DIMENSIONS or dimension == "temperature":
        return with_unit(show_number(round(size, 2)), unit)
    return with_unit(show_number(round(100 * size, 1)), "%")
