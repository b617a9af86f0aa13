"""Writing files in the layout of the handbook, row by row, so that no spreadsheet takes a text for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from typing import IO, TYPE_CHECKING, Any

from app.catalog import codes
from app.catalog.importing import layout, sheets
from app.catalog.labels import WRITTEN
from app.core.text import csv_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.catalog.importing.sheets import Cell, Firm, Listed

IN_MEMORY = 4 * 1024 * 1024
CHUNK = 64 * 1024
LONGEST = 32_767
"""Characters that a cell of a workbook can hold."""
TITLE = "芯片产品供需对接手册信息表"
NOTE = (
    "填报说明：1.一个可订货型号填写一行；2.“主要参数”为便于阅读的摘要，结构化数据以“参数明细”表为准；"
    "3.未掌握的内容留空，不要填写“无”或“暂定”；4.单价为含税人民币元。"
)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_workbook(products: Iterable[Listed], firm: Firm) -> IO[bytes]:
    """Return products as a workbook with its three sheets, from its beginning."""
    book = _Book()
    table = book.sheet(layout.PRODUCTS, layout.PRODUCT_COLUMNS, head=(TITLE, NOTE))
    lines = book.sheet(layout.PARAMS, layout.PARAM_COLUMNS)
    for number, product in enumerate(products, 1):
        table.add(sheets.product_cells(number, product, firm))
        for param in product.sheet.params:
            lines.add(sheets.param_cells(product.sheet.part_number, param, firm))
    book.guide()
    return book.saved()


def write_csv(products: Iterable[Listed], firm: Firm) -> IO[bytes]:
    """Return products as one table of text, one line a parameter, from its beginning."""
    rows = (row for number, product in enumerate(products, 1) for row in sheets.long_rows(number, product, firm))
    return write_table(sheets.titles(layout.LONG_COLUMNS), rows)


def write_table(titles: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """Return rows as CSV in UTF-8 with the mark by which Excel recognises it."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the caller
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", errors="replace")
    writer = csv.writer(text)
    writer.writerow([_text(cell) for cell in titles])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    text.detach()
    file.seek(0)
    return file


def write_rest(tables: Iterable[tuple[str, int, Sequence[str], Iterable[Sequence[Cell]]]]) -> IO[bytes]:
    """Return tables ``(sheet, row of the headers, headers, rows)`` as a workbook, from its beginning."""
    book = _Book()
    for sheet, header_row, titles, rows in tables:
        columns = [layout.Column("", title, title, 60 if title == titles[-1] else 16) for title in titles]
        head = (TITLE, NOTE)[: max(0, header_row - 1)] if header_row == layout.HEADER_ROW else ("",) * (header_row - 1)
        table = book.sheet(sheet, columns, head=head)
        for row in rows:
            table.add(row)
    return book.saved()


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece and close it."""
    with file:
        while piece := file.read(CHUNK):
            yield piece


class _Book:
    def __init__(self) -> None:
        from openpyxl import Workbook

        self._book = Workbook(write_only=True)

    def sheet(self, name: str, columns: Sequence[layout.Column], head: Sequence[str] = ()) -> _Sheet:
        """Begin a sheet with its headers under some lines of text."""
        from openpyxl.utils import get_column_letter

        sheet: Any = self._book.create_sheet(name)
        for place, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.freeze_panes = f"A{len(head) + 2}"
        table = _Sheet(sheet)
        for line in head:
            table.add([line])
        table.add(sheets.titles(columns), is_bold=True)
        return table

    def guide(self) -> None:
        """Add the sheet that says how to fill in the others."""
        columns = (layout.Column("", "项目", "", 24), layout.Column("", "说明", "", 120))
        table = self.sheet(layout.GUIDE, columns)
        for row in _guide():
            table.add(row)

    def saved(self) -> IO[bytes]:
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the caller
        self._book.save(file)
        file.seek(0)
        return file


class _Sheet:
    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def add(self, cells: Sequence[Cell], *, is_bold: bool = False) -> None:
        """Write a row."""
        self._sheet.append([self._cell(cell, is_bold) for cell in cells])

    def _cell(self, value: Cell, is_bold: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        if value is None or value == "":
            return None
        held: Any = _ILLEGAL.sub("", value)[:LONGEST] if isinstance(value, str) else value
        cell = WriteOnlyCell(self._sheet, held)
        if isinstance(value, str):
            cell.data_type = "s"  # or "=…" would be computed
        elif isinstance(value, dt.date):
            cell.number_format = "yyyy-mm-dd"
        if is_bold:
            cell.font = Font(bold=True)
        return cell


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return csv_safe(cell) if isinstance(cell, str) else str(cell)


def _guide() -> Iterator[list[Cell]]:
    yield ["产品型号", "同一单位内不得重复；一个可订货型号一行。已有的型号按本表更新，没有的型号新建为草稿"]
    yield ["产品小类", "代码加名称，代码见下方列表；产品大类、主要参数等列仅供阅读，导入时不读取"]
    yield ["参数明细", "每行一个参数；只填最小、典型、最大中已知的值，空白表示未知；集合型参数写入文本值，以顿号分隔"]
    yield ["单位", "须为单位字典中的单位或别名，例如 V、mA、µA、MHz、℃"]
    yield ["质量等级", "、".join(WRITTEN["quality_grade"])]
    yield ["生命周期阶段", "、".join(WRITTEN["lifecycle_stage"])]
    yield ["引脚定义", "引脚号 空格 功能，以分号分隔，例如 1 VCC;2 GND；EP 表示底部焊盘；可不填"]
    yield ["量产时间", "量产及以后阶段必填，日期格式"]
    yield [
        "可靠性与认证",
        "标准 等级 状态 报告编号，以分号分隔；状态："
        + "、".join(WRITTEN["qualification_status"])
        + "；已通过的须写明报告编号",
    ]
    yield ["对标型号", "厂商 型号(关系)，以分号分隔；关系：" + "、".join(WRITTEN["relation"])]
    yield ["应用情况", "应用(阶段)，以分号分隔；对方同意公开的写作 应用(阶段·可公开)"]
    yield ["接口", "、".join(codes.INTERFACES)]
    yield ["月产能(千颗)", "、".join(codes.CAPACITY_BANDS)]
    yield ["累计出货(万颗)", "、".join(codes.SHIPMENT_BANDS)]
    for top in codes.chip_categories().values():
        if not top.parent:
            leaves = (f"{leaf.code} {leaf.zh}" for leaf in codes.children(top.code))
            yield [f"{top.code} {top.zh}", "、".join(leaves)]
