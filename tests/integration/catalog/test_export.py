"""Files of a firm's own products: the layout of the handbook, out and back in."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import select

from app.catalog import service
from app.catalog.importing import layout
from app.catalog.importing.reader import read
from app.catalog.importing.source import open_source
from app.catalog.importing.survey import survey
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory, ProductParamFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.catalog.importing.report import Report

FORMATS = ("xlsx", "csv")


@pytest.fixture
def owner(session: Session) -> User:
    """A person of a chip firm with a full product sheet."""
    firm = OrganizationFactory(chip=True, uscc="91440300MAKXX1292L")
    product = ProductFactory(
        organization=firm,
        part_number="CB100",
        interfaces=["SPI", "100/1000BASE-T1"],
        size_mm="5.0×5.0",
        qualifications=[
            {"standard": "IEC 60730", "grade": "Class B", "status": "passed", "report_no": "R 1"},
            {"standard": "Own standard", "grade": "of two words", "status": "none", "report_no": ""},
        ],
        functional_safety="ASIL B",
        process_node_nm=55.0,
        foundry_region="境内",
        monthly_capacity_kpcs="200-1000",
        lead_time_weeks=12,
        moq=2500,
        price_1k_cny=Decimal("0.5125"),
        benchmark_parts=[{"maker": "Norvane Semi", "part": "NV 1", "relation": "pin2pin"}],
        ip_core="self",
        software="-SDK;\n带换行",
        reference_customers=[{"segment": "车载", "stage": "量产", "consent": "Y"}],
        cumulative_shipment_wan=">10000",
        datasheet_url="https://www.example.com/ds/CB100.pdf",
        is_sample_available=True,
    )
    lines = [
        {"key": "vin", "min": 4.5, "typ": None, "max": 60.0, "unit": "V", "condition": "@25℃"},
        {"key": "iq", "min": None, "typ": 120.0, "max": 150.0, "unit": "µA"},
        {"key": "pf", "typ": 0.99, "unit": "1"},
        {"key": "dram_type", "typ": None, "unit": "", "value_text": "DDR4|LPDDR4X"},
        {"key": "own_key", "typ": 1.0, "unit": "mA"},
        {"key": "eff_peak", "typ": 93.0, "unit": "%"},
    ]
    [ProductParamFactory(product_id=product.id, position=place, **line) for place, line in enumerate(lines)]
    ProductFactory(organization=firm, part_number="OLD", state=ProductState.ARCHIVED, published_at=None)
    ProductFactory(part_number="OTHER")
    person: User = UserFactory(organization=firm, locale="en")
    return person


def dry_run(session: Session, owner: User, content: bytes, form: str) -> Report:
    source = open_source(content, is_workbook=form == "xlsx")
    found = survey(source)
    reading = read(source, found, found.guess(), uscc=owner.membership.organization.uscc)
    return service.judged(session, actor=owner.as_actor(), reading=reading)


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_exported_comes_back_without_a_finding_or_a_change(
    client: FlaskClient, login: Callable[..., FlaskClient], session: Session, owner: User, form: str
) -> None:
    content = login(client, owner).get(f"/workspace/products/export/products.{form}").data

    report = dry_run(session, owner, content, form)

    assert report.findings == []
    assert report.changes == []
    assert report.actions == {"keep": 1}


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(
    client: FlaskClient, login: Callable[..., FlaskClient], session: Session, owner: User
) -> None:
    session.scalars(select(ChipProduct).where(ChipProduct.part_number == "CB100")).one().software = "=1+1"
    session.commit()

    content = login(client, owner).get("/workspace/products/export/products.xlsx").data

    sheet = openpyxl.load_workbook(io.BytesIO(content))[layout.PRODUCTS]
    row = dict(zip([cell.value for cell in sheet[3]], sheet[4], strict=True))
    assert (row["软件与参考设计"].value, row["软件与参考设计"].data_type) == ("=1+1", "s")
    assert (row["引脚数"].value, row["引脚数"].data_type) == (64, "n")
    assert row["量产时间"].is_date


def test_an_export_holds_the_firms_own_living_products_only(
    client: FlaskClient, login: Callable[..., FlaskClient], owner: User
) -> None:
    text = login(client, owner).get("/workspace/products/export/products.csv").data.decode("utf-8-sig")

    assert "CB100" in text
    assert "OLD" not in text
    assert "OTHER" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_the_template_has_the_headers_of_the_handbook_and_no_rows(
    client: FlaskClient, login: Callable[..., FlaskClient], owner: User, form: str
) -> None:
    answer = login(client, owner).get(f"/workspace/products/export/template.{form}")

    found = survey(open_source(answer.data, is_workbook=form == "xlsx"))
    assert found.products.titles[:4] == ("序号", "单位名称", "统一社会信用代码", "产品型号")
    assert {keys for column in found.products.examples for keys in column} == set()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_template_says_how_to_fill_it_in(
    client: FlaskClient, login: Callable[..., FlaskClient], owner: User
) -> None:
    content = login(client, owner).get("/workspace/products/export/template.xlsx").data

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [layout.PRODUCTS, layout.PARAMS, layout.GUIDE]
    assert "C04 电源管理" in [row[0] for row in book[layout.GUIDE].iter_rows(values_only=True)]


def test_who_has_no_company_exports_nothing(
    client: FlaskClient, login: Callable[..., FlaskClient], session: Session
) -> None:
    login(client, UserFactory())

    assert client.get("/workspace/products/export/products.xlsx").status_code == 403
