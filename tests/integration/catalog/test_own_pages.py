"""The pages on which a chip firm keeps its products."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.core.actor import MemberRole
from app.drafts.models import FormDraft
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/products/"
LINES = (("cells", "8", "18", "串"), ("cell_err", "1", "2", "mV"), ("balance_i", "100", "150", "mA"),
         ("sleep_i", "1", "20", "µA"), ("esd_hbm", "1", "2", "kV"))  # fmt: skip
SHEET = {
    "part_number": "CB18",
    "category": "C0407",
    "name": "18串电池采样芯片",
    "description": "支持14至18串电池采样。",
    "package": "LQFP-64",
    "pins": "64",
    "temp_min": "-40",
    "temp_max": "105",
    "quality_grade": "automotive_g2",
    "lifecycle_stage": "customer_sample",
    **{f"params-{row}-key": line[0] for row, line in enumerate(LINES)},
    **{f"params-{row}-min": line[1] for row, line in enumerate(LINES)},
    **{f"params-{row}-max": line[2] for row, line in enumerate(LINES)},
    **{f"params-{row}-unit": line[3] for row, line in enumerate(LINES)},
}


def only_product(session: Session) -> ChipProduct:
    session.expire_all()
    return session.scalars(select(ChipProduct)).one()


def test_nobody_keeps_products_without_logging_in(client: FlaskClient, session: Session) -> None:
    answer = client.get(URL)

    assert answer.status_code == 302
    assert "/account/login" in answer.location


def test_a_firm_without_products_learns_what_to_do(editor: FlaskClient) -> None:
    assert "Write your first product sheet" in editor.get(URL).text


def test_a_firm_sees_its_own_products_only(editor: FlaskClient, firm: Any) -> None:
    ProductFactory(organization=firm, part_number="OWN1")
    ProductFactory(part_number="OTHER1")

    text = editor.get(URL).text

    assert "OWN1" in text
    assert "OTHER1" not in text


@pytest.mark.parametrize(
    ("tab", "part"), [("draft", "DR1"), ("published", "PU1"), ("archived", "AR1"), ("stale", "ST1")]
)
def test_tabs_narrow_to_a_state(editor: FlaskClient, firm: Any, tab: str, part: str) -> None:
    ProductFactory(organization=firm, part_number="DR1", draft=True)
    ProductFactory(organization=firm, part_number="PU1")
    ProductFactory(organization=firm, part_number="AR1", archived=True, confirmed_on=None)
    ProductFactory(organization=firm, part_number="ST1", confirmed_on=NOON.date() - dt.timedelta(days=181))

    text = editor.get(f"{URL}?tab={tab}").text

    assert part in text
    assert ("AR1" in text) is (tab == "archived")


def test_the_list_is_searched_by_part_number_and_name(editor: FlaskClient, firm: Any) -> None:
    ProductFactory(organization=firm, part_number="AA1", name="甲")
    ProductFactory(organization=firm, part_number="BB1", name="乙%")

    assert "AA1" not in editor.get(f"{URL}?q=%25").text
    assert "BB1" in editor.get(f"{URL}?q=bb").text


def test_a_full_list_takes_few_queries(editor: FlaskClient, firm: Any) -> None:
    ProductFactory.create_batch(21, organization=firm, complete=True)

    with count_queries() as queries:
        editor.get(URL)

    assert len(queries) <= 12


def test_what_is_stale_is_told_on_top(editor: FlaskClient, firm: Any) -> None:
    ProductFactory(organization=firm, confirmed_on=None)

    assert "1 sheet has not been confirmed within 180 days" in editor.get(URL).text


def test_a_viewer_reads_but_finds_no_buttons(client: FlaskClient, firm: Any, login: Callable[..., Any]) -> None:
    product = ProductFactory(organization=firm)
    login(client, UserFactory(organization=firm, role=MemberRole.VIEWER, locale="en"))

    text = client.get(URL).text

    assert "Ask the owner for the right to edit" in text
    assert f"{URL}{product.id}/edit" not in text
    assert client.get(f"{URL}new").status_code == 403
    assert client.post(f"{URL}{product.id}/archive").status_code == 403


def test_a_terminal_maker_is_told_why_it_keeps_no_products(client: FlaskClient, login: Callable[..., Any]) -> None:
    login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))

    assert "Only companies that supply chips keep products" in client.get(URL).text


@pytest.mark.parametrize("path", ["", "/edit"])
def test_another_firms_product_is_not_there(editor: FlaskClient, path: str) -> None:
    product = ProductFactory()

    assert editor.get(f"{URL}{product.id}{path}").status_code == 404


def test_a_draft_is_saved_with_gaps(editor: FlaskClient, session: Session) -> None:
    answer = editor.post(f"{URL}new", data={"part_number": "CB18", "category": "C0407", "name": "采样", "save": "1"})

    product = only_product(session)
    assert (answer.status_code, answer.location) == (303, f"{URL}{product.id}")
    assert product.state is ProductState.DRAFT


def test_a_sheet_is_saved_and_published_at_once(editor: FlaskClient, session: Session) -> None:
    answer = editor.post(f"{URL}new", data={**SHEET, "publish": "1"})

    assert answer.status_code == 303
    assert only_product(session).state is ProductState.PUBLISHED


def test_what_cannot_be_published_is_not_saved_either(editor: FlaskClient, session: Session) -> None:
    answer = editor.post(f"{URL}new", data={**SHEET, "package": "", "publish": "1"})

    assert answer.status_code == 422
    assert 'href="#package"' in answer.text
    assert session.scalars(select(ChipProduct)).all() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"temp_min": "abc"}, "Enter a number, such as 12.5."),
        ({"temp_min": "NaN"}, "Enter a number, such as 12.5."),
        ({"temp_max": "Infinity"}, "Enter a number, such as 12.5."),
        ({"params-1-min": "1e999"}, "Enter a number, such as 12.5."),
        ({"params-1-min": "9", "params-1-max": "2"}, "The minimum is above the maximum."),
        ({"params-1-typ": "7"}, "The typical value must lie between minimum and maximum."),
        ({"params-1-unit": "A"}, "This unit does not measure this parameter."),
        ({"params-1-unit": "furlong"}, "This unit is not in the dictionary."),
        ({"params-1-key": ""}, "Name the parameter."),
        ({"temp_min": "106"}, "The lower limit is above the upper one."),
        ({"price_1k_cny": "sNaN"}, "This number is out of range."),
        ({"price_1k_cny": "-1"}, "This number is out of range."),
        ({"pins": "999999999999999999999"}, "This number is out of range."),
        ({"description": "<script>alert(1)</script>"}, "Remove the HTML or script; plain text only."),
        ({"params-1-condition": "<img src=x onerror=alert(1)>"}, "Remove the HTML or script; plain text only."),
        ({"category": "C9999"}, "Not a valid choice."),
        ({"category": ""}, "Please fill this in."),
        ({"mp_since": "soon"}, "Write year and month, such as 2026-11."),
        ({"datasheet_url": "javascript:alert(1)"}, "Remove the HTML or script; plain text only."),
        ({"qualifications-0-standard": "AEC-Q100", "qualifications-0-status": "passed"}, "number of its report"),
        ({"benchmark_parts-0-maker": "Kestmoor", "benchmark_parts-0-relation": "pin2pin"}, "Name the part."),
        ({"lifecycle_stage": "mass_production"}, "Say since when the part is in mass production."),
    ],
)  # fmt: skip
def test_a_refused_sheet_says_why_and_keeps_what_was_typed(
    editor: FlaskClient, session: Session, change: dict[str, str], message: str
) -> None:
    answer = editor.post(f"{URL}new", data={**SHEET, **change, "save": "1"})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert message in answer.text
    assert 'value="18串电池采样芯片"' in answer.text
    assert session.scalars(select(ChipProduct)).all() == []


def test_an_over_long_text_is_refused_with_everything_still_there(editor: FlaskClient, session: Session) -> None:
    answer = editor.post(f"{URL}new", data={**SHEET, "description": "长" * 301, "save": "1"})

    assert answer.status_code == 422
    assert "长" * 301 in answer.text


def test_full_width_digits_are_numbers(editor: FlaskClient, session: Session) -> None:
    change = {"temp_min": "－４０", "pins": "６４", "params-1-max": "２．５", "price_1k_cny": "１２．３４"}

    answer = editor.post(f"{URL}new", data={**SHEET, **change, "save": "1"})

    product = only_product(session)
    assert answer.status_code == 303
    assert (product.temp_min, product.pins, str(product.price_1k_cny)) == (-40.0, 64, "12.34")


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@SUM(A1)", "+1", "-2+3"])
def test_formula_strings_are_kept_as_text(editor: FlaskClient, session: Session, text: str) -> None:
    editor.post(f"{URL}new", data={**SHEET, "name": text, "save": "1"})

    assert only_product(session).name == text


def test_a_part_number_that_is_taken_is_said_beside_the_field(editor: FlaskClient, firm: Any) -> None:
    ProductFactory(organization=firm, part_number="CB18")

    answer = editor.post(f"{URL}new", data={**SHEET, "save": "1"})

    assert answer.status_code == 422
    assert "already has a product with this part number" in answer.text
    assert 'href="#part_number"' in answer.text


def test_the_form_shows_parameters_by_name(editor: FlaskClient, firm: Any) -> None:
    product = ProductFactory(organization=firm, complete=True)

    text = editor.get(f"{URL}{product.id}/edit").text

    assert 'value="Cells in series"' in text
    assert 'value="8"' in text


def test_a_sheet_is_changed(editor: FlaskClient, firm: Any, session: Session) -> None:
    product = ProductFactory(organization=firm, draft=True, part_number="CB18")

    answer = editor.post(f"{URL}{product.id}/edit", data={**SHEET, "version": "1", "name": "新名称", "save": "1"})

    assert answer.status_code == 303
    assert only_product(session).name == "新名称"


def test_a_conflict_keeps_what_was_typed_and_offers_both_ways_out(editor: FlaskClient, firm: Any) -> None:
    product = ProductFactory(organization=firm, draft=True)
    editor.post(f"{URL}{product.id}/edit", data={**SHEET, "version": "1", "name": "第一", "save": "1"})

    answer = editor.post(f"{URL}{product.id}/edit", data={**SHEET, "version": "1", "name": "第二", "save": "1"})

    assert answer.status_code == 409
    assert 'value="第二"' in answer.text
    assert 'name="replace" value="2"' in answer.text


def test_what_was_saved_meanwhile_may_be_replaced_knowingly(editor: FlaskClient, firm: Any, session: Session) -> None:
    product = ProductFactory(organization=firm, draft=True)
    editor.post(f"{URL}{product.id}/edit", data={**SHEET, "version": "1", "name": "第一", "save": "1"})

    answer = editor.post(f"{URL}{product.id}/edit", data={**SHEET, "version": "1", "name": "第二", "replace": "2"})

    assert answer.status_code == 303
    assert only_product(session).name == "第二"


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 30])
def test_a_version_that_makes_no_sense_is_a_conflict(editor: FlaskClient, firm: Any, version: str) -> None:
    product = ProductFactory(organization=firm, draft=True)

    answer = editor.post(f"{URL}{product.id}/edit", data={**SHEET, "version": version, "save": "1"})

    assert answer.status_code == 409


def test_an_archived_sheet_has_no_form(editor: FlaskClient, firm: Any) -> None:
    product = ProductFactory(organization=firm, archived=True)

    assert editor.get(f"{URL}{product.id}/edit").status_code == 409


def test_rows_are_added_and_dropped_without_a_script(editor: FlaskClient, session: Session) -> None:
    added = editor.post(f"{URL}new", data={**SHEET, "add_params": "1"}).text
    dropped = editor.post(f"{URL}new", data={**SHEET, "remove_params": "0"}).text

    assert 'id="params-5-key"' in added
    assert 'name="params-0-unit" type="text" value="mV"' in dropped
    assert 'value="esd_hbm"' in dropped


def test_rows_for_what_is_usual_in_the_category_are_added(editor: FlaskClient, session: Session) -> None:
    text = editor.post(f"{URL}new", data={"category": "C0407", "add_usual": "1"}).text

    assert 'value="Cells in series"' in text
    assert re.search(r'name="params-1-unit"[^>]*value="mV"', text)


def test_rows_without_a_value_are_left_out(editor: FlaskClient, session: Session) -> None:
    editor.post(f"{URL}new", data={**SHEET, "params-5-key": "sync_t", "params-5-unit": "ms", "save": "1"})

    product = only_product(session)
    session.refresh(product, ["params"])
    assert len(product.params) == 5


def test_what_is_typed_is_kept_and_comes_back(editor: FlaskClient, session: Session) -> None:
    kept = editor.post("/workspace/drafts/product/new", data={"part_number": "HALF", "params-0-key": "vin"})

    text = editor.get(f"{URL}new").text

    assert kept.status_code == 200
    assert 'value="HALF"' in text
    assert "Your unsaved input is back" in text


def test_saving_forgets_what_was_kept(editor: FlaskClient, session: Session) -> None:
    editor.post("/workspace/drafts/product/new", data={"part_number": "HALF"})

    editor.post(f"{URL}new", data={**SHEET, "save": "1"})

    assert session.scalars(select(FormDraft)).all() == []


@pytest.mark.parametrize("path", ["", "new", "{id}", "{id}/edit"])
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_page_takes_twelve_queries_at_most_in_both_languages(
    client: FlaskClient, firm: Any, login: Callable[..., Any], path: str, locale: str
) -> None:
    product = ProductFactory(organization=firm, complete=True)
    login(client, UserFactory(organization=firm, locale=locale))

    with count_queries() as queries:
        answer = client.get(URL + path.format(id=product.id))

    assert answer.status_code == 200
    assert len(queries) <= 12
