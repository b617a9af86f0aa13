"""Every layout in both languages: no serious barrier, no complaint of the browser, no sideways scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Visitors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MAKER, FIRM, OFFICER = "owner@org001.example.com", "owner@org050.example.com", "officer@authority.example.com"
PAGES = {
    "": ["/", "/help", "/challenges/", "/products/", "/needs/", "/companies/", "/account/login", "/account/register"],
    MAKER: ["/workspace/", "/workspace/needs/", "/workspace/needs/new", "/workspace/pairings/", "/workspace/company/"],
    FIRM: ["/workspace/", "/workspace/products/", "/workspace/bids/", "/workspace/notifications/"],
    OFFICER: [
        "/desk/",
        "/desk/pairings/",
        "/desk/runs/new",
        "/desk/funnel/",
        "/desk/model/",
        "/desk/companies/",
        "/desk/postings/",
        "/desk/audit/",
    ],
}
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is in order need not be told in full
}


def barriers(page: Page) -> list[str]:
    """Return the serious violations that axe finds, each with the first place."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{page.url}: {one['id']} at {one['nodes'][0]['target']}: {one['help']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def keys_work(page: Page) -> None:
    """Wait until the script of the desk's keys has been loaded."""
    expect(page.locator(".choice:has(#single-keys)")).not_to_have_attribute("hidden", "")


def visit(visitors: Visitors, who: str, language: str, **how: dict[str, int]) -> Page:
    return visitors.person(who, language, **how) if who else visitors.stranger(language, **how)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_have_no_serious_barrier(visitors: Visitors, who: str, language: str) -> None:
    page, found = visit(visitors, who, language), []

    for path in PAGES[who]:
        page.goto(path)
        found += barriers(page)

    assert found == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_fit_a_phone(visitors: Visitors, who: str, language: str) -> None:
    page, too_wide = visit(visitors, who, language, viewport=PHONE), []

    for path in PAGES[who]:
        page.goto(path)
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        too_wide += [(path, excess)] * (excess > 0)

    assert too_wide == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pairing_card_has_no_serious_barrier(visitors: Visitors, language: str) -> None:
    maker, officer = visitors.person(MAKER, language), visitors.person(OFFICER, language)

    maker.goto("/workspace/pairings/?tab=introduced")
    maker.locator(".entry__title a").first.click()
    officer.goto("/desk/pairings/")
    officer.locator("[data-open]").first.click()

    expect(maker.locator(".pairing")).to_be_visible()
    expect(officer.locator(".pairing")).to_be_visible()
    assert barriers(maker) + barriers(officer) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refused_form_has_no_serious_barrier_and_tells_its_faults_first(visitors: Visitors, language: str) -> None:
    page = visitors.person(MAKER, language)
    visitors.tolerate("422")
    page.goto("/workspace/needs/new")

    page.locator("button[name=submit]").click()

    expect(page.locator(".error-summary")).to_be_focused()
    assert barriers(page) == []


def test_the_queue_is_worked_by_keyboard_alone(visitors: Visitors) -> None:
    page = visitors.person(OFFICER)
    page.goto("/desk/pairings/?fit=unknown")
    keys_work(page)
    keys, rows = page.keyboard, page.locator("tr[data-key]")
    first = rows.nth(0).locator("[data-open]").inner_text()

    keys.press("j")
    expect(rows.nth(0)).to_be_focused()
    keys.press("j")
    keys.press("k")
    keys.press("x")
    expect(rows.nth(0).locator("[data-select-row]")).to_be_checked()
    expect(page.locator("[data-selection-count]")).to_have_text("1 selected")
    keys.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    keys.press("Escape")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)

    page.goto("/desk/pairings/?fit=unknown")
    keys_work(page)
    keys.press("j")
    keys.press("r")
    expect(page.locator("#reject [name=reason_code]").first).to_be_focused()
    page.goto("/desk/pairings/?fit=unknown")
    keys_work(page)
    keys.press("j")
    keys.press("a")
    expect(page.locator(".notice--ok")).to_contain_text("Approved")
    expect(rows.nth(0)).to_be_focused()


def test_the_first_tab_skips_to_the_content(visitors: Visitors) -> None:
    page = visitors.stranger()
    page.goto("/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()
