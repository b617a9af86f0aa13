"""What was not taken over, as a file in the layout it came in, with the reasons in a last column."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import IO, TYPE_CHECKING

from app.catalog.importing import layout, writer
from app.catalog.importing.source import ErrorCell, Formula, shown
from app.catalog.importing.table import TableReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.catalog.importing.findings import Finding
    from app.catalog.importing.report import Report
    from app.catalog.importing.sheets import Cell
    from app.catalog.importing.source import Row, Source
    from app.catalog.importing.survey import Mapping, Survey


def write_rest(
    source: Source, survey: Survey, mapping: Mapping, report: Report, *, told: Callable[[Finding], str]
) -> IO[bytes]:
    """Return the rows of ``report.left_rows`` and their parameters; ``told`` puts a finding into words."""
    rest = _Rest(source, survey, mapping, report, told)
    if not source.has_dates:
        return writer.write_table(rest.product_titles, rest.products())
    tables = [(survey.products.sheet, survey.products.header_row, rest.product_titles, rest.products())]
    if survey.params:
        tables.append((survey.params.sheet, survey.params.header_row, rest.param_titles, rest.params()))
    return writer.write_rest(tables)


class _Rest:
    def __init__(
        self, source: Source, survey: Survey, mapping: Mapping, report: Report, told: Callable[[Finding], str]
    ) -> None:
        self._products = TableReader(source, survey.products, mapping.products)
        self._params = TableReader(source, survey.params, mapping.params) if survey.params else None
        self._left = set(report.left_rows)
        self._left_lines = set(report.left_lines)
        self._reasons: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for finding in report.findings:
            self._reasons[finding.sheet, finding.row].append(f"{finding.column}：{told(finding)}")
        self.product_titles = [*survey.products.titles, layout.REASONS]
        self.param_titles = [*survey.params.titles, layout.REASONS] if survey.params else []

    def products(self) -> Iterator[list[Cell]]:
        """Yield the rows that are left, in a single table with the lines that go on with their parameters."""
        left = self._left if self._params else self._left | self._left_lines
        return (self._cells(self._products, row) for row in self._products.rows() if row.number in left)

    def params(self) -> Iterator[list[Cell]]:
        """Yield the lines of the parts that are left, and those that belong to no part."""
        if self._params is None:
            return
        for row in self._params.rows():
            if row.number in self._left_lines or (self._params.sheet, row.number) in self._reasons:
                yield self._cells(self._params, row)

    def _cells(self, table: TableReader, row: Row) -> list[Cell]:
        reasons = dict.fromkeys(self._reasons[table.sheet, row.number])
        written = [_cell(row.at(place)) for place in range(len(table.table.titles))]
        return [*written, "\n".join(reasons)]


def _cell(value: object) -> Cell:
    """Return a cell as it was, a formula as its text."""
    if isinstance(value, Formula | ErrorCell):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if value is None or isinstance(value, str | int | float | dt.date):
        return value
    return shown(value)  # type: ignore[arg-type]  # nothing else comes out of a file
