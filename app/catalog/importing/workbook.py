"""Excel workbooks as rows, read with the bare parser: ten times as fast as cell objects, in little memory."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from app.catalog.importing.archive import DAMAGED, refuse_unsafe
from app.catalog.importing.source import MAX_COLUMNS, Block, Row, UnreadableFile
from app.catalog.importing.spreadsheetml import Book, column_number, read_book, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_DIMENSION: Final = re.compile(rb'<(?:\w+:)?dimension\b[^>]*?\bref="[A-Z]+\d+:[A-Z]+(\d{1,7})"')
_CHUNK: Final = 256 * 1024
_HEAD: Final = 4096
_OVERLAP: Final = 200
MAX_BLOCKS: Final = 20_000


class WorkbookSource:
    """An .xlsx workbook."""

    has_dates = True

    def __init__(self, content: bytes) -> None:
        refuse_unsafe(content)
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        try:
            self._book: Book = read_book(self._archive)
        except Exception as error:
            raise UnreadableFile(DAMAGED, code="workbook_damaged") from error

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets that hold cells, in order."""
        return tuple(self._book.parts)

    def rows(self, sheet: str, width: int = MAX_COLUMNS) -> Iterator[Row]:
        """Yield the first ``width`` columns of every row that is not blank. Raises UnreadableFile when damaged."""
        try:
            with self._archive.open(self._book.parts[sheet]) as part:
                yield from (row for row in rows_of(part, self._book, width) if not row.is_blank)
        except UnreadableFile:
            raise
        except Exception as error:
            raise UnreadableFile(DAMAGED, code="workbook_damaged") from error

    def length(self, sheet: str) -> int:
        """Return what the workbook says of the length of a sheet."""
        with self._archive.open(self._book.parts[sheet]) as part:
            found = _DIMENSION.search(part.read(_HEAD))
        return int(found[1]) if found else 0

    def merged(self, sheet: str) -> tuple[Block, ...]:
        """Return the merged cells of a sheet, which stand behind its rows."""
        found: list[Block] = []
        rest = b""
        with self._archive.open(self._book.parts[sheet]) as part:
            while chunk := part.read(_CHUNK):
                text = rest + chunk
                end = 0
                for match in _MERGE.finditer(text):
                    found.append(_block(match))
                    end = match.end()
                rest = text[max(end, len(text) - _OVERLAP) :]
                if len(found) > MAX_BLOCKS:
                    raise UnreadableFile("Too many cells are merged.", code="too_many_merged")
        return tuple(found)


def _block(match: re.Match[bytes]) -> Block:
    left, top, right, bottom = (part.decode() for part in match.groups())
    return Block(int(top), column_number(left), int(bottom), column_number(right))
