"""What people do with their browsers in a competition."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from playwright.sync_api import Locator, Page

COMMITTED = ("1.5", "200", "18", "2", "16")
"""To the five indicators of the factories' challenges; every one is met."""
STRONG, WEAK = ("27", "18", "13", "13", "9", "4", "4"), ("22", "14", "11", "11", "7", "4", "4")
"""Points for each criterion that need no reasons: neither very low nor very high."""
MINUTES = "评审会到会专家三名，逐项讨论各方案的指标承诺、样片进度与供货保障，形成一致意见，会议记录经全体确认。"
WAIT_SECONDS = 90
"""The job that closes what is due runs every minute."""


@dataclass(frozen=True)
class Receipt:
    """What a firm keeps of a sealed bid."""

    url: str
    """The page of the bid."""
    commitment: str
    file: bytes


def confirm(page: Page, opener: str, word: str) -> None:
    """Press a button that asks once more, and say yes."""
    page.get_by_role("button", name=opener, exact=True).first.click()
    page.locator("dialog:visible").get_by_role("button", name=word, exact=True).click()


def press(page: Page, word: str) -> None:
    """Press a button and see that it was done."""
    page.get_by_role("button", name=word, exact=True).click()
    expect(page.locator(".notice--ok").first).to_be_visible()


def ask(page: Page, challenge_id: uuid.UUID, text: str) -> None:
    """Ask a question about a challenge."""
    page.goto(f"/challenges/{challenge_id}/questions/")
    page.locator("#text").fill(text)
    press(page, "Ask")


def answer(page: Page, challenge_id: uuid.UUID, text: str) -> None:
    """Answer the only open question."""
    page.goto(f"/workspace/challenges/{challenge_id}/questions/")
    page.locator("textarea[name$=text]").fill(text)
    press(page, "Answer for everybody")


def draft(page: Page, challenge_id: uuid.UUID, project: str, *, price: str, values: Sequence[str] = COMMITTED) -> None:
    """Begin a bid and fill it in; it is not saved."""
    page.goto(f"/workspace/bids/new?challenge_id={challenge_id}")
    page.get_by_role("button", name="Begin the bid").click()
    page.wait_for_url("**/edit")
    page.locator("#project_name").fill(project)
    page.locator("#approach").fill("以已量产的14串产品为基础扩展通道，基准源重新设计，样片已回测。")
    page.locator("#tech_readiness").select_option("6")
    for place, value in enumerate(values):
        page.locator(f"#commitments-{place}-committed").fill(value)
    for place, (month, deliverable, percent) in enumerate((("6", "工程样片", "40"), ("18", "小批供货", "60"))):
        page.locator("[data-rows=milestones] [data-rows-add]").click()
        page.locator(f"#milestones-{place}-month").fill(month)
        page.locator(f"#milestones-{place}-deliverable").fill(deliverable)
        page.locator(f"#milestones-{place}-percent").fill(percent)
    page.locator("#supply_plan").fill("月产能200千颗，交期八周。")
    page.locator("#ip_statement").fill("自有知识产权，未发现侵权风险。")
    page.locator("#price_total_wan").fill(price)
    page.locator("#is_pledged").check()


def seal(page: Page) -> Receipt:
    """Submit the bid that is being written; keep its receipt."""
    page.get_by_role("button", name="Submit and seal").click()
    expect(page.locator("#receipt")).to_be_visible()
    url = page.url.partition("?")[0]
    commitment = page.locator("#receipt dd.mono").first.inner_text()
    return Receipt(url, commitment, page.request.get(f"{url}/receipt.json").body())


def take_back(page: Page, url: str) -> None:
    """Break the seal of a bid, to change it."""
    page.goto(url)
    confirm(page, "Take back to change…", "Take it back")
    page.goto(f"{url}/edit")


def release_key(page: Page, challenge_id: uuid.UUID, passphrase: str) -> None:
    """Release the key that the person holds."""
    appears(page, f"/openings/{challenge_id}", page.locator("#passphrase")).fill(passphrase)
    press(page, "Release my key")


def checks_of(page: Page, challenge_id: uuid.UUID) -> list[str]:
    """Return the addresses of the format checks of all opened bids."""
    page.goto(f"/desk/reviews/{challenge_id}")
    found: list[str] = page.locator("a[href$='/format']").evaluate_all("all => all.map(one => one.href)")
    return sorted(set(found))


def prepare_check(page: Page, url: str) -> None:
    """Find everything in a bid in order and hand the check to the authority."""
    page.goto(url)
    for box in page.locator("input[type=radio][value=ok]").all():
        box.check()
    press(page, "Hand to the authority")


def accept_check(page: Page, url: str) -> None:
    """Sign a format check."""
    page.goto(url)
    press(page, "Accept")


def form_panel(page: Page, challenge_id: uuid.UUID, size: int) -> None:
    """Form the best panel and invite it."""
    page.goto(f"/desk/reviews/{challenge_id}/pool")
    page.locator("#size").fill(str(size))
    press(page, "Propose a panel")
    confirm(page, "Invite the panel…", "Invite")
    expect(page.locator(".notice--ok")).to_contain_text("invited")


def reviewers(page: Page, challenge_id: uuid.UUID) -> list[str]:
    """Return the names of the experts who have been invited and have not answered."""
    page.goto(f"/desk/reviews/{challenge_id}")
    rows = page.locator("tr", has=page.locator("td[data-label=State]", has_text="Invited"))
    names = [text.partition("\n")[0].strip() for text in rows.locator("td[data-label=Reviewer]").all_inner_texts()]
    return [name for name in names if name != "Challenge owner"]


def recuse(page: Page, title: str) -> None:
    """Open the review of a challenge and declare a conflict of interest."""
    _open_review(page, title)
    page.locator("#reason").fill("与其中一家单位三年内有共同项目。")
    page.get_by_role("button", name="I have a conflict of interest").click()
    expect(page.locator("main")).to_contain_text("its bids are closed to you")


def judge(page: Page, title: str, points: dict[str, Sequence[str]]) -> None:
    """Pledge and hand in a sheet about every bid, with the points of its project."""
    _open_review(page, title)
    page.locator("#is_pledged").check()
    press(page, "Declare and pledge")
    bids = page.locator("td[data-label=Bid] a").evaluate_all("all => all.map(one => one.href)")
    assert len(bids) == len(points)
    for url in bids:
        page.goto(url)
        text = page.locator("main").inner_text()
        given = next(given for project, given in points.items() if project in text)
        for place, value in enumerate(given):
            page.locator(f"#scores-{place}-value").fill(value)
        press(page, "Hand in for good")


def settle(page: Page, challenge_id: uuid.UUID) -> None:
    """Lay the scores on the table and settle the ranking."""
    page.goto(f"/desk/reviews/{challenge_id}")
    confirm(page, "Open the discussion…", "Open the discussion")
    page.locator("#minutes").fill(MINUTES)
    press(page, "Settle the ranking")


def propose(page: Page, challenge_id: uuid.UUID, refused: str = "") -> None:
    """Propose the award as the ranking suggests; ``refused`` is why the second is not even kept in reserve."""
    page.goto(f"/workspace/challenges/{challenge_id}/award/")
    if refused:
        page.locator("#verdicts-1-outcome").select_option("not_selected")
        page.locator("#verdicts-1-reason").fill(refused)
    page.locator("#reasons").fill("第一名全部响应核心指标，样片进度可信，供货能力有保障。")
    press(page, "Propose")


def publish_notice(page: Page, challenge_id: uuid.UUID) -> None:
    """Confirm a proposal; its public notice begins."""
    page.goto(f"/desk/awards/{challenge_id}")
    press(page, "Confirm and publish the notice")


def award(page: Page, challenge_id: uuid.UUID) -> None:
    """Make the award after the notice."""
    page.goto(f"/desk/awards/{challenge_id}")
    confirm(page, "Make the award", "Make the award")
    expect(page.locator(".notice--ok").first).to_be_visible()


def appears(page: Page, url: str, wanted: Locator) -> Locator:
    """Load a page again and again until a job elsewhere has brought about what is wanted."""
    deadline = time.monotonic() + WAIT_SECONDS
    page.goto(url)
    while not wanted.count():
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        page.wait_for_timeout(500)
        page.reload()
    return wanted


def _open_review(page: Page, title: str) -> None:
    page.goto("/workspace/reviews/")
    page.get_by_role("link", name=title).click()
