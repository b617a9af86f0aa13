"""Files as rows, and files that are better not opened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from app.catalog.importing import archive as module
from app.catalog.importing.archive import refuse_unsafe
from app.catalog.importing.source import Formula, UnreadableFile, address, open_source
from app.catalog.importing.survey import survey
from tests.support import sheets

ROWS = (("产品型号", "产品名称"), ("CB1", "芯片"), ("CB2", "电源"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_is_read_in_every_usual_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    content = sheets.table(*ROWS, separator=separator).encode(encoding)

    source = open_source(content, is_workbook=False)

    assert [row.cells for row in source.rows("CSV")] == list(ROWS)


def test_blank_rows_are_left_out_and_the_numbers_of_the_others_stay() -> None:
    source = open_source("产品型号,产品名称\n\n,  \nCB1,芯片\n".encode(), is_workbook=False)

    assert [row.number for row in source.rows("CSV")] == [1, 4]


def test_a_cell_that_was_disarmed_on_the_way_out_reads_as_it_was() -> None:
    source = open_source("产品型号,产品名称\nCB1,'-40~85\n".encode(), is_workbook=False)

    assert [row.cells[1] for row in source.rows("CSV")][1] == "-40~85"


def test_bytes_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        open_source(b"\xff\xff\xff\x80", is_workbook=False)

    assert refused.value.code == "csv_encoding"


def test_formulas_and_merged_cells_of_a_workbook_are_seen() -> None:
    content = sheets.workbook(sheets.product(moq="=1+1"), sheets.product(part_number="CB2"), merged=["H2:H3"])

    source = open_source(content, is_workbook=True)
    rows = list(source.rows("产品信息"))

    assert Formula("=1+1") in rows[1].cells
    assert [(block.top, block.left, block.bottom) for block in source.merged("产品信息")] == [(2, 7, 3)]


def test_a_row_that_no_spreadsheet_can_have_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active.append(["产品型号", "产品名称"])
    content = _replaced(sheets.saved(book), b'<row r="1"', b'<row r="99999999999"')

    with pytest.raises(UnreadableFile) as refused:
        list(open_source(content, is_workbook=True).rows("Sheet"))

    assert refused.value.code == "workbook_damaged"


def test_cells_far_to_the_right_are_not_filled_up() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1"] = "产品型号", "far away"

    rows = list(open_source(sheets.saved(book), is_workbook=True).rows("Sheet"))

    assert rows[0].cells == ("产品型号",)


@pytest.mark.parametrize(
    ("cell", "shown", "read"),
    [
        (dt.date(2023, 5, 1), "yyyy-mm", dt.datetime(2023, 5, 1)),  # noqa: DTZ001 - a day, no instant
        (45047, 'yyyy"年"m"月"', dt.datetime(2023, 5, 1)),  # noqa: DTZ001 - a day, no instant
        (12, "0.00", 12),
        (0.5, "General", 0.5),
        (True, "General", True),
        ("两行\n文字", "General", "两行\n文字"),
    ],
)
def test_values_are_read_as_the_style_of_the_cell_shows_them(cell: Any, shown: str, read: Any) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = cell
    book.active["A1"].number_format = shown

    rows = list(open_source(sheets.saved(book), is_workbook=True).rows("Sheet"))

    assert rows[0].cells == (read,)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook_encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "workbook_old"),
        (b"PK\x03\x04 and nothing else", "workbook_damaged"),
    ],
)
def test_workbooks_that_cannot_be_opened_are_named(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        refuse_unsafe(content)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"macro"}, "workbook_macros"),
        ({"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}, "workbook_macros"),
        ({"xl/worksheets/sheet1.xml": b" " * (11 * 1024 * 1024)}, "workbook_too_large"),
    ],
)
def test_macros_and_bombs_are_refused_from_outside(parts: dict[str, bytes], code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        refuse_unsafe(_archive(parts))

    assert refused.value.code == code


def test_texts_that_would_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STRINGS", 1000)

    with pytest.raises(UnreadableFile) as refused:
        refuse_unsafe(_archive({"xl/sharedStrings.xml": b"x" * 1001}))

    assert refused.value.code == "workbook_too_large"


def test_entities_that_expand_are_never_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    content = _with_part(sheets.workbook(sheets.product()), "xl/worksheets/sheet1.xml", bomb)

    with pytest.raises(UnreadableFile) as refused:
        survey(open_source(content, is_workbook=True))

    assert refused.value.code == "workbook_damaged"


@pytest.mark.parametrize(("row", "column", "name"), [(1, 0, "A1"), (5, 25, "Z5"), (12, 27, "AB12"), (3, 701, "ZZ3")])
def test_cells_are_called_as_in_the_spreadsheet(row: int, column: int, name: str) -> None:
    assert address(row, column) == name


def _archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, text in {**parts, name: part}.items():
            archive.writestr(other, text)
    return file.getvalue()


def _replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(name)
    return _with_part(content, name, part.replace(old, new))
