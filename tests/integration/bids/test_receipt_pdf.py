"""The receipt on paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from app.bids.receipt import shown_code
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import CODE, BidFactory
from tests.support.bidding import complete_bid, open_challenge, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


@pytest.fixture
def firm(session: Session) -> Any:
    return OrganizationFactory(chip=True)


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], firm: Any) -> FlaskClient:
    return login(client, UserFactory(organization=firm))


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without blanks, which lines and fonts put anywhere."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_a_receipt_is_one_valid_pdf_of_a_moderate_size(browser: FlaskClient, firm: Any) -> None:
    bid = BidFactory(sealed=True, organization=firm, challenge=open_challenge())

    answer = browser.get(f"/workspace/bids/{bid.id}/receipt.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-1.")
    assert answer.data.rstrip().endswith(b"%%EOF")
    assert len(answer.data) < 100_000
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("locale", "title"), [("zh_Hans_CN", "密封回执"), ("en", "Sealreceipt")])
def test_the_page_says_what_was_sealed_when_and_under_which_commitment(
    browser: FlaskClient, firm: Any, session: Session, locale: str, title: str
) -> None:
    browser.post("/locale", data={"locale": locale})
    bid = complete_bid(organization=firm)
    browser.post(f"/workspace/bids/{bid.id}/edit", data={**sent(bid), "submit": "1"})
    session.refresh(bid)

    text = text_of(browser.get(f"/workspace/bids/{bid.id}/receipt.pdf").data)

    assert title in text
    assert firm.legal_name_zh in text
    assert "".join(bid.challenge.title.split()) in text
    assert bid.content_hash in text
    assert shown_code(bid.receipt_code) in text
    assert bid.sealed_at.astimezone().strftime(".%f")[:4] in text
    assert f"{len(bid.challenge.kpis)}" in text


def test_the_reopening_code_is_not_on_the_page(browser: FlaskClient, firm: Any) -> None:
    bid = BidFactory(sealed=True, organization=firm, challenge=open_challenge())
    browser.post(f"/workspace/bids/{bid.id}/reopen", data={"code": CODE})

    text = text_of(browser.get(f"/workspace/bids/{bid.id}/receipt.pdf").data)

    assert CODE not in text
    assert CODE.replace("-", "") not in text


def test_a_draft_has_no_receipt(browser: FlaskClient, firm: Any) -> None:
    bid = BidFactory(organization=firm, challenge=open_challenge())

    assert browser.get(f"/workspace/bids/{bid.id}/receipt.pdf").status_code == 404


def test_nobody_elses_receipt_is_found(browser: FlaskClient) -> None:
    bid = BidFactory(sealed=True, challenge=open_challenge())

    assert browser.get(f"/workspace/bids/{bid.id}/receipt.pdf").status_code == 404
