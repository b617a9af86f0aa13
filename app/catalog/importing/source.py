"""Files as sheets of rows, one row at a time, whatever their format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 30 * 1024 * 1024
MAX_COLUMNS = 120
"""Columns to the right of these are not read."""
MAX_PRODUCTS = 20_000
MAX_PARAM_ROWS = 300_000


class UnreadableFile(Exception):
    """A file that cannot be imported at all; ``message`` is a constant English sentence."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes; ``cached`` is what the spreadsheet last showed, if it kept that."""

    text: str
    cached: str | float | bool | dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that shows an error such as ``#REF!``."""

    text: str


Value: TypeAlias = "str | int | float | bool | dt.datetime | dt.date | Formula | ErrorCell | None"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is numbered in the spreadsheet, from 1; missing cells at its end are left out."""

    number: int
    cells: tuple[Value, ...]

    def at(self, column: int) -> Value:
        """Return the cell in a column, counted from 0."""
        return self.cells[column] if column < len(self.cells) else None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Block:
    """Merged cells: rows from 1 and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Source(Protocol):
    """An opened file."""

    has_dates: bool
    """Whether its cells know dates and numbers; a CSV holds nothing but text."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in order."""

    def rows(self, sheet: str, width: int = MAX_COLUMNS) -> Iterator[Row]:
        """Yield the first ``width`` columns of every row that is not blank. Raises UnreadableFile when damaged."""

    def length(self, sheet: str) -> int:
        """Return about how many rows a sheet has, 0 when the file does not tell."""

    def merged(self, sheet: str) -> tuple[Block, ...]:
        """Return the merged cells of a sheet."""


def open_source(content: bytes, *, is_workbook: bool) -> Source:
    """Open the content of an upload. Raises UnreadableFile."""
    from app.catalog.importing.delimited import DelimitedSource
    from app.catalog.importing.workbook import WorkbookSource

    return WorkbookSource(content) if is_workbook else DelimitedSource(content)


def shown(value: Value) -> str:
    """Return a cell as a person reads it in the spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, Formula | ErrorCell):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def address(row: int, column: int) -> str:
    """Return the name of a cell, such as ``AB12``; columns count from 0."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
