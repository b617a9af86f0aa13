"""The portal runs, and people get in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.conftest import Visitors

pytestmark = pytest.mark.e2e


def test_the_home_page_is_full_of_the_sample(visitors: Visitors) -> None:
    page = visitors.stranger()

    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Chips from Guangdong for what Guangdong builds")
    expect(page.locator(".entry")).to_have_count(18)


@pytest.mark.parametrize(
    ("email", "place"),
    [("owner@org001.example.com", "/workspace/"), ("officer@authority.example.com", "/desk/")],
)
def test_a_person_lands_where_the_work_is(visitors: Visitors, email: str, place: str) -> None:
    page = visitors.person(email)

    assert page.url == visitors.site.url + place


def test_a_reader_changes_the_language(visitors: Visitors) -> None:
    page = visitors.stranger("zh")
    page.goto("/help")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Rules and help")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
