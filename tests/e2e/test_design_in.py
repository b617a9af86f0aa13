"""From an approved pairing to a design-in: two companies, an officer, and every step between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.test_main_path import FIRM, MAKER, OFFICER, approve_pairing, post_need, publish_need

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Visitors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

TITLE = "户外储能电源18串电池采样芯片"


def test_two_companies_come_from_the_approval_to_a_design_in(visitors: Visitors) -> None:
    maker, firm, officer = visitors.person(MAKER), visitors.person(FIRM), visitors.person(OFFICER)
    firm_name = firm.locator(".rail-menu__title").inner_text()
    post_need(maker)
    publish_need(officer)
    approve_pairing(officer, firm_name)

    url = accept(firm)
    accept(maker)
    sign(maker, url)
    sign(firm, url)
    take(maker, url, "Disclose the confidential part of the need")
    maker.locator("#next #quantity").fill("20")
    maker.locator("#next #purpose").fill("18串评估板，两周")
    take(maker, url, "Request a sample", is_filled=True)
    ship(firm, url)
    arrive(maker, url)
    write(firm, url)
    confirm(firm, url)
    expect(firm.locator("#next")).to_contain_text("the other side has not yet")
    confirm(maker, url)

    expect(maker.locator(".page__lead")).to_contain_text("Designed in")
    expect(maker.locator("#steps")).to_contain_text("Design-in confirmed")


def accept(page: Page) -> str:
    """Open the pairing from the list, say yes, and return its address."""
    page.goto("/workspace/pairings/?tab=todo")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".notice--ok")).to_be_visible()
    return page.url


def sign(page: Page, url: str) -> None:
    """Sign the portal's agreement."""
    page.goto(url)
    page.locator("#is_authorised").check()
    take(page, url, "Sign the confidentiality agreement", is_filled=True)


def ship(page: Page, url: str) -> None:
    """Send the sample."""
    page.goto(url)
    for name, value in {"quantity": "20", "day": "2026-12-01", "lot": "A7", "engineer": "李工 13800000000"}.items():
        page.locator(f"#next #{name}").fill(value)
    take(page, url, "Ship the sample", is_filled=True)


def arrive(page: Page, url: str) -> None:
    """Confirm the arrival of the sample."""
    page.goto(url)
    page.locator("#next #day").fill("2026-12-03")
    page.locator("#next #plan").fill("精度、均衡、休眠电流，两周")
    take(page, url, "Confirm the arrival and begin the evaluation", is_filled=True)


def write(page: Page, url: str) -> None:
    """Write a message."""
    page.goto(f"{url}/thread")
    page.locator("#text").fill("评测中如有问题请随时联系。")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".thread__message--own")).to_contain_text("评测中如有问题")


def confirm(page: Page, url: str) -> None:
    """Confirm the design-in with a band."""
    page.goto(url)
    page.locator("#next").get_by_label("100,000 to 1 million pieces a year").check()
    take(page, url, "Confirm the design-in", is_filled=True)


def take(page: Page, url: str, label: str, *, is_filled: bool = False) -> None:
    """Press the button of the next step; whoever has filled nothing in loads the page first."""
    if not is_filled:
        page.goto(url)
    page.locator("#next").get_by_role("button", name=label).click()
    expect(page.locator(".notice--ok")).to_be_visible()
