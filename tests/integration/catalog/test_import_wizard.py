"""The import wizard from the upload to the file of what is left."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.catalog.importing import layout
from app.catalog.importing.labels import KINDS
from app.catalog.models import ChipProduct, ProductImport, ProductParam
from app.catalog.workflow import ImportState, ProductState
from app.core.actor import MemberRole
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.support import sheets
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from app.accounts.models import User

START = "/workspace/products/import/"
EXPECTED = list(csv.DictReader((sheets.DATA / "broken_expected.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def editor(session: Session) -> User:
    """A person who may write product sheets of a verified chip firm."""
    person: User = UserFactory(organization=OrganizationFactory(chip=True))
    return person


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], editor: User) -> FlaskClient:
    """The browser of that person, in English."""
    editor.locale = "en"
    return login(client, editor)


def upload(browser: FlaskClient, content: bytes, name: str = sheets.XLSX) -> TestResponse:
    return browser.post(START, data={"file": (io.BytesIO(content), name)})


def checked(browser: FlaskClient, content: bytes, name: str = sheets.XLSX) -> str:
    """Upload a file, agree to the mapping that is proposed, and return the address of the dry run."""
    columns = upload(browser, content, name).location
    answer = browser.post(columns, data=proposed(browser.get(columns).text))
    assert answer.status_code == 303, answer.text
    location: str = answer.location
    return location


def proposed(page: str) -> dict[str, str]:
    """Return what the selects of the mapping page hold."""
    selects = re.findall(r'<select[^>]*name="(\w+)".*?</select>', page, re.DOTALL)
    bodies = re.findall(r"<select.*?</select>", page, re.DOTALL)
    chosen = [re.search(r'<option selected value="(\w*)"', body) for body in bodies]
    return {name: found[1] if found else "" for name, found in zip(selects, chosen, strict=True)}


def commit(browser: FlaskClient, where: str, **choice: str) -> TestResponse:
    return browser.post(f"{where}/commit", data=choice)


def report(session: Session) -> dict[str, Any]:
    found = session.scalars(select(ProductImport).execution_options(populate_existing=True)).one()
    return found.report


def part_numbers(session: Session) -> list[str]:
    return list(session.scalars(select(ChipProduct.part_number).order_by(ChipProduct.part_number)))


def rest_rows(answer: TestResponse, sheet: str = layout.PRODUCTS) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [row for row in book[sheet].iter_rows(values_only=True) if any(row)]


@pytest.mark.parametrize("expected", EXPECTED, ids=[f"{row['kind']}-{row['column']}" for row in EXPECTED])
def test_the_dry_run_finds_every_mistake_by_row_and_column(
    browser: FlaskClient, session: Session, expected: dict[str, str]
) -> None:
    checked(browser, (sheets.DATA / "broken.xlsx").read_bytes())

    found = {(sheet, str(row), column, kind) for kind, sheet, row, column, *_ in report(session)["findings"]}

    assert (expected["sheet"], expected["row"], expected["column"], expected["kind"]) in found


def test_the_rows_without_a_mistake_are_taken_over_and_the_others_come_back(
    browser: FlaskClient, session: Session
) -> None:
    where = checked(browser, (sheets.DATA / "broken.xlsx").read_bytes())

    answer = commit(browser, where)

    wrong = {int(row["product_row"]) for row in EXPECTED}
    assert answer.status_code == 303
    assert len(part_numbers(session)) == 40 - len(wrong)
    assert report(session)["left_rows"] == sorted(wrong)
    assert len(rest_rows(browser.get(f"{where}/rest"))) == 3 + len(wrong)


def test_rows_are_taken_over_with_the_corrections_on_offer_when_that_is_chosen(
    browser: FlaskClient, session: Session
) -> None:
    where = checked(browser, (sheets.DATA / "broken.xlsx").read_bytes())

    commit(browser, where, is_repaired="y")

    assert len(part_numbers(session)) == 29
    assert session.scalar(select(ChipProduct.mp_since).where(ChipProduct.part_number == "SST7640Q")) == "2023-05"
    assert (
        session.scalar(select(ChipProduct.part_number).where(ChipProduct.part_number.startswith("SST7125")))
        == "SST7125"
    )


def test_the_sample_is_imported_completely(browser: FlaskClient, session: Session) -> None:
    where = checked(browser, (sheets.DATA / "products.xlsx").read_bytes())

    commit(browser, where)

    assert report(session)["result"] == {"created": 180, "updated": 0, "kept": 0, "published": 0}
    assert report(session)["findings"] == []
    assert session.scalar(select(func.count()).select_from(ProductParam)) == 1411


def test_new_products_are_drafts_with_their_data_marked_as_imported(browser: FlaskClient, session: Session) -> None:
    commit(browser, checked(browser, sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS)))

    product = session.scalars(select(ChipProduct)).one()
    assert (product.state, product.data_source, product.published_at) == (ProductState.DRAFT, "imported", None)


def test_what_is_complete_is_published_when_that_is_chosen(browser: FlaskClient, session: Session) -> None:
    content = sheets.workbook(sheets.product(), sheets.product(part_number="CB200"), params=sheets.FIVE_PARAMS)

    commit(browser, checked(browser, content), is_published="y")

    states = dict(session.execute(select(ChipProduct.part_number, ChipProduct.state)).tuples().all())
    assert states == {"CB100": ProductState.PUBLISHED, "CB200": ProductState.DRAFT}
    assert b"CB100" in browser.get("/products/?q=CB100").data


def test_a_firm_that_is_not_verified_cannot_publish_by_import(
    browser: FlaskClient, session: Session, editor: User
) -> None:
    editor.membership.organization.verified_at = None
    session.commit()
    where = checked(browser, sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS))

    answer = commit(browser, where, is_published="y")

    assert answer.status_code == 403
    assert part_numbers(session) == []


def test_a_known_part_number_is_updated_and_the_dry_run_says_what_changes(
    browser: FlaskClient, session: Session, editor: User
) -> None:
    known = ProductFactory(organization=editor.membership.organization, part_number="CB100", draft=True)
    where = checked(browser, sheets.workbook(sheets.product(name="新名称"), params=sheets.FIVE_PARAMS))
    page = browser.get(f"{where}?tab=changes").text

    commit(browser, where)

    assert "<del>18串电池采样芯片</del> → <ins>新名称</ins>" in page
    session.refresh(known)
    assert (known.name, known.state) == ("新名称", ProductState.DRAFT)
    assert part_numbers(session) == ["CB100"]


def test_columns_that_the_file_lacks_are_left_alone(browser: FlaskClient, session: Session, editor: User) -> None:
    known = ProductFactory(organization=editor.membership.organization, part_number="CB100", draft=True)

    commit(browser, checked(browser, "型号,千颗单价(元)\nCB100,1.5\n".encode(), "prices.csv"))

    session.refresh(known)
    assert (known.name, float(known.price_1k_cny)) == ("18串电池采样芯片", 1.5)


def test_part_numbers_of_other_firms_are_nobodys_business(browser: FlaskClient, session: Session) -> None:
    other = ProductFactory(part_number="CB100", name="别家的芯片")

    commit(browser, checked(browser, sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS)))

    session.refresh(other)
    assert other.name == "别家的芯片"
    assert part_numbers(session) == ["CB100", "CB100"]


def test_a_commit_leaves_audit_rows_and_one_event(browser: FlaskClient, session: Session) -> None:
    commit(browser, checked(browser, sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS)))

    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)).all()
    assert actions == [
        "file.upload", "product.create", "product_import.check", "product_import.commit", "product_import.start",
    ]  # fmt: skip
    assert session.scalars(select(Job.kind)).all() == ["products.imported"]


def test_a_second_click_is_told_that_the_file_has_been_taken_over(browser: FlaskClient, session: Session) -> None:
    where = checked(browser, sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS))
    commit(browser, where)

    assert commit(browser, where).status_code == 409
    assert part_numbers(session) == ["CB100"]


def test_a_file_without_a_right_row_is_not_taken_over(browser: FlaskClient, session: Session) -> None:
    where = checked(browser, sheets.workbook(sheets.product(name="")))

    assert commit(browser, where).status_code == 422
    assert session.scalars(select(ProductImport.state)).one() is ImportState.CHECKED


def test_a_discarded_import_writes_nothing_any_more(browser: FlaskClient, session: Session) -> None:
    where = checked(browser, sheets.workbook(sheets.product(), params=sheets.FIVE_PARAMS))

    assert browser.post(f"{where}/discard").status_code == 303
    assert commit(browser, where).status_code == 409
    assert part_numbers(session) == []


def test_the_reasons_stand_in_the_readers_language_beside_each_row(browser: FlaskClient) -> None:
    content = sheets.workbook(
        sheets.product(name=""), sheets.product(part_number="CB200"), params=[("CB100", None, "vin", 9, None, 1, "V")]
    )
    where = checked(browser, content)

    answer = browser.get(f"{where}/rest")

    titles, row = rest_rows(answer)
    assert titles[-1] == "问题说明"
    assert "产品名称：Please fill this in." in row[-1]
    _, line = rest_rows(answer, layout.PARAMS)
    assert line[-1] == "最小值：The minimum is above the maximum."


def test_the_rest_of_a_text_is_text_and_can_be_uploaded_again(browser: FlaskClient, session: Session) -> None:
    where = checked(browser, sheets.product_table(sheets.product(), sheets.product(name="")).encode("gb18030"), "a.csv")

    answer = browser.get(f"{where}/rest")

    again = upload(browser, answer.data.replace("18串电池采样芯片".encode(), "芯片".encode()), "again.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert again.status_code == 303


def test_no_text_of_the_rest_becomes_a_formula(browser: FlaskClient) -> None:
    where = checked(browser, sheets.product_table(sheets.product(software="=1+1")).encode(), "a.csv")

    text = browser.get(f"{where}/rest").data.decode("utf-8-sig")

    assert "'=1+1" in text
    assert ",=1+1" not in text


def test_columns_can_be_mapped_by_hand(browser: FlaskClient, session: Session, editor: User) -> None:
    ProductFactory(organization=editor.membership.organization, part_number="CB100", draft=True)
    columns = upload(browser, b"alpha,beta\nCB100,1.5\n", "prices.csv").location

    answer = browser.post(columns, data={"products_0": "part_number", "products_1": "price_10k_cny"})
    commit(browser, answer.location)

    assert float(session.scalars(select(ChipProduct.price_10k_cny)).one()) == 1.5


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"products_0": "name"}, "Say which column holds the part number."),
        ({"products_0": "part_number", "products_1": "part_number"}, "Two columns have the same meaning."),
        ({"products_0": "organization_id"}, "Not a valid choice"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_beside_the_form(
    browser: FlaskClient, mapping: dict[str, str], message: str
) -> None:
    columns = upload(browser, b"alpha,beta\nCB100,1.5\n", "prices.csv").location

    answer = browser.post(columns, data=mapping)

    assert answer.status_code == 422
    assert message in answer.text


def test_the_dry_run_is_narrowed_to_one_kind_and_paged(browser: FlaskClient) -> None:
    rows = [sheets.product(part_number=f"CB{n}", temp_min="－４０") for n in range(60)]
    where = checked(browser, sheets.workbook(*rows))

    page = browser.get(f"{where}?kind=fullwidth_digits&page=2").text

    assert page.count("half-width digits") == 10
    assert "Fewer than five parameters 60" in page


def test_pages_of_the_wizard_need_few_queries(browser: FlaskClient) -> None:
    where = checked(browser, (sheets.DATA / "broken.xlsx").read_bytes())

    with count_queries() as of_list:
        browser.get(START)
    with count_queries() as of_result:
        browser.get(where)

    assert len(of_list) <= 12
    assert len(of_result) <= 12


def test_every_kind_of_finding_has_a_name() -> None:
    assert {row["kind"] for row in EXPECTED} <= set(KINDS)


def test_imports_of_other_firms_do_not_exist(
    browser: FlaskClient, client: FlaskClient, login: Callable[..., FlaskClient]
) -> None:
    where = checked(browser, sheets.workbook(sheets.product()))
    login(client, UserFactory(organization=OrganizationFactory(chip=True)))

    answers = [client.get(where), client.get(f"{where}/columns"), client.get(f"{where}/rest"), commit(client, where)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]


@pytest.mark.parametrize(
    ("role", "is_supply"), [(MemberRole.VIEWER, True), (MemberRole.OWNER, False)]
)  # fmt: skip
def test_who_may_not_write_products_cannot_import_them(
    client: FlaskClient, login: Callable[..., FlaskClient], session: Session, role: MemberRole, is_supply: bool
) -> None:
    login(client, UserFactory(organization=OrganizationFactory(is_supply=is_supply), role=role))

    assert upload(client, sheets.workbook(sheets.product())).status_code == 403
    assert client.get(START).status_code == 200


def test_a_viewer_reads_the_dry_run_without_buttons(
    browser: FlaskClient, client: FlaskClient, login: Callable[..., FlaskClient], editor: User
) -> None:
    where = checked(browser, sheets.workbook(sheets.product()))
    login(client, UserFactory(organization=editor.membership.organization, role=MemberRole.VIEWER))

    assert f"{where}/commit" not in client.get(where).text
    assert commit(client, where).status_code == 403


def test_the_name_of_an_upload_is_kept_without_its_folders(browser: FlaskClient, session: Session) -> None:
    upload(browser, sheets.workbook(sheets.product()), "../../etc/passwd.xlsx")

    assert session.scalars(select(ProductImport.filename)).one() == "passwd.xlsx"
