"""What becomes of the rows of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.catalog.commands import ReferenceCustomer
from app.catalog.importing.judge import Action, Judgement, Known, TakeOver, Verdict, judge
from app.catalog.importing.reader import Reading, read
from app.catalog.importing.source import open_source
from app.catalog.importing.survey import survey
from app.catalog.workflow import ProductState
from tests.support import sheets

if TYPE_CHECKING:
    from collections.abc import Sequence


def reading(*products: dict[str, Any], params: Sequence[Sequence[Any]] = (), uscc: str = "", **more: Any) -> Reading:
    source = open_source(sheets.workbook(*products, params=params, **more), is_workbook=True)
    found = survey(source)
    return read(source, found, found.guess(), uscc=uscc)


def judged(found: Reading, row: int = 0, known: Known | None = None) -> Judgement:
    return judge(found, found.rows[row], known)


def kinds(one: Judgement) -> list[str]:
    return [finding.kind for finding in one.findings]


def test_a_new_part_with_five_parameters_is_right_and_complete() -> None:
    one = judged(reading(sheets.product(), params=sheets.FIVE_PARAMS))

    assert (one.action, one.verdict, one.findings, one.is_complete) == (Action.CREATE, Verdict.RIGHT, (), True)


def test_a_new_part_with_few_parameters_is_right_as_a_draft() -> None:
    one = judged(reading(sheets.product()))

    assert (one.verdict, kinds(one), one.is_complete) == (Verdict.RIGHT, ["too_few_parameters"], False)


def test_a_row_with_only_corrections_on_offer_can_be_repaired() -> None:
    one = judged(reading(sheets.product(temp_min="－４０"), params=sheets.FIVE_PARAMS))

    assert (one.verdict, one.sheet.temp_min) == (Verdict.REPAIRABLE, -40.0)
    assert TakeOver(is_repaired=True).takes(one)
    assert not TakeOver().takes(one)


def test_one_thing_that_nobody_can_know_makes_a_row_wrong() -> None:
    one = judged(reading(sheets.product(temp_min="－４０", name=""), params=sheets.FIVE_PARAMS))

    assert one.verdict is Verdict.WRONG
    assert not TakeOver(is_repaired=True).takes(one)


def test_the_value_of_merged_cells_is_offered_from_above() -> None:
    found = reading(sheets.product(), sheets.product(part_number="CB2", pins=""), merged=["F2:F3"])

    one = judged(found, 1)

    assert [(finding.kind, finding.cell, finding.fix) for finding in one.findings if finding.is_blocking] == [
        ("merged_cells", "F3", "64")
    ]


def test_columns_that_the_file_lacks_stay_as_they_are() -> None:
    stored = judged(reading(sheets.product(), params=sheets.FIVE_PARAMS)).sheet
    known = Known(ProductState.PUBLISHED, stored)

    one = judged(reading({"产品型号": "CB100", "千颗单价(元)": 1.5}), known=known)

    assert (one.action, one.verdict, one.changed) == (Action.UPDATE, Verdict.RIGHT, ("price_1k_cny",))
    assert one.sheet.params == stored.params


def test_a_row_that_says_what_is_stored_changes_nothing() -> None:
    found = reading(sheets.product(), params=sheets.FIVE_PARAMS)

    one = judged(found, known=Known(ProductState.DRAFT, judged(found).sheet))

    assert one.action is Action.KEEP


def test_a_published_part_must_stay_complete() -> None:
    stored = judged(reading(sheets.product(), params=sheets.FIVE_PARAMS)).sheet

    one = judged(reading(sheets.product(), params=sheets.FIVE_PARAMS[:2]), known=Known(ProductState.PUBLISHED, stored))

    assert (one.verdict, kinds(one)) == (Verdict.WRONG, ["too_few_parameters"])


def test_an_archived_part_is_not_written() -> None:
    found = reading(sheets.product(), params=sheets.FIVE_PARAMS)

    one = judged(found, known=Known(ProductState.ARCHIVED, judged(found).sheet))

    assert (one.verdict, kinds(one)) == (Verdict.WRONG, ["archived"])


def test_the_consent_of_a_customer_is_kept_when_the_file_does_not_repeat_it() -> None:
    found = reading(sheets.product(reference_customers="车载(量产)"), params=sheets.FIVE_PARAMS)
    consented = ReferenceCustomer("车载", "量产", "Y")
    stored = replace(judged(found).sheet, reference_customers=(consented,))

    one = judged(found, known=Known(ProductState.DRAFT, stored))

    assert one.sheet.reference_customers == (consented,)


@pytest.mark.parametrize(
    ("line", "kind", "column"),
    [
        (("CB100", None, "vin", 60, None, 6, "V"), "min_greater_than_max", "最小值"),
        (("CB100", None, "vin", 6, None, 60, "KHtz"), "unknown_unit", "单位"),
        (("CB100", None, "vin", 6, None, 60, "A"), "unit_mismatch", "单位"),
        (("CB100", None, "vin", "six", None, 60, "V"), "not_a_number", "最小值"),
        (("CB100", "没有的参数", None, 6, None, 60, "V"), "unknown_parameter", "参数代码"),
        (("CB100", None, "vin"), "missing_required", "典型值"),
        (("CB100", None, "vin", 6, None, 60, "V", None, "<script>"), "html_or_script", "测试条件"),
    ],
)
def test_what_is_wrong_with_a_parameter_stands_beside_its_cell(line: tuple[Any, ...], kind: str, column: str) -> None:
    one = judged(reading(sheets.product(), params=[line]))

    blocking = [finding for finding in one.findings if finding.is_blocking]
    assert [(finding.sheet, finding.row, finding.column, finding.kind) for finding in blocking] == [
        ("参数明细", 2, column, kind)
    ]


def test_a_parameter_stated_twice_is_found() -> None:
    one = judged(reading(sheets.product(), params=[*sheets.FIVE_PARAMS, sheets.FIVE_PARAMS[0]]))

    assert [(finding.kind, finding.row) for finding in one.findings] == [("duplicate_parameter", 7)]


def test_a_parameter_whose_part_is_not_listed_is_found() -> None:
    found = reading(sheets.product(), params=[("CB999", None, "vin", 6, None, 60, "V")])

    assert [(finding.kind, finding.row, finding.value) for finding in found.orphans] == [
        ("unknown_part_number", 2, "CB999")
    ]


def test_the_lines_of_a_repeated_part_number_are_not_mixed() -> None:
    twice = [*sheets.FIVE_PARAMS, *sheets.FIVE_PARAMS]
    found = reading(sheets.product(), sheets.product(), params=twice)

    assert [len(row.lines) for row in found.rows] == [5, 5]
    assert judged(found, 0).verdict is Verdict.RIGHT
    assert kinds(judged(found, 1)) == ["duplicate_part_number"]


def test_rows_of_another_company_are_counted() -> None:
    rows = [sheets.product(uscc="A"), sheets.product(uscc="B", part_number="CB2")]

    assert reading(*rows, uscc="A").n_other_company == 1


def test_a_single_table_goes_on_with_the_parameters_of_the_part_above() -> None:
    titles = [*sheets.PRODUCT, "参数代码", "典型值", "单位"]
    itself = [*sheets.PRODUCT.values(), "vin", 12, "V"]
    second = ["CB100", *[""] * (len(sheets.PRODUCT) - 1), "iq", 120, "µA"]
    third = [*[""] * len(sheets.PRODUCT), "iout_max", 2, "A"]
    source = open_source(sheets.table(titles, itself, second, third).encode(), is_workbook=False)
    found = survey(source)

    rows = read(source, found, found.guess()).rows

    assert [[param.key for param in row.sheet.params] for row in rows] == [["vin", "iq", "iout_max"]]
