"""Text with separators, as spreadsheets export it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.catalog.importing.source import MAX_COLUMNS, Block, Row, UnreadableFile
from app.core.text import csv_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEET = "CSV"
ENCODINGS = ("utf-8-sig", "gb18030")
MAX_FIELD = 200_000
"""Characters of one cell; the rules refuse far shorter texts with a better message."""


class DelimitedSource:
    """A CSV file in UTF-8 or GB18030, separated by commas, semicolons or tabs."""

    has_dates = False
    sheets = (SHEET,)

    def __init__(self, content: bytes) -> None:
        self._text = _decode(content)
        self._separator = _separator(self._text)

    def rows(self, sheet: str, width: int = MAX_COLUMNS) -> Iterator[Row]:
        """Yield the first ``width`` columns of every row that is not blank. Raises UnreadableFile when damaged."""
        csv.field_size_limit(MAX_FIELD)
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._separator)
        try:
            for number, cells in enumerate(reader, 1):
                row = Row(number, tuple(csv_plain(cell) or None for cell in cells[:width]))
                if not row.is_blank:
                    yield row
        except csv.Error:
            raise UnreadableFile("The table is damaged: a quotation mark is not closed.", code="csv_damaged") from None

    def length(self, sheet: str) -> int:
        """Return how many lines the text has."""
        return self._text.count("\n")

    def merged(self, sheet: str) -> tuple[Block, ...]:
        """Return nothing: text merges no cells."""
        return ()


def _decode(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("The text is neither in UTF-8 nor in GB18030.", code="csv_encoding")


def _separator(text: str) -> str:
    """Return the separator that splits the first lines into the most columns."""
    lines = [line for line in text[:20_000].splitlines()[:12] if line.strip()]
    counts = {sign: max((line.count(sign) for line in lines), default=0) for sign in ",\t;"}
    return max(counts, key=lambda sign: counts[sign])
