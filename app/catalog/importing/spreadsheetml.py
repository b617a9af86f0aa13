"""The XML inside a workbook (ECMA-376 part 1, chapter 18), as far as values need it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final
from xml.parsers import expat

from app.catalog.importing.archive import DAMAGED
from app.catalog.importing.source import ErrorCell, Formula, Row, UnreadableFile, Value

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator

_CHUNK: Final = 64 * 1024
MAX_ROWS: Final = 1_048_576
MAX_SMALL_PART: Final = 8 * 1024 * 1024
"""Of the parts that are read at once: list of sheets, links, styles."""
DATE_FORMATS: Final = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
"""Built-in formats of dates and times, those of Chinese versions among them."""
RELATION: Final = "id"


@dataclass(slots=True)
class Book:
    """What the cells refer to."""

    parts: dict[str, str] = field(default_factory=dict)
    """Part of the archive by the name of its sheet, in the order of the sheets."""
    strings: list[str] = field(default_factory=list)
    date_styles: frozenset[int] = frozenset()
    is_1904: bool = False


def read_book(archive: zipfile.ZipFile) -> Book:
    """Read everything but the sheets themselves."""
    book = Book()
    links = _links(archive)
    sheets: list[tuple[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append((attributes.get("name", ""), _relation(attributes)))
        elif name == "workbookPr":
            book.is_1904 = attributes.get("date1904", "0") in ("1", "true")

    _walk(_small(archive, "xl/workbook.xml"), start)
    names = set(archive.namelist())
    kinds = {identity: (kind, _part(target)) for identity, (kind, target) in links.items()}
    for name, identity in sheets:
        kind, part = kinds.get(identity, ("", ""))
        if kind == "worksheet" and part in names:
            book.parts[name] = part
    for kind, part in kinds.values():
        if kind == "sharedStrings" and part in names:
            with archive.open(part) as file:
                book.strings = _strings(file)
        elif kind == "styles" and part in names:
            book.date_styles = _date_styles(_small(archive, part))
    return book


def rows_of(part: IO[bytes], book: Book, width: int) -> Iterator[Row]:
    """Yield the rows of a sheet with at most ``width`` cells each."""
    reader = _SheetReader(book, width)
    parser = _parser(reader.start, reader.end, reader.text)
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
        yield from reader.taken()
    parser.Parse(b"", True)
    yield from reader.taken()


class _SheetReader:
    """Gathers the cells of rows; what is between two calls of ``taken`` is held."""

    def __init__(self, book: Book, width: int) -> None:
        self._book, self._width = book, width
        self._rows: list[Row] = []
        self._number = 0
        self._cells: list[Value] = []
        self._column = -1
        self._cell: dict[str, str] = {}
        self._pieces: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._is_phonetic = False

    def taken(self) -> list[Row]:
        """Return the rows that are complete, and forget them."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell, self._pieces = attributes, {}
            place = attributes.get("r")
            self._column = column_number(place.rstrip("0123456789")) if place else self._column + 1
        elif name in ("v", "f", "t"):
            self._into = None if self._is_phonetic else self._pieces.setdefault(name, [])
        elif name == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._cells, self._column = [], -1
            if not 0 < self._number <= MAX_ROWS:
                raise UnreadableFile(DAMAGED, code="workbook_damaged")
        elif name == "rPh":
            self._is_phonetic = True

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "f", "t"):
            self._into = None
        elif name == "c":
            self._add()
        elif name == "row":
            self._rows.append(Row(self._number, tuple(self._cells)))
        elif name == "rPh":
            self._is_phonetic = False

    def _add(self) -> None:
        if self._column >= self._width:
            return
        value = self._value()
        if "f" in self._pieces:
            shown: Any = None if isinstance(value, ErrorCell) else value
            value = Formula("=" + ("".join(self._pieces["f"]) or "…"), shown)
        if value is not None:
            self._cells += [None] * (self._column + 1 - len(self._cells))
            self._cells[self._column] = value

    def _value(self) -> Value:
        kind = self._cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(self._pieces.get("t", ()))
        text = "".join(self._pieces.get("v", ()))
        if not text:
            return None
        if kind == "s":
            return self._book.strings[int(text)]
        if kind == "n":
            return self._number_or_date(text)
        if kind == "b":
            return text in ("1", "true")
        if kind == "e":
            return ErrorCell(text)
        return dt.datetime.fromisoformat(text) if kind == "d" else text

    def _number_or_date(self, text: str) -> Value:
        number = float(text) if any(sign in text for sign in ".eE") else int(text)
        if int(self._cell.get("s") or 0) not in self._book.date_styles:
            return number
        return _date(float(number), is_1904=self._book.is_1904)


def _date(days: float, *, is_1904: bool) -> Value:
    """Return what a count of days means; Excel's calendar has a 29 February 1900 (ECMA-376 part 1, 18.17.4)."""
    start = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a day, no instant
    if not is_1904 and 0 < days < 60:
        days += 1
    try:
        return start + dt.timedelta(seconds=round(days * 86_400))
    except (OverflowError, ValueError):
        return ErrorCell("#VALUE!")


def column_number(letters: str) -> int:
    """Return the place of column ``AB``, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _strings(file: IO[bytes]) -> list[str]:
    """Return the shared texts; how a word is pronounced is no part of it."""
    found: list[str] = []
    pieces: list[str] = []
    state = {"t": False, "rPh": False}

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            pieces.clear()
        elif name in state:
            state[name] = True

    def end(name: str) -> None:
        if name == "si":
            found.append("".join(pieces))
        elif name in state:
            state[name] = False

    def text(text: str) -> None:
        if state["t"] and not state["rPh"]:
            pieces.append(text)

    parser = _parser(start, end, text)
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return found


def _date_styles(content: bytes) -> frozenset[int]:
    """Return the numbers of the cell styles that show dates."""
    from openpyxl.styles.numbers import is_date_format

    custom: dict[int, str] = {}
    formats: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            formats.append(int(attributes.get("numFmtId") or 0))
        inside.append(name)

    _walk(content, start, lambda _name: inside.pop())

    def is_date(number: int) -> bool:
        return is_date_format(custom[number]) if number in custom else number in DATE_FORMATS

    return frozenset(place for place, number in enumerate(formats) if is_date(number))


def _links(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Return kind and target of what the workbook links to, by identity."""
    links: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            links[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    _walk(_small(archive, "xl/_rels/workbook.xml.rels"), start)
    return links


def _relation(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(f":{RELATION}")), "")


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_SMALL_PART:
        raise UnreadableFile(DAMAGED, code="workbook_damaged")
    return archive.read(name)


def _walk(
    content: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], object] = lambda _name: None
) -> None:
    _parser(start, end, lambda _text: None).Parse(content, True)


def _parser(
    start: Callable[[str, dict[str, str]], None], end: Callable[[str], object], text: Callable[[str], None]
) -> expat.XMLParserType:
    """Return a parser that knows names without their prefix and refuses documents that declare anything."""

    def refuse(*_args: object) -> None:
        raise UnreadableFile(DAMAGED, code="workbook_damaged")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    return parser
