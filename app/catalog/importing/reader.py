"""From the rows of a file to product sheets, each with what is wrong with how it is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.catalog.commands import ProductInput
from app.catalog.importing import layout
from app.catalog.importing.findings import Finding
from app.catalog.importing.params import ParamLine, ParamReader, ParamSheet
from app.catalog.importing.source import MAX_PRODUCTS, Row, Source, UnreadableFile
from app.catalog.importing.table import TableReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from app.catalog.importing.survey import Mapping, Survey

STEP = 2000
"""Progress is told every so many rows."""


@dataclass(slots=True)
class SheetRow:
    """One product of a file. ``stated`` are the fields that the file has columns for."""

    number: int
    sheet: ProductInput
    stated: frozenset[str]
    lines: list[ParamLine]
    findings: list[Finding]
    flawed: set[str] = field(default_factory=set)
    """Fields whose cell could not be read as it stands; the rules need not complain of them again."""


@dataclass(slots=True)
class Reading:
    """A whole file. ``orphans`` are parameters of parts that it does not list."""

    rows: list[SheetRow]
    orphans: list[Finding]
    n_other_company: int
    products: TableReader
    params: TableReader


def read(
    source: Source,
    survey: Survey,
    mapping: Mapping,
    *,
    uscc: str = "",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Reading:
    """Read a whole file; ``uscc`` is the code of the firm that imports it, ``progress`` hears of rows done and all.

    Raises UnreadableFile when the file is damaged or holds too many rows.
    """
    products = TableReader(source, survey.products, mapping.products)
    if survey.params:
        params = ParamSheet(TableReader(source, survey.params, mapping.params))
        reader = _Reader(products, params, uscc, _Steps(progress, products.length + params.table.length))
        reader.read_apart()
    else:
        params = ParamSheet(products)
        reader = _Reader(products, params, uscc, _Steps(progress, products.length))
        reader.read_together()
    return Reading(reader.rows, params.orphans(), reader.n_other_company, products, params.table)


class _Steps:
    """Counts rows and tells of every so many."""

    def __init__(self, progress: Callable[[int, int], None], total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self) -> None:
        self._done += 1
        if self._done % STEP == 0:
            self._progress(self._done, max(self._done, self._total))


class _Reader:
    def __init__(self, products: TableReader, params: ParamSheet, uscc: str, step: Callable[[], None]) -> None:
        self._products = products
        self._params = params
        self._uscc = uscc
        self._step = step
        self._first: dict[str, int] = {}
        self._keys = [key for key in layout.PRODUCT_KEYS if key in products.places and key != "uscc"]
        self.rows: list[SheetRow] = []
        self.n_other_company = 0

    def read_apart(self) -> None:
        """Read products, whose parameters stand in a sheet of their own."""
        self._params.read_all(self._step)
        owners: dict[str, SheetRow] = {}
        for row in self._products.rows():
            self._step()
            product = self._add(row)
            product.lines = self._params.claim(product.sheet.part_number)
            owners.setdefault(product.sheet.part_number, product)
        for part_number, repeated in self._params.left_over():
            if part_number in owners:
                owners[part_number].lines += repeated
        self._finish(has_params=True)

    def read_together(self) -> None:
        """Read one table in which the lines under a product go on with its parameters."""
        reader = ParamReader(self._products)
        has_params = reader.has_columns
        for row in self._products.rows():
            self._step()
            if not (self.rows and has_params and self._goes_on(row)):
                self._add(row)
            if has_params and reader.is_filled(row):
                self.rows[-1].lines.append(reader.line(row))
        self._finish(has_params=has_params)

    def _goes_on(self, row: Row) -> bool:
        """Return whether a line only adds a parameter to the product above."""
        others = (self._products.text(row, key) for key in self._keys if key != "part_number")
        part_number = self._products.text(row, "part_number")
        return not any(others) and part_number in ("", self.rows[-1].sheet.part_number)

    def _add(self, row: Row) -> SheetRow:
        if len(self.rows) >= MAX_PRODUCTS:
            raise UnreadableFile("The file lists more than 20,000 products. Split it.", code="too_many_rows")
        values, findings, flawed = self._products.read(row, self._keys)
        product = SheetRow(row.number, ProductInput(**values), frozenset(values), [], findings, flawed)
        self._note_company(row)
        self._note_duplicate(product)
        self.rows.append(product)
        return product

    def _note_company(self, row: Row) -> None:
        uscc = self._products.text(row, "uscc").upper()
        if self._uscc and uscc and uscc != self._uscc:
            self.n_other_company += 1

    def _note_duplicate(self, product: SheetRow) -> None:
        part_number = product.sheet.part_number
        if not part_number:
            return
        first = self._first.setdefault(part_number, product.number)
        if first != product.number:
            value = f"{part_number} = {self._products.cell(first, 'part_number')}"
            message = "An earlier row of the file has the same part number."
            product.findings.append(
                self._products.finding("duplicate_part_number", product.number, "part_number", message, value)
            )

    def _finish(self, *, has_params: bool) -> None:
        for product in self.rows:
            seen: set[tuple[str, str]] = set()
            for line in product.lines:
                product.findings += self._params.with_repeats(line, seen)
            if has_params and product.lines:
                product.sheet = replace(product.sheet, params=tuple(line.param for line in product.lines))
                product.stated |= {"params"}


def in_order(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each cell's findings of one kind once, as they come."""
    seen: set[tuple[str, int, str, str]] = set()
    for finding in findings:
        place = (finding.sheet, finding.row, finding.column, finding.kind)
        if place not in seen:
            seen.add(place)
            yield finding
