"""Small files of products, as firms send them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from app.catalog.importing import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).parents[1] / "integration" / "catalog" / "data"
XLSX = "products.xlsx"
PRODUCT = {
    "产品型号": "CB100",
    "产品小类": "C0407 电池管理AFE",
    "产品名称": "18串电池采样芯片",
    "产品简介": "支持14至18串电池采样。",
    "封装形式": "LQFP64",
    "引脚数": 64,
    "工作温度下限(℃)": -40,
    "工作温度上限(℃)": 105,
    "质量等级": "车规G2",
    "生命周期阶段": "小批量",
}
"""A product that every rule accepts; its few parameters only keep it from being published."""
PARAM_TITLES = ("产品型号", "参数名称", "参数代码", "最小值", "典型值", "最大值", "单位", "文本值", "测试条件")
FIVE_PARAMS = (
    ("CB100", "输入电压范围", "vin", 4.5, None, 60, "V"),
    ("CB100", "静态电流", "iq", None, 120, 150, "µA"),
    ("CB100", "最大输出电流", "iout_max", None, None, 2, "A"),
    ("CB100", "开关频率", "fsw", 400, None, 600, "kHz"),
    ("CB100", "峰值效率", "eff_peak", None, 93, None, "%"),
)


def product(**changes: Any) -> dict[str, Any]:
    """Return a product by header; ``part_number="X"`` and the like replace values, None takes the column out."""
    named = {layout.header(name): value for name, value in changes.items()}
    return {title: value for title, value in {**PRODUCT, **named}.items() if value is not None}


def workbook(*products: dict[str, Any], params: Sequence[Sequence[Any]] = (), merged: Sequence[str] = ()) -> bytes:
    """Return a workbook with headers in row 1; the columns are those of the first product."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = layout.PRODUCTS
    titles = list(products[0])
    sheet.append(titles)
    for one in products:
        sheet.append([one.get(title) for title in titles])
    for block in merged:
        sheet.merge_cells(block)
    if params:
        lines = book.create_sheet(layout.PARAMS)
        lines.append(PARAM_TITLES)
        for line in params:
            lines.append(line)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(*rows: Sequence[Any], separator: str = ",") -> str:
    """Return rows as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


def product_table(*products: dict[str, Any]) -> str:
    """Return products as text; the columns are those of the first."""
    titles = list(products[0])
    return table(titles, *([one.get(title, "") for title in titles] for one in products))
