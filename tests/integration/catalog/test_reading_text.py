"""Reading parameters out of the pasted text of a data sheet: proposed, ticked, taken over; no script needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.catalog.models import ChipProduct
from app.catalog.proposals import MAX_TEXT, SHOWN

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/products/new"
TEXT = "静态电流典型值 35µA，工作温度 -40~125℃，封装 LQFP-64 10×10mm，接口 SPI、I2C，AEC-Q100 Grade 1，ASIL D"


def row(text: str, number: int) -> dict[str, str]:
    found = re.findall(rf'name="params-{number}-(\w+)"[^>]*?value="([^"]*)"', text)
    return {part: value for part, value in found if value}


def test_what_the_text_states_is_proposed_and_nothing_taken_over(editor: FlaskClient, session: Session) -> None:
    answer = editor.post(URL, data={"category": "C0407", "sheet_text": TEXT, "read_text": "1"})

    assert answer.status_code == 200
    assert 'name="read" value="iq@" checked' in answer.text
    assert "<q" in answer.text
    assert "静态电流典型值 35µA</q>" in answer.text
    assert 'name="params-0-key"' not in answer.text.split("<template")[0]
    assert session.scalar(select(func.count()).select_from(ChipProduct)) == 0


def test_a_ticked_number_becomes_a_row(editor: FlaskClient) -> None:
    answer = editor.post(URL, data={"category": "C0407", "sheet_text": TEXT, "take_read": "1", "read": "iq@"})

    assert row(answer.text, 0) == {"key": "Quiescent current", "typ": "35", "unit": "µA"}
    assert "1 value taken over." in answer.text


def test_what_has_a_field_of_its_own_goes_there(editor: FlaskClient) -> None:
    ticked = ["temp@", "package@", "area@", "if@", "grade@", "asil@"]

    text = editor.post(URL, data={"sheet_text": TEXT, "take_read": "1", "read": ticked}).text

    assert re.search(r'name="temp_min"[^>]*value="-40"', text)
    assert re.search(r'name="temp_max"[^>]*value="125"', text)
    assert re.search(r'name="package"[^>]*value="LQFP-64"', text)
    assert re.search(r'name="size_mm"[^>]*value="10×10"', text)
    assert re.search(r"<input checked[^>]*name=\"interfaces\"[^>]*value=\"SPI\"", text)
    assert re.search(r'<option selected value="automotive_g1"', text)
    assert re.search(r'<option selected value="ASIL D"', text)


def test_what_is_not_ticked_is_not_taken_over(editor: FlaskClient) -> None:
    text = editor.post(URL, data={"sheet_text": TEXT, "take_read": "1"}).text

    assert "Nothing was taken over" in text
    assert not re.search(r'name="package"[^>]*value="LQFP-64"', text)


def test_what_is_typed_already_is_never_replaced(editor: FlaskClient) -> None:
    typed = {"package": "QFN-32", "params-0-key": "iq", "params-0-typ": "20", "params-0-unit": "µA"}

    proposed = editor.post(URL, data={**typed, "sheet_text": TEXT, "read_text": "1"}).text
    taken = editor.post(URL, data={**typed, "sheet_text": TEXT, "take_read": "1", "read": ["iq@", "package@"]}).text

    assert proposed.count("already in the sheet") == 2
    assert row(taken, 0)["typ"] == "20"
    assert re.search(r'name="package"[^>]*value="QFN-32"', taken)


def test_an_empty_row_of_the_parameter_is_filled(editor: FlaskClient) -> None:
    typed = {"params-0-key": "iq", "params-0-unit": "mA"}

    text = editor.post(URL, data={**typed, "sheet_text": TEXT, "take_read": "1", "read": "iq@"}).text

    assert row(text, 0) == {"key": "iq", "typ": "35", "unit": "µA"}
    assert row(text.split("<template")[0], 1) == {}


@pytest.mark.parametrize("text", ["", "电池", "\x00\x07", "待机电流很小"])
def test_a_text_without_values_is_answered_with_an_example(editor: FlaskClient, text: str) -> None:
    answer = editor.post(URL, data={"sheet_text": text, "read_text": "1"})

    assert "No value with a known parameter found." in answer.text


def test_markup_in_the_text_stays_text(editor: FlaskClient) -> None:
    answer = editor.post(URL, data={"sheet_text": "静态电流<script>x</script>35µA", "read_text": "1"})

    assert "<script>x" not in answer.text


def test_a_very_long_text_is_cut(editor: FlaskClient) -> None:
    answer = editor.post(URL, data={"sheet_text": "静态电流 35µA @ 1V。" * 9000, "read_text": "1"})

    assert answer.status_code == 200
    assert answer.text.count('name="read"') <= SHOWN


def test_a_text_that_is_too_long_to_save_is_said_so(editor: FlaskClient) -> None:
    answer = editor.post(URL, data={"sheet_text": "x" * (MAX_TEXT + 1), "save": "1"})

    assert answer.status_code == 422
    assert 'href="#sheet_text"' in answer.text


def test_the_pasted_text_is_not_kept_in_the_sheet(editor: FlaskClient, session: Session) -> None:
    data = {"part_number": "AFE18", "category": "C0407", "name": "AFE", "sheet_text": TEXT, "save": "1"}

    editor.post(URL, data=data)

    assert session.scalars(select(ChipProduct)).one().description == ""
