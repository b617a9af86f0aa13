"""The columns of the handbook's sheets: what they are called, and what they say about a product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app.catalog.reading import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PRODUCTS = "产品信息"
PARAMS = "参数明细"
GUIDE = "填写说明"
HEADER_ROW = 3
"""Where the headers of the first sheet stand: under the title and the note."""
PARAM_HEADER_ROW = 1
REASONS = "问题说明"
"""Header of the column that says what is wrong with a row that was handed back."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; ``key`` is a field of the command, or empty when files only tell it to people."""

    key: str
    zh: str
    en: str
    width: int
    also: tuple[str, ...] = ()
    """Further headers that people write."""
    shows: str = ""
    """What a column without ``key`` is filled with on the way out."""


PRODUCT_COLUMNS = (
    Column("", "序号", "No.", 6, ("编号", "number", "#"), shows="number"),
    Column("", "单位名称", "Company", 30, ("企业名称", "公司名称", "company name"), shows="firm"),
    Column("uscc", "统一社会信用代码", "Unified social credit code", 22, ("USCC", "信用代码"), shows="uscc"),
    Column("part_number", "产品型号", "Part number", 16, ("型号", "料号", "part no", "part", "mpn", "model")),
    Column("", "产品大类", "Main category", 14, ("大类",), shows="main_category"),
    Column("category", "产品小类", "Category", 18, ("小类", "类别", "产品类别", "subcategory", "category code")),
    Column("name", "产品名称", "Product name", 26, ("名称", "品名", "name")),
    Column("description", "产品简介", "Description", 60, ("简介", "描述", "说明", "产品描述", "summary")),
    Column("", "主要参数", "Main parameters", 60, shows="summary"),
    Column("interfaces", "接口", "Interfaces", 26, ("接口类型", "interface")),
    Column("package", "封装形式", "Package", 12, ("封装",)),
    Column("size_mm", "封装尺寸(mm)", "Size (mm)", 13, ("尺寸", "尺寸(mm)", "封装尺寸", "size")),
    Column("pins", "引脚数", "Pins", 8, ("管脚数", "pin count")),
    Column("pin_map", "引脚定义", "Functions of the pins", 30, ("管脚定义", "引脚功能", "pinout", "pin functions")),
    Column(
        "temp_min",
        "工作温度下限(℃)",
        "Lowest operating temperature (°C)",
        10,
        ("最低工作温度", "lowest operating temperature", "temp min", "tmin"),
    ),
    Column(
        "temp_max",
        "工作温度上限(℃)",
        "Highest operating temperature (°C)",
        10,
        ("最高工作温度", "highest operating temperature", "temp max", "tmax"),
    ),
    Column("quality_grade", "质量等级", "Quality grade", 14, ("等级", "grade")),
    Column("qualifications", "可靠性与认证", "Qualifications", 34, ("认证", "认证资质", "可靠性认证", "certification")),
    Column("functional_safety", "功能安全", "Functional safety", 10, ("功能安全等级", "asil")),
    Column("lifecycle_stage", "生命周期阶段", "Life-cycle stage", 13, ("生命周期", "产品阶段", "stage", "status")),
    Column("mp_since", "量产时间", "In mass production since", 12, ("量产日期", "量产起始", "mass production date")),
    Column("process_node_nm", "工艺节点(nm)", "Process node (nm)", 10, ("工艺节点", "制程", "process node")),
    Column("foundry_region", "流片地区", "Wafer fab", 10, ("流片地", "晶圆产地", "foundry")),
    Column("osat_region", "封测地区", "Packaging and test", 10, ("封测地", "封测产地", "osat")),
    Column(
        "monthly_capacity_kpcs", "月产能(千颗)", "Monthly capacity (thousand pcs)", 13, ("月产能", "monthly capacity")
    ),
    Column("lead_time_weeks", "交期(周)", "Lead time (weeks)", 9, ("交期", "lead time")),
    Column("moq", "最小起订量(颗)", "Minimum order (pcs)", 12, ("最小起订量", "起订量", "minimum order")),
    Column(
        "price_1k_cny",
        "千颗单价(元)",
        "Unit price at 1k (CNY)",
        11,
        ("千颗单价", "1k单价", "price 1k", "unit price at 1k"),
    ),
    Column(
        "price_10k_cny",
        "万颗单价(元)",
        "Unit price at 10k (CNY)",
        11,
        ("万颗单价", "10k单价", "price 10k", "unit price at 10k"),
    ),
    Column(
        "price_100k_cny",
        "十万颗单价(元)",
        "Unit price at 100k (CNY)",
        12,
        ("十万颗单价", "100k单价", "price 100k", "unit price at 100k"),
    ),
    Column("benchmark_parts", "对标型号", "Comparable parts", 34, ("对标产品", "可对标型号", "cross reference")),
    Column("ip_core", "IP来源", "IP core", 10, ("IP核",)),
    Column("software", "软件与参考设计", "Software and reference designs", 30, ("软件", "软件支持")),
    Column("reference_customers", "应用情况", "In use at", 30, ("应用案例", "reference customers")),
    Column("cumulative_shipment_wan", "累计出货(万颗)", "Shipped so far (10k pcs)", 13, ("累计出货", "shipments")),
    Column(
        "datasheet_url",
        "数据手册链接",
        "Data sheet (web address)",
        36,
        ("数据手册", "数据手册(网址)", "datasheet", "data sheet"),
    ),
    Column("is_sample_available", "可否送样", "Samples available", 9, ("是否送样", "可提供样品", "送样", "samples")),
    Column("", "数据来源", "Source of the data", 10, shows="data_source"),
    Column("", "企业确认日期", "Confirmed on", 13, shows="confirmed_on"),
)
PARAM_COLUMNS = (
    Column("part_number", "产品型号", "Part number", 16, ("型号", "料号", "part no", "part", "mpn", "model")),
    Column("uscc", "统一社会信用代码", "Unified social credit code", 22, ("USCC", "信用代码"), shows="uscc"),
    Column("param_name", "参数名称", "Parameter", 22, ("参数", "parameter name")),
    Column("key", "参数代码", "Parameter code", 14, ("parameter key", "code")),
    Column("min", "最小值", "Min.", 10, ("最小", "minimum")),
    Column("typ", "典型值", "Typ.", 10, ("典型", "typical", "value", "数值")),
    Column("max", "最大值", "Max.", 10, ("最大", "maximum")),
    Column("unit", "单位", "Unit", 10, ("units",)),
    Column("value_text", "文本值", "Value in words", 30, ("文字取值", "text", "text value")),
    Column("condition", "测试条件", "Condition", 30, ("条件", "test condition", "conditions")),
)
IDENTITY = ("part_number", "uscc")
"""Columns that both sheets have."""
LONG_COLUMNS = (*PRODUCT_COLUMNS, *(column for column in PARAM_COLUMNS if column.key not in IDENTITY))
"""A single table: one line a parameter, what the product itself says only in its first line."""
PRODUCT_KEYS = tuple(column.key for column in PRODUCT_COLUMNS if column.key)
PARAM_KEYS = tuple(column.key for column in PARAM_COLUMNS if column.key not in IDENTITY)


def guess(titles: Sequence[str], columns: Iterable[Column]) -> list[str]:
    """Return for each header the key it means, each key at most once; empty for what is not taken over."""
    known = _names(tuple(columns))
    taken: set[str] = set()
    keys = []
    for title in titles:
        key = known.get(_plain(title), "")
        keys.append("" if key in taken else key)
        taken.add(key)
    return keys


def likeness(titles: Sequence[str], columns: Iterable[Column]) -> int:
    """Return how many headers are known."""
    known = _names(tuple(columns))
    return len({_plain(title) for title in titles if title} & known.keys())


def header(key: str, columns: Iterable[Column] = LONG_COLUMNS) -> str:
    """Return what a field's column is called in the handbook."""
    return next((column.zh for column in columns if column.key == key), key)


@cache
def _names(columns: tuple[Column, ...]) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in columns:
        for name in (column.zh, column.en, column.key, *column.also):
            if name:
                names.setdefault(_plain(name), column.key)
    return names


def _plain(title: str) -> str:
    """Return a header without case, blanks, stars and signs that people write in different ways."""
    return re.sub(r"[\s*_.:()\[\]/-]+", "", fold(title).casefold())
