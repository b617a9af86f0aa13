"""A comparison as its table shows it: groups of rows, cells in words, differences found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.catalog import labels
from app.taxonomy.spoken import unit_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from app.catalog.queries import Comparison, ProductSheet
    from app.catalog.queries.cards import ParamLine
    from app.catalog.queries.sheet import ConfidentialFacts, SupplyFacts


@dataclass(frozen=True, slots=True)
class Line:
    """One statement in a cell, with what stands small behind it."""

    text: str
    note: str = ""


Cell = tuple[Line, ...]
"""Empty where the sheet does not say."""


@dataclass(frozen=True, slots=True)
class Row:
    """One property of all products."""

    label: Any
    cells: Sequence[Cell]
    unit: str = ""
    is_set: bool = False
    """Whether the lines of a cell are members of a set rather than statements."""
    is_different: bool | None = None

    @property
    def differs(self) -> bool:
        """Whether the products do not all say the same."""
        return len(set(self.cells)) > 1 if self.is_different is None else self.is_different

    @property
    def common(self) -> frozenset[Line]:
        """What every product has, of a set."""
        return frozenset.intersection(*map(frozenset, self.cells))


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together; ``level`` says who may see them."""

    title: str
    rows: Sequence[Row]
    level: str = "public"


def groups(comparison: Comparison, *, only_differences: bool) -> list[Group]:
    """Return the table without rows of which no product says anything; groups left empty are dropped."""
    sheets = comparison.products
    found = [
        Group(_("In short"), _basics(sheets)),
        Group(_("Parameters"), _parameters(comparison)),
        Group(_("Supply"), _supply(sheets), "verified"),
        Group(_("Price and origin"), _terms(sheets), "nda"),
        Group(_("Replacement"), [_row(_("Stands in for"), sheets, _stands_in)]),
    ]
    shown = [Group(one.title, [*_shown(one.rows, only_differences)], one.level) for one in found]
    return [one for one in shown if one.rows]


def _shown(rows: Iterable[Row], only_differences: bool) -> Iterable[Row]:
    return (row for row in rows if any(row.cells) and (row.differs or not only_differences))


def _row(label: str, sheets: Sequence[ProductSheet], tell: Callable[[ProductSheet], Cell], *, unit: str = "") -> Row:
    return Row(label, [tell(sheet) for sheet in sheets], unit)


def _basics(sheets: Sequence[ProductSheet]) -> list[Row]:
    interfaces = [tuple(Line(name) for name in sorted(sheet.interfaces)) for sheet in sheets]
    return [
        _row(_("Category"), sheets, lambda one: _cell(labels.category_name(one.category))),
        _row(_("Life-cycle stage"), sheets, lambda one: _cell(labels.STAGES.get(one.lifecycle_stage))),
        _row(_("In mass production since"), sheets, lambda one: _cell(one.mp_since)),
        _row(_("Quality grade"), sheets, lambda one: _cell(labels.GRADES.get(one.quality_grade))),
        _row(_("Functional safety"), sheets, lambda one: _cell(one.functional_safety)),
        _row(_("Qualifications"), sheets, _qualifications),
        _row(_("Operating temperature"), sheets, _temperature, unit="℃"),
        _row(_("Package"), sheets, lambda one: _cell(one.package)),
        _row(_("Size"), sheets, lambda one: _cell(one.size_mm), unit="mm"),
        _row(_("Pins"), sheets, lambda one: _number(one.pins)),
        _row(_("Samples available"), sheets, lambda one: _answer(one.is_sample_available)),
        Row(_("Interfaces"), interfaces, is_set=True),
    ]


def _parameters(comparison: Comparison) -> list[Row]:
    return [
        Row(
            labels.param_name(row.key),
            [tuple(_param(line, row.unit) for line in cell) for cell in row.cells],
            unit_name(row.unit) if row.unit != "1" else "",
            is_different=row.differs,
        )
        for row in comparison.rows
    ]


def _param(line: ParamLine, common_unit: str) -> Line:
    unit = "" if common_unit else line.unit
    return Line(labels.value_in_unit(line.min, line.typ, line.max, unit, line.text), line.condition)


def _supply(sheets: Sequence[ProductSheet]) -> list[Row]:
    if not any(sheet.supply for sheet in sheets):
        return []

    def row(label: str, tell: Callable[[SupplyFacts], Cell], unit: str = "") -> Row:
        return Row(label, [tell(one.supply) if one.supply else _hidden() for one in sheets], unit)

    return [
        row(_("Minimum order"), lambda one: _number(one.moq), _("pcs")),
        row(_("Lead time"), lambda one: _number(one.lead_time_weeks), _("weeks")),
        row(_("Monthly capacity (thousand pcs)"), lambda one: _cell(one.monthly_capacity_kpcs)),
        row(_("Shipped so far (10k pcs)"), lambda one: _cell(one.cumulative_shipment_wan)),
        row(_("Process node"), lambda one: _number(one.process_node_nm), "nm"),
        row(_("IP core"), lambda one: _cell(labels.IP_CORES.get(one.ip_core))),
    ]


def _terms(sheets: Sequence[ProductSheet]) -> list[Row]:
    if not any(sheet.terms for sheet in sheets):
        return []

    def row(label: str, tell: Callable[[ConfidentialFacts], Cell], unit: str = "") -> Row:
        return Row(label, [tell(one.terms) if one.terms else _hidden() for one in sheets], unit)

    return [
        row(_("Unit price at 1k"), lambda one: _number(one.price_1k_cny), "¥"),
        row(_("Unit price at 10k"), lambda one: _number(one.price_10k_cny), "¥"),
        row(_("Unit price at 100k"), lambda one: _number(one.price_100k_cny), "¥"),
        row(_("Wafer fab"), lambda one: _cell(labels.REGIONS.get(one.foundry_region))),
        row(_("Packaging and test"), lambda one: _cell(labels.REGIONS.get(one.osat_region))),
    ]


def _hidden() -> Cell:
    return _cell(_("not shown to you"))


def _cell(text: Any) -> Cell:
    return (Line(str(text)),) if text else ()


def _number(value: float | Decimal | None) -> Cell:
    return () if value is None else (Line(labels.plain_number(value)),)


def _answer(value: bool | None) -> Cell:
    return () if value is None else _cell(labels.ANSWERS["yes" if value else "no"])


def _temperature(sheet: ProductSheet) -> Cell:
    text = labels.value_in_unit(sheet.temp_min, None, sheet.temp_max, "")
    return () if text == labels.NOTHING else _cell(text)


def _qualifications(sheet: ProductSheet) -> Cell:
    return tuple(
        Line(
            f"{one.get('standard', '')} {one.get('grade', '')}".strip(),
            str(labels.QUALIFICATION_STATES.get(str(one.get("status")), "")),
        )
        for one in sheet.qualifications
    )


def _stands_in(sheet: ProductSheet) -> Cell:
    return tuple(
        Line(
            f"{one.get('maker', '')} {one.get('part', '')}".strip(),
            str(labels.RELATIONS.get(str(one.get("relation")), "")),
        )
        for one in sheet.benchmark_parts
    )
