"""Requirements down, offers across."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.compliance import Asked, Offer, Promise, matrix, name_of, requirement_text
from matching.records import Parameter, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ERROR = Asked("cell_err", "<=", "2", "mV", condition="25 ℃")
CELLS = Asked("cells", "covers", "14~18", "串")
SLEEP = Asked("sleep_i", "<=", "20", "µA", is_must=False)


@pytest.fixture(autouse=True)
def _request(portal: Flask) -> Iterator[None]:
    with portal.test_request_context("/?", headers={"Accept-Language": "en"}):
        yield


def promises(*values: tuple[str, str]) -> Offer:
    return Offer("A bid", promises={place: Promise(value, unit) for place, (value, unit) in enumerate(values)})


def test_musts_come_first_and_otherwise_the_order_stays() -> None:
    view = matrix([SLEEP, ERROR, CELLS], [])

    assert [(row.name, row.must) for row in view.rows] == [
        ("cell voltage error", True), ("cells in series", True), ("sleep current", False),
    ]  # fmt: skip


def test_a_promise_is_judged_in_the_requirements_own_unit() -> None:
    cell = matrix([ERROR], [promises(("1500", "µV"))]).rows[0].cells[0]

    assert cell.status == "met"
    assert "1.5" in cell.offered
    assert cell.margin_text == "margin 25\u202f%"


def test_a_promise_that_is_too_weak_says_by_how_much() -> None:
    cell = matrix([ERROR], [promises(("3", "mV"))]).rows[0].cells[0]

    assert cell.status == "violated"
    assert cell.margin_text == "short by 50\u202f%"


@pytest.mark.parametrize(("value", "unit", "status"), [("", "", "unknown"), ("2", "kg", "not_comparable")])
def test_what_cannot_be_judged_says_so(value: str, unit: str, status: str) -> None:
    assert matrix([ERROR], [promises((value, unit))]).rows[0].cells[0].status == status


def test_a_promise_belongs_to_its_requirement_whatever_the_order_of_rows() -> None:
    view = matrix([SLEEP, ERROR], [promises(("15", "µA"), ("9", "mV"))])

    assert [row.cells[0].status for row in view.rows] == ["violated", "met"]


def test_a_sheet_is_judged_by_its_parameters() -> None:
    sheet = Sheet("1", "text", params=(Parameter("cells", min=6, max=18, unit="串"),))

    assert matrix([CELLS, ERROR], [Offer("CB1", sheet=sheet)]).rows[0].cells[0].status == "met"


def test_totals_count_the_musts_of_each_column() -> None:
    view = matrix([ERROR, CELLS, SLEEP], [promises(("1", "mV"), ("", ""), ("15", "µA")), promises()])

    assert view.totals == ({"met": 1, "unknown": 1}, {"unknown": 2})


def test_without_requirements_there_is_nothing_to_show() -> None:
    view = matrix([], [promises()])

    assert view.rows == ()
    assert view.totals == ({},)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (ERROR, "≤ 2\u202fmV"),
        (CELLS, "⊇ 14~18\u202fcells"),
        (Asked("vin", "covers", "12~12", "V"), "⊇ 12\u202fV"),
        (Asked("display_if", "has", "SPI|RGB"), "∋ SPI | RGB"),
        (Asked("bt_ver", ">=", "5.3", "1"), "≥ 5.3"),
    ],
)
def test_a_requirement_reads_as_in_a_data_sheet(asked: Asked, text: str) -> None:
    assert requirement_text(asked) == text


def test_a_name_of_its_own_comes_before_that_of_the_dictionary() -> None:
    assert name_of(Asked("cell_err", "<=", "2", name="误差")) == "误差"
    assert name_of(Asked("unheard_of", "<=", "2")) == "unheard_of"


def test_the_items_of_an_offered_list_have_room_between_them() -> None:
    view = matrix([Asked("display_if", "has", "SPI")], [promises(("SPI|RGB", ""))])

    assert view.rows[0].cells[0].offered == "SPI | RGB"
