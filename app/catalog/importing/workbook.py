"""Excel workbooks, read without trust: size before content, no macros, no passwords, one row at a time."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from app.catalog.importing.source import MAX_COLUMNS, Block, ErrorCell, Formula, Row, UnreadableFile, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEBIBYTE: Final = 1024 * 1024
MAX_UNPACKED: Final = 400 * MEBIBYTE
"""Of all parts together; Python never unpacks more of a part than the archive announces."""
MAX_STRINGS: Final = 64 * MEBIBYTE
"""Of the texts, which are held in memory."""
MAX_RATIO: Final = 200
MAX_PARTS: Final = 2000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CHUNK: Final = 256 * 1024
_OVERLAP: Final = 200
MAX_BLOCKS: Final = 20_000
MAX_ROWS: Final = 1_048_576
"""As many as Excel knows; a file may claim others, and openpyxl would fill them all in."""
DAMAGED: Final = "The workbook is damaged. Open it in your spreadsheet program and save it again as .xlsx."


def refuse_unsafe(content: bytes) -> None:
    """Look at a workbook from outside. Raises UnreadableFile when it is better not opened."""
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableFile(
                "The workbook is protected by a password. Remove the password and upload it again.",
                code="workbook_encrypted",
            )
        raise UnreadableFile(
            "This is a workbook of the old format .xls. Save it as .xlsx and upload it again.", code="workbook_old"
        )
    if content.startswith(b"PK\x03\x04"):
        _refuse_archive(content)


def _refuse_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            types = _content_types(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise UnreadableFile(DAMAGED, code="workbook_damaged") from None
    _refuse_bomb(parts)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts) or b"macroEnabled" in types:
        raise UnreadableFile(
            "Workbooks with macros are not accepted. Save it as .xlsx without macros.", code="workbook_macros"
        )


def _content_types(archive: zipfile.ZipFile) -> bytes:
    name = "[Content_Types].xml"
    if name not in archive.namelist() or archive.getinfo(name).file_size > MEBIBYTE:
        return b""
    return archive.read(name)


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    swollen = any(
        part.file_size > 10 * MEBIBYTE and part.file_size > MAX_RATIO * max(1, part.compress_size) for part in parts
    )
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED or strings > MAX_STRINGS or swollen:
        raise UnreadableFile(
            "Unpacked, the workbook is too large. Split it into several files.", code="workbook_too_large"
        )


class WorkbookSource:
    """An .xlsx workbook in streaming mode."""

    has_dates = True

    def __init__(self, content: bytes) -> None:
        refuse_unsafe(content)
        self._content = content
        self._book = _load(content)
        self._lengths = {sheet.title: sheet.max_row or 0 for sheet in self._book.worksheets}

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets that hold cells, in order."""
        return tuple(sheet.title for sheet in self._book.worksheets)

    def rows(self, sheet: str, width: int = MAX_COLUMNS) -> Iterator[Row]:
        """Yield the first ``width`` columns of every row that is not blank. Raises UnreadableFile when damaged."""
        cached = self._cached(sheet, width)
        try:
            for number, cells in enumerate(_iterate(self._book[sheet], width), 1):
                row = Row(number, tuple(map(_value, cells)))
                if row.is_blank:
                    continue
                if any(isinstance(value, Formula) for value in row.cells):
                    row = _with_shown(row, cached(number))
                yield row
        except UnreadableFile:
            raise
        except Exception as error:
            raise UnreadableFile(DAMAGED, code="workbook_damaged") from error

    def length(self, sheet: str) -> int:
        """Return what the workbook says of the length of a sheet."""
        return min(self._lengths[sheet], MAX_ROWS)

    def merged(self, sheet: str) -> tuple[Block, ...]:
        """Return the merged cells of a sheet, which stand behind its rows."""
        found: list[Block] = []
        with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
            name = _part_of(archive, sheet)
            if name is None:
                return ()
            with archive.open(name) as part:
                rest = b""
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

    def _cached(self, sheet: str, width: int) -> Callable[[int], tuple[Any, ...]]:
        """Return a function that gives the shown values of ever later rows; read only when a formula asks."""
        rows: Any = None
        at = 0

        def values_of(number: int) -> tuple[Any, ...]:
            nonlocal rows, at
            if rows is None:
                rows = _iterate(_load(self._content, data_only=True)[sheet], width)
            row: tuple[Any, ...] = ()
            while at < number:
                row = next(rows, ())
                at += 1
            return tuple(cell.value for cell in row)

        return values_of


def _load(content: bytes, *, data_only: bool = False) -> Any:
    import openpyxl

    # It complains of every feature that it leaves out, none of which matters to the values.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\b")
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    except Exception as error:
        raise UnreadableFile(DAMAGED, code="workbook_damaged") from error


def _iterate(sheet: Any, width: int) -> Iterator[tuple[Any, ...]]:
    # What a file says of its own size is often wrong.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(max_col=width, max_row=MAX_ROWS))


def _with_shown(row: Row, shown: tuple[Any, ...]) -> Row:
    """Return a row whose formulas know what they last showed."""
    pairs = zip_longest(row.cells, shown[: len(row.cells)])
    return Row(
        row.number, tuple(Formula(cell.text, last) if isinstance(cell, Formula) else cell for cell, last in pairs)
    )


def _value(cell: Any) -> Value:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", value)))
    if cell.data_type == "e":
        return ErrorCell(str(value))
    if isinstance(value, str | int | float | bool) or hasattr(value, "year"):
        found: Value = value
        return found
    return str(value)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part that holds a sheet's cells."""
    from defusedxml.ElementTree import fromstring

    book = fromstring(archive.read("xl/workbook.xml"))
    links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    relation = next(
        (
            value
            for node in book.iter()
            if node.tag.endswith("}sheet") and node.get("name") == sheet
            for name, value in node.attrib.items()
            if name.endswith("}id")
        ),
        None,
    )
    target = next((node.get("Target", "") for node in links.iter() if node.get("Id") == relation), "")
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return name if name in archive.namelist() else None


def _block(match: re.Match[bytes]) -> Block:
    left, top, right, bottom = (part.decode() for part in match.groups())
    return Block(int(top), _column(left), int(bottom), _column(right))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
