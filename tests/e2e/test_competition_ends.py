"""Competitions that do not go straight: a late bid, an objection that is upheld, no award."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support import competing, stage

if TYPE_CHECKING:
    import uuid

    from playwright.sync_api import Page

    from tests.e2e.conftest import Visitors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MAKER, FIRST, SECOND = "owner@org001.example.com", "owner@org050.example.com", "owner@org032.example.com"
OFFICER, DEPUTY = "officer@authority.example.com", "deputy@authority.example.com"
FACTS = "公示单位的样片实测报告出具日期早于其流片日期，相关数据不可能来自该芯片。"
FOUND = "经核查，实测报告日期早于流片日期，数据不能采信，异议成立，取消其拟揭榜资格。"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SECONDS = 4


def test_of_two_firms_at_the_deadline_the_late_one_is_told_so_and_loses_nothing(visitors: Visitors) -> None:
    challenge_id = stage.publish(visitors.site, "截止前后18串采样芯片攻关")
    first, second = visitors.person(FIRST), visitors.person(SECOND)
    visitors.tolerate("422")
    competing.draft(first, challenge_id, "准时方案", price="1000")
    competing.draft(second, challenge_id, "迟到方案", price="1100")

    stage.move_deadline(visitors.site, challenge_id, dt.timedelta(seconds=SECONDS))
    competing.seal(first)
    second.wait_for_timeout(1000 * SECONDS)
    second.get_by_role("button", name="Submit and seal").click()

    expect(second.locator(".error-summary")).to_contain_text("The deadline has passed")
    expect(second.locator("#project_name")).to_have_value("迟到方案")
    expect(second.locator("#price_total_wan")).to_have_value("1100")
    expect(second.locator("#receipt")).to_have_count(0)


def test_an_upheld_objection_brings_the_reserve_to_the_award(visitors: Visitors) -> None:
    title = "异议处理18串采样芯片攻关"
    challenge_id = stage.rank_bids_of(visitors.site, title, [FIRST, SECOND])
    maker, objector = visitors.person(MAKER), visitors.person(SECOND)
    officer, deputy, reader = visitors.person(OFFICER), visitors.person(DEPUTY), visitors.stranger()
    firms = [visitors.person(FIRST).locator(".rail-menu__title").inner_text(), name_of(objector)]

    competing.propose(maker, challenge_id)
    competing.publish_notice(officer, challenge_id)
    object_to(objector, challenge_id, firms[0])
    take_up(officer, title)
    reader.goto(f"/challenges/{challenge_id}/notice/")
    expect(reader.locator("main")).to_contain_text("The notice stands still")
    expect(reader.locator("main")).not_to_contain_text(FACTS)
    find_right(deputy, title)
    reader.reload()
    expect(reader.locator("main")).to_contain_text("The notice stands still")
    confirm_finding(officer, title)

    winners = reader.locator("dl.facts > div", has_text="To be awarded").first
    reader.reload()
    expect(winners).to_contain_text(firms[1])
    expect(winners).not_to_contain_text(firms[0])
    stage.end_notice(visitors.site, challenge_id)
    competing.award(officer, challenge_id)
    objector.goto("/workspace/objections/")
    expect(objector.locator(".entry", has_text=title)).to_contain_text("Upheld")
    reader.goto("/results/")
    expect(reader.locator(".entry", has_text=title)).to_contain_text(firms[1])


def test_a_challenge_without_an_award_is_posted_again(visitors: Visitors) -> None:
    title = "无人揭榜18串采样芯片攻关"
    challenge_id = stage.close_without_bids(visitors.site, title)
    officer, maker, reader = visitors.person(OFFICER), visitors.person(MAKER), visitors.stranger()

    end_without_award(officer, challenge_id)
    reader.goto(f"/challenges/{challenge_id}")
    expect(reader.locator("main")).to_contain_text("No bid")
    post_again(maker, challenge_id)

    expect(maker.locator("main")).to_contain_text(title)
    expect(maker.locator(".page__lead")).to_contain_text("Under review")


def name_of(page: Page) -> str:
    """Return the name of the company somebody acts for."""
    return page.locator(".rail-menu__title").inner_text()


def object_to(page: Page, challenge_id: uuid.UUID, firm: str) -> None:
    """Object to what is proposed about a firm, with evidence."""
    page.goto(f"/challenges/{challenge_id}/notice/")
    page.get_by_role("link", name="Object", exact=True).click()
    page.locator("#ground").select_option("review_result")
    page.locator("#bid_id").select_option(label=firm)
    page.locator("#text").fill(FACTS)
    page.locator("#evidence").set_input_files({"name": "report.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#contact_name").fill("陈静")
    page.locator("#contact_phone").fill("0755-12345678")
    competing.press(page, "Hand in the objection")


def take_up(page: Page, title: str) -> None:
    """Take the objection up; the notice stands still from then on."""
    page.goto("/desk/awards/objections/")
    page.get_by_role("link", name=title).click()
    expect(page.locator("main")).to_contain_text(FACTS)
    competing.confirm(page, "Take up", "Take up")
    expect(page.locator(".notice--ok").first).to_be_visible()


def find_right(page: Page, title: str) -> None:
    """Find the objection right; the next reserve is to take the place."""
    page.goto("/desk/awards/objections/")
    page.get_by_role("link", name=title).click()
    page.locator("#decision").fill(FOUND)
    page.locator("#remedy").select_option("next_reserve")
    competing.press(page, "Propose to uphold")


def confirm_finding(page: Page, title: str) -> None:
    """Confirm as a second officer that the objection is right."""
    page.goto("/desk/awards/objections/")
    page.get_by_role("link", name=title).click()
    expect(page.locator("main")).to_contain_text(FOUND)
    competing.press(page, "Confirm and uphold")


def end_without_award(page: Page, challenge_id: uuid.UUID) -> None:
    """End a competition that nobody has bid in."""
    page.goto(f"/desk/challenges/{challenge_id}")
    form = page.locator("#no_award")
    form.get_by_label("No bid", exact=True).check()
    form.locator("textarea").fill("截榜时无人揭榜，建议放宽指标后重新发榜。")
    competing.press(page, "End without an award")


def post_again(page: Page, challenge_id: uuid.UUID) -> None:
    """Begin the challenge anew, give it new dates, say what is different, and hand it in."""
    page.goto(f"/workspace/challenges/{challenge_id}")
    page.get_by_role("button", name="Post it again").click()
    page.wait_for_url("**/edit")
    page.locator("#relisting_note").fill("放宽休眠电流指标，延长攻关周期，提高榜单金额。")
    page.locator("#question_deadline_at").fill("2027-02-10T17:00")
    page.locator("#bid_deadline_at").fill("2027-03-10T17:00")
    page.locator("#is_not_secret_declared").check()
    page.locator("#is_funding_pledged").check()
    page.get_by_role("button", name="Submit for review").click()
