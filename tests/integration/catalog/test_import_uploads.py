"""Uploads that cannot be imported: told beside the field, nothing stored."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.catalog.models import ProductImport
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.support import sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

START = "/workspace/products/import/"


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], session: Session) -> FlaskClient:
    """The browser of a person who may write product sheets, in English."""
    return login(client, UserFactory(organization=OrganizationFactory(chip=True), locale="en"))


def with_part(name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO(sheets.workbook(sheets.product()))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.xlsx", "The file is empty."),
        (b"%PDF-1.7 text", "a.pdf", "This is neither an Excel workbook"),
        (b"%PDF-1.7 text", "a.xlsx", "This is neither an Excel workbook"),
        ("型号,名称\n".encode("utf-16"), "a.csv", "This is neither an Excel workbook"),
        (b"part number,name\nCB1,x\n", "a.xlsx", "is not what its name says"),
        (sheets.workbook(sheets.product()), "a.csv", "is not what its name says"),
        (sheets.workbook(sheets.product()), "a.xlsm", "is not what its name says"),
        (with_part("xl/vbaProject.bin"), "a.xlsx", "Workbooks with macros are not accepted."),
        (with_part("xl/media/x.bin", b" " * (12 * 1024 * 1024)), "a.xlsx", "Unpacked, the workbook is too large."),
        (sheets.workbook(sheets.product())[:-300], "a.xlsx", "The workbook is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "old format .xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "protected by a password",
        ),
        (b"only words\n", "a.csv", "The file holds no table."),
        (b'part number,name\n"CB1,x\n' + b"y" * 300_000, "a.csv", "a quotation mark is not closed"),
    ],
)
def test_a_bad_upload_is_refused_beside_the_field(
    browser: FlaskClient, session: Session, content: bytes, name: str, message: str
) -> None:
    answer = browser.post(START, data={"file": (io.BytesIO(content), name)})

    assert answer.status_code == 422
    assert message in answer.text
    assert session.scalar(select(func.count()).select_from(ProductImport)) == 0


def test_no_file_is_a_refused_form(browser: FlaskClient) -> None:
    answer = browser.post(START, data={})

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_request_of_100_megabytes_is_too_large(browser: FlaskClient) -> None:
    body = b"0" * 100 * 1024 * 1024

    answer = browser.post(START, data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
