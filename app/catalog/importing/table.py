"""One table of a file under the meaning that a person gave its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.catalog.importing import cells, layout
from app.catalog.importing.findings import Finding
from app.catalog.importing.source import MAX_COLUMNS, Block, address, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.catalog.importing.source import Row, Source, Value
    from app.catalog.importing.survey import Table

BLANK = "␣"
"""Stands for a blank that nobody would see."""
QUOTED = 120
"""Characters of a wrong value that are repeated to the reader."""


class TableReader:
    """Gives the rows under the headers, and reads their cells by key."""

    def __init__(self, source: Source, table: Table, keys: Sequence[str]) -> None:
        self.sheet = table.sheet
        self.table = table
        self.places = {key: place for place, key in enumerate(keys) if key}
        self.has_dates = source.has_dates
        self.length = source.length(table.sheet)
        self._source = source
        self._merges = _Merges(source.merged(table.sheet), table.header_row)

    def rows(self) -> Iterator[Row]:
        """Yield the rows under the headers that are not blank."""
        width = min(len(self.table.titles), MAX_COLUMNS)
        for row in self._source.rows(self.sheet, width):
            if row.number > self.table.header_row:
                self._merges.go_to(row)
                yield row

    def text(self, row: Row, key: str) -> str:
        """Return the tidied text of a cell, empty when the table has no such column."""
        place = self.places.get(key)
        return "" if place is None else cells.tidy(shown(row.at(place)))

    def read(self, row: Row, keys: Sequence[str]) -> tuple[dict[str, Any], list[Finding], set[str]]:
        """Return the values of a row by key, what is wrong with their cells, and the keys of those cells."""
        values, findings, flawed = {}, [], set()
        for key in keys:
            value, finding = self._read(row, key)
            values[key] = value
            if finding:
                findings.append(finding)
                flawed.add(key)
        return values, findings, flawed

    def _read(self, row: Row, key: str) -> tuple[Any, Finding | None]:
        place = self.places[key]
        raw = row.at(place)
        block = self._merges.over(row.number, place)
        if block is not None and raw is None:
            return self._merged(row, key, block)
        value, flaw = cells.read(key, raw, has_dates=self.has_dates)
        if flaw is None:
            return value, None
        text = shown(raw)
        if flaw.kind == "trailing_spaces":
            text = "".join(BLANK if char.isspace() else char for char in text)
        return value, self.finding(flaw.kind, row.number, key, flaw.message, text, flaw.fix)

    def _merged(self, row: Row, key: str, block: Block) -> tuple[Any, Finding]:
        """Offer the value of the cells above that this one is merged with; of those beside it nothing."""
        message = "The cell is merged with others and holds no value of its own."
        top: Value = self._merges.value_of(block) if block.left == block.right else None
        value, flaw = cells.read(key, top, has_dates=self.has_dates)
        fix = None if top is None or flaw else shown(top)
        return value, self.finding("merged_cells", row.number, key, message, "", fix)

    def finding(
        self, kind: str, row: int, key: str, message: str, value: str = "", fix: str | None = None, **also: Any
    ) -> Finding:
        """Return a finding about the cell of ``key`` in a row."""
        return Finding(
            kind, self.sheet, row, self.title(key), self.cell(row, key), message, _quoted(value), fix, **also
        )

    def title(self, key: str) -> str:
        """Return the header of a key's column, or its name in the handbook when the table lacks it."""
        place = self.places.get(key)
        return layout.header(key) if place is None else self.table.titles[place]

    def cell(self, row: int, key: str) -> str:
        """Return the name of a cell; empty when the table has no such column."""
        place = self.places.get(key)
        return "" if place is None else address(row, place)


class _Merges:
    """The merged cells below the headers, for a reader that goes down row by row."""

    def __init__(self, blocks: Sequence[Block], header_row: int) -> None:
        self._coming = sorted(
            (block for block in blocks if block.bottom > header_row), key=lambda block: block.top, reverse=True
        )
        self._open: list[tuple[Block, Value]] = []

    def go_to(self, row: Row) -> None:
        """Forget the blocks above a row and remember the values of those that begin in it."""
        if not (self._open or self._coming):
            return
        self._open = [(block, value) for block, value in self._open if block.bottom >= row.number]
        while self._coming and self._coming[-1].top <= row.number:
            block = self._coming.pop()
            if block.bottom >= row.number:
                self._open.append((block, row.at(block.left) if block.top == row.number else None))

    def over(self, row: int, column: int) -> Block | None:
        """Return the block that covers a cell other than its first."""
        for block, _ in self._open:
            is_inside = block.top <= row <= block.bottom and block.left <= column <= block.right
            if is_inside and (row, column) != (block.top, block.left):
                return block
        return None

    def value_of(self, block: Block) -> Value:
        """Return what stands in the first cell of a block."""
        return next((value for known, value in self._open if known is block), None)


def _quoted(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
