"""What the authority has added is written, filtered, found, predicted and paired, and kept on its page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.catalog.models import ChipProduct
from app.catalog.reading import category_code
from app.demands.models import Need, NeedCategory
from app.jobs.run import run_one
from app.matchmaking import engine, service, sheets
from app.matchmaking.commands import AddCategory
from app.matchmaking.models import CategoryChange, LexiconEntry, Suggestion
from app.outbox.service import enqueue
from app.search.queries import matching_ids
from app.taxonomy import knowledge, lists
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.reviews import ExpertFactory
from tests.support.added_categories import ADDED, SUPPLY, add
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    Login = Callable[..., FlaskClient]

URL = "/desk/taxonomy/"
SHEET = {
    "part_number": "ZB18", "category": ADDED, "name": "供电芯片", "description": "单路输出。", "package": "QFN-16",
    "pins": "16", "temp_min": "-40", "temp_max": "105", "quality_grade": "industrial",
    "lifecycle_stage": "customer_sample", "save": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no other test with changed categories."""
    yield
    knowledge.know(knowledge.NOTHING)


@pytest.fixture
def desk(client: FlaskClient, session: Session, login: Login, model_dir: Path) -> FlaskClient:
    """An officer's browser."""
    return login(client, officer(locale="en"))


def sent(command: AddCategory = SUPPLY) -> dict[str, Any]:
    return {"parent": command.parent, "zh": command.zh, "en": command.en, "keys": list(command.keys)}


# --- what uses it


def test_a_product_of_an_added_category_is_written(
    client: FlaskClient, session: Session, login: Login, known: CategoryChange
) -> None:
    firm = OrganizationFactory(chip=True)
    browser = login(client, UserFactory(organization=firm, locale="zh_Hans_CN"))

    form = browser.get("/workspace/products/new").text
    saved = browser.post("/workspace/products/new", data=SHEET)

    product = session.scalars(select(ChipProduct)).one()
    assert f'value="{ADDED}"' in form
    assert (saved.status_code, product.category) == (303, ADDED)


@pytest.mark.parametrize(("locale", "name"), [("zh_Hans_CN", SUPPLY.zh), ("en", SUPPLY.en)])
def test_the_public_catalogue_shows_and_filters_an_added_category(
    client: FlaskClient, session: Session, known: CategoryChange, locale: str, name: str
) -> None:
    product = ProductFactory(category=ADDED)
    ProductFactory(part_number="OTHER1")
    with client.session_transaction() as cookie:
        cookie["locale"] = locale

    listed = client.get(f"/products/?category={ADDED}").text

    assert name in client.get(f"/products/{product.id}").text
    assert name in listed
    assert product.part_number in listed
    assert "OTHER1" not in listed
    assert product.part_number in client.get("/products/?category=C04").text


def test_the_search_finds_products_by_the_name_of_an_added_category(
    session: Session, known: CategoryChange, app: Flask
) -> None:
    product = ProductFactory(category=ADDED, name="芯片", description="")
    job_id = enqueue(session, "taxonomy.apply", now=NOON, payload={"code": ADDED})
    session.commit()

    run_one(app, worker="test", job_id=job_id)

    assert product.id in set(session.scalars(matching_ids(session, "product", SUPPLY.zh)))
    assert product.id in set(session.scalars(matching_ids(session, "product", "zorblax")))


def test_a_need_is_written_for_an_added_category_and_end_product(
    client: FlaskClient, session: Session, login: Login, known: CategoryChange, model_dir: Path
) -> None:
    add(session, AddCategory("T01", "折叠屏手机", "Foldable phone"))
    session.commit()
    knowledge.publish(model_dir, service.load_knowledge(session))
    browser = login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))

    form = browser.get("/workspace/needs/new").text
    data = {"title": "供电", "terminal_category": "T0151", "categories-0": ADDED, "save": "1"}
    answer = browser.post("/workspace/needs/new", data=data)

    need = session.scalars(select(Need)).one()
    codes = session.scalars(select(NeedCategory.code).where(NeedCategory.need_id == need.id)).all()
    assert "Foldable phone" in form
    assert 'data-usual="vin iq' in form
    assert (answer.status_code, need.terminal_category, codes) == (303, "T0151", [ADDED])


def test_companies_lexicon_and_filters_offer_an_added_category(desk: FlaskClient, known: CategoryChange) -> None:
    assert f'<option selected value="{ADDED}"' in desk.get(f"/desk/lexicon/new?category={ADDED}").text
    assert f'value="{ADDED}"' in desk.get(f"{URL}C0401").text
    assert SUPPLY.en in desk.get("/products/").text


def test_imports_read_an_added_category_by_code_and_by_both_names(known: CategoryChange) -> None:
    assert [category_code(text) for text in (SUPPLY.zh, SUPPLY.en.upper(), f"{ADDED} {SUPPLY.zh}")] == [ADDED] * 3


def test_the_sheet_to_fill_in_lists_an_added_category(
    client: FlaskClient, session: Session, login: Login, known: CategoryChange
) -> None:
    owner = UserFactory(organization=OrganizationFactory(chip=True))

    content = login(client, owner).get("/workspace/products/export/template.xlsx").data

    cells = [str(cell.value) for row in load_workbook(io.BytesIO(content)).worksheets[-1].iter_rows() for cell in row]
    assert any(f"{ADDED} {SUPPLY.zh}" in cell for cell in cells)


def test_the_next_fit_predicts_an_added_category(
    app: Flask, session: Session, model_dir: Path, known: CategoryChange
) -> None:
    ProductFactory(category=ADDED, name="佐布拉供电芯片", description="单路佐布拉供电。")
    ProductFactory(category="C0401", name="降压转换器", description="同步降压。")
    session.commit()

    with app.app_context():
        matcher = engine.refit(session, model_dir)

    assert ADDED in matcher.categories_.labels_
    assert matcher.predict_categories("需要佐布拉供电芯片", 1)[0][0] == ADDED


def test_a_need_of_an_added_category_is_paired_with_its_chip(
    app: Flask, session: Session, model_dir: Path, known: CategoryChange
) -> None:
    product = ProductFactory(category=ADDED, name="佐布拉供电芯片", description="单路佐布拉供电。")
    ProductFactory(category="C0401", name="降压转换器", description="同步降压。")
    need = NeedFactory(
        title="佐布拉供电", use_description="单路供电。", categories=[NeedCategory(code=ADDED)], params=[]
    )
    job_id = enqueue(session, "need.changed", now=NOON, payload={"need_id": need.id})
    session.commit()

    run_one(app, worker="test", job_id=job_id)

    best = session.scalars(select(Suggestion).where(Suggestion.rank == 1)).one()
    assert (best.product_id, best.reasons["category"]["code"]) == (product.id, ADDED)


def test_the_names_of_added_categories_are_words_of_the_model(session: Session, model_dir: Path) -> None:
    add(session)
    other = add(session, AddCategory("C04", "甲类", "One")).code
    service.merge_category(session, actor=officer().as_actor(), code=other, into="C0401", now=NOON)
    knowledge.publish(model_dir, service.load_knowledge(session))

    codes = {concept.zh[0]: concept.codes for concept in sheets.load_lexicon(session)}

    assert codes == {SUPPLY.zh: (ADDED,), "甲类": ("C0401",)}


# --- pages


def test_a_category_is_added_on_the_page_and_can_be_chosen_at_once(desk: FlaskClient, session: Session) -> None:
    answer = desk.post(f"{URL}new", data=sent())

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{URL}{ADDED}")
    assert session.get_one(CategoryChange, ADDED).keys == "vin\niq"
    assert f'value="{ADDED}"' in desk.get("/desk/lexicon/new").text


def test_a_refused_category_keeps_what_was_typed(desk: FlaskClient, session: Session) -> None:
    answer = desk.post(f"{URL}new", data={**sent(), "en": "Battery charger"})

    assert answer.status_code == 422
    assert "Another category has this name." in answer.text
    assert f'value="{SUPPLY.zh}"' in answer.text
    assert '<option selected value="C04">' in answer.text
    assert '<option selected value="vin">' in answer.text
    assert session.scalars(select(CategoryChange)).all() == []


def test_names_and_parent_are_asked_for(desk: FlaskClient) -> None:
    answer = desk.post(f"{URL}new", data={})

    assert answer.status_code == 422
    assert "Choose a category of the first level." in answer.text
    assert answer.text.count("Write the name.") >= 2


def test_a_terminal_category_is_added_without_parameters(desk: FlaskClient, session: Session) -> None:
    form = desk.get(f"{URL}new?kind=T&parent=T01").text
    answer = desk.post(f"{URL}new?kind=T", data={"parent": "T01", "zh": "折叠屏手机", "en": "Foldable phone"})

    assert '<option selected value="T01">' in form
    assert 'name="keys"' not in form
    assert (answer.status_code, session.get_one(CategoryChange, "T0151").en) == (303, "Foldable phone")


def test_the_page_of_a_family_leads_to_a_new_category_below_it(desk: FlaskClient) -> None:
    assert f'href="{URL}new?kind=C&amp;parent=C04"' in desk.get(f"{URL}C04").text
    assert '<option selected value="C04">' in desk.get(f"{URL}new?kind=C&parent=C04").text


def test_the_page_of_an_added_category_changes_names_and_parameters(
    desk: FlaskClient, session: Session, known: CategoryChange
) -> None:
    with count_queries() as statements:
        shown = desk.get(f"{URL}{ADDED}").text
    answer = desk.post(f"{URL}{ADDED}", data={"zh": "激光供电", "en": "Laser supply", "keys": ["vout"]})

    session.expire_all()
    assert "Ships as" not in shown
    assert '<option selected value="iq">' in shown
    assert (answer.status_code, known.zh, known.keys) == (303, "激光供电", "vout")
    assert len(statements) <= 12


def test_an_unused_category_is_withdrawn_on_its_page(desk: FlaskClient, known: CategoryChange) -> None:
    offered = desk.get(f"{URL}{ADDED}").text
    answer = desk.post(f"{URL}{ADDED}/withdraw")
    shown = desk.get(f"{URL}{ADDED}").text

    assert "Nothing uses this category yet" in offered
    assert answer.status_code == 303
    assert "its code is not given again" in shown
    assert "Merge into another category" not in shown
    assert ADDED not in lists.chip_categories
    assert "withdrawn" in desk.get(f"{URL}?changed=1").text


@pytest.mark.parametrize("use", [lambda: ProductFactory(category=ADDED), lambda: ExpertFactory(categories=[ADDED])])
def test_a_used_category_is_not_withdrawn_on_its_page(
    desk: FlaskClient, known: CategoryChange, use: Callable[[], object]
) -> None:
    use()

    shown = desk.get(f"{URL}{ADDED}").text

    assert "Merge it into another one instead." in shown
    assert desk.post(f"{URL}{ADDED}/withdraw").status_code == 409
    assert ADDED in lists.chip_categories


def test_the_list_tells_what_was_added(desk: FlaskClient, known: CategoryChange) -> None:
    text = desk.get(f"{URL}?changed=1").text

    assert SUPPLY.en in text
    assert "added" in text
    assert f'href="{URL}new?kind=C"' in text


def test_the_trail_tells_additions_in_words(desk: FlaskClient, known: CategoryChange) -> None:
    text = desk.get(f"/desk/audit/?type=category&q={ADDED}").text

    assert "Categories: added" in text


def test_words_of_an_added_category_are_taught(desk: FlaskClient, session: Session, known: CategoryChange) -> None:
    answer = desk.post("/desk/lexicon/new", data={"zh": "佐布拉", "en": "zorblax", "code": ADDED})

    assert answer.status_code == 303
    assert session.scalars(select(LexiconEntry.code)).all() == [ADDED]


def test_the_operator_reads_only(client: FlaskClient, login: Login, known: CategoryChange) -> None:
    browser = login(client, operator(locale="en"))

    assert "New category" not in browser.get(URL).text
    assert "Withdraw this category" not in browser.get(f"{URL}{ADDED}").text
    assert browser.get(f"{URL}new").status_code == 403
    assert browser.post(f"{URL}new", data=sent()).status_code == 403
    assert browser.post(f"{URL}{ADDED}/withdraw").status_code == 403


def test_a_company_finds_no_such_page(client: FlaskClient, session: Session, login: Login) -> None:
    assert (
        login(client, UserFactory(organization=OrganizationFactory(terminal=True))).get(f"{URL}new").status_code == 404
    )
