"""From a posted need to two companies that know each other, through a browser and a mailbox."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from email.message import EmailMessage

    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import Visitors
    from tests.support.smtp import SmtpServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MAKER, FIRM, OFFICER = "owner@org001.example.com", "owner@org050.example.com", "officer@authority.example.com"
TITLE = "户外储能电源18串电池采样芯片"
REQUIREMENTS = (
    ("cell_err", "<=", "3", "mV"),
    ("cells", "covers", "14~18", "串"),
    ("sleep_i", "<=", "25", "µA"),
)
WAIT_SECONDS = 90


def test_a_need_leads_two_companies_to_each_other(visitors: Visitors, mailbox: SmtpServer) -> None:
    maker, firm, officer = visitors.person(MAKER), visitors.person(FIRM), visitors.person(OFFICER)
    firm_name = firm.locator(".rail-menu__title").inner_text()

    post_need(maker)
    publish_need(officer)
    approve_pairing(officer, firm_name)
    visitors.site.flask("digests", "send")
    accept_from_mail(maker, digest_for(mailbox, MAKER))
    expect(maker.locator("#contacts")).to_have_count(0)
    accept_from_mail(firm, digest_for(mailbox, FIRM))

    expect(firm.locator("#contacts")).to_contain_text(MAKER)
    maker.reload()
    expect(maker.locator("#contacts")).to_contain_text(FIRM)


def post_need(page: Page) -> None:
    """Fill the form in and submit it."""
    page.goto("/workspace/needs/new")
    page.locator("#title").fill(TITLE)
    page.locator("#terminal_category").select_option("T1202")
    page.locator("#end_product").fill("户外储能电源")
    page.locator("#use_description").fill(
        "电池包管理板需要采样18串磷酸铁锂电芯的电压，现用芯片误差大，电量显示跳变，冬天掉电快，希望支持菊花链。"
    )
    page.locator("#categories-0").select_option("C0407")
    for row, (key, op, value, unit) in enumerate(REQUIREMENTS):
        page.locator(f"#params-{row}-key").select_option(key)
        page.locator(f"#params-{row}-op").select_option(op)
        page.locator(f"#params-{row}-value").fill(value)
        page.locator(f"#params-{row}-unit").fill(unit)
    page.locator("#quality_grade").select_option("industrial")
    page.locator("#temp_min").fill("-20")
    page.locator("#temp_max").fill("70")
    page.locator("#annual_volume_kpcs").fill("300")
    page.locator("#sample_by").fill("2027-06-01")
    page.locator("#sop_on").fill("2027-12-01")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".page__lead")).to_contain_text("Under review")


def publish_need(page: Page) -> None:
    """Open the need from the desk's queue and publish it."""
    page.goto("/desk/postings/")
    page.get_by_role("link", name=TITLE).click()
    page.locator("#opinion").fill("需求真实、指标可量化，未指定供应商。")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".notice--ok")).to_be_visible()


def approve_pairing(page: Page, firm_name: str) -> None:
    """Wait for the model, look at the evidence and approve."""
    row = appears(page, f"/desk/pairings/?q={TITLE}", page.locator("tr[data-key]").filter(has_text=firm_name))
    row.get_by_role("link", name=TITLE).click()
    expect(page.locator(".matrix tbody tr")).to_have_count(len(REQUIREMENTS) + 2)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".notice--ok")).to_contain_text("Approved")


def digest_for(mailbox: SmtpServer, address: str) -> EmailMessage:
    """Return the digest that arrived for somebody; it is whole."""
    mails = [mail.message for mail in mailbox.messages if address in mail.recipients]
    digests = [mail for mail in mails if mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"]
    assert len(digests) == 1
    text, html = (digests[0].get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    assert TITLE in text.get_content()
    assert TITLE in html.get_content()
    assert digests[0]["List-Unsubscribe"].startswith("<http")
    return digests[0]


def accept_from_mail(page: Page, digest: EmailMessage) -> None:
    """Follow the link under the need's title and say yes."""
    text = digest.get_body(("plain",))
    assert text
    below = text.get_content().partition(TITLE)[2]
    link = re.search(r"http://\S+/workspace/pairings/[0-9a-f-]{36}#answer", below)
    assert link
    page.goto(link[0])
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".notice--ok")).to_be_visible()


def appears(page: Page, url: str, wanted: Locator) -> Locator:
    """Load a page again and again until a job elsewhere has brought about what is wanted."""
    deadline = time.monotonic() + WAIT_SECONDS
    page.goto(url)
    while not wanted.count():
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        page.wait_for_timeout(300)
        page.reload()
    return wanted
