"""Finding the tables of a file and what their headers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from flask_babel import force_locale

from app.catalog.importing import labels, layout
from app.catalog.importing.source import UnreadableFile, open_source
from app.catalog.importing.survey import Mapping, Survey, survey
from tests.support import sheets

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.parametrize(
    "title", ["产品型号", "型号", " 产品型号 * ", "Part number", "part_number", "PART NO.", "ＭＰＮ"]
)  # fmt: skip
def test_a_header_is_known_in_chinese_in_english_and_by_key(title: str) -> None:
    assert layout.guess([title], layout.PRODUCT_COLUMNS) == ["part_number"]


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_what_the_product_form_calls_a_field_is_known(portal: Flask, locale: str) -> None:
    keys = [column.key for column in layout.LONG_COLUMNS if column.key]

    with portal.test_request_context(), force_locale(locale):
        titles = [str(labels.FIELDS[key]) for key in keys]

    assert dict(zip(titles, layout.guess(titles, layout.LONG_COLUMNS), strict=True)) == dict(
        zip(titles, keys, strict=True)
    )


def test_a_meaning_is_given_once() -> None:
    assert layout.guess(["型号", "产品型号", "颜色"], layout.PRODUCT_COLUMNS) == ["part_number", "", ""]


def test_the_headers_of_the_handbook_are_all_known() -> None:
    titles = [column.zh for column in layout.PRODUCT_COLUMNS]

    assert layout.guess(titles, layout.PRODUCT_COLUMNS) == [column.key for column in layout.PRODUCT_COLUMNS]


def test_headers_are_found_under_titles_and_notes() -> None:
    found = survey(open_source((sheets.DATA / "products.xlsx").read_bytes(), is_workbook=True))

    assert (found.products.sheet, found.products.header_row) == ("产品信息", 3)
    assert found.params is not None
    assert (found.params.sheet, found.params.header_row) == ("参数明细", 1)


def test_sheets_are_told_apart_by_their_headers_not_by_their_order() -> None:
    book = openpyxl.load_workbook(sheets.DATA / "products.xlsx")
    book.move_sheet("参数明细", -1)

    found = survey(open_source(sheets.saved(book), is_workbook=True))

    assert found.products.sheet == "产品信息"


def test_a_single_table_holds_its_parameters_itself() -> None:
    text = sheets.table(["型号", "名称", "参数代码", "典型值", "单位"], ["CB1", "芯片", "vin", 12, "V"])

    found = survey(open_source(text.encode(), is_workbook=False))

    assert found.params is None
    assert found.guess() == Mapping(("part_number", "name", "key", "typ", "unit"))


def test_a_file_with_other_headers_is_taken_as_it_is() -> None:
    found = survey(open_source(b"alpha,beta\n1,2\n", is_workbook=False))

    assert found.products.titles == ("alpha", "beta")
    assert found.guess() == Mapping(("", ""))


def test_a_file_without_a_table_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        survey(open_source(b"only words\n", is_workbook=False))

    assert refused.value.code == "no_table"


def test_what_was_found_survives_storage() -> None:
    found = survey(open_source(sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS), is_workbook=True))

    assert Survey.from_json(found.to_json()) == found
    assert Mapping.from_json(found.guess().to_json()) == found.guess()
