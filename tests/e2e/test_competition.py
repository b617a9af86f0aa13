"""A whole competition, each person at a browser of their own: from the question to the passport."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support import competing, stage

if TYPE_CHECKING:
    import uuid
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.e2e.conftest import Visitors
    from tests.support.competing import Receipt

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

MAKER, FIRST, SECOND = "owner@org001.example.com", "owner@org050.example.com", "owner@org032.example.com"
OFFICER, SUPERVISOR = "officer@authority.example.com", "supervisor@authority.example.com"
OPERATOR = "operator@desk.example.com"
TITLE = "工商业储能18串电池采样芯片攻关"
STRONG, WEAK = "高精度采样芯片方案", "低成本采样芯片方案"
WEAK_VALUES = ("1.9", "160", "26", "2", "18")
REFUSED = "休眠电流承诺高于要求，样片进度偏晚，不予选定。"


def test_a_competition_leads_from_questions_to_a_passport_that_checks_itself(
    visitors: Visitors, tmp_path: Path
) -> None:
    challenge_id = stage.publish(visitors.site, TITLE)
    emails = stage.let_experts_in(visitors.site)
    maker, first, second = visitors.person(MAKER), visitors.person(FIRST), visitors.person(SECOND)
    names = [page.locator(".rail-menu__title").inner_text() for page in (first, second)]

    clarify(maker, first, second, challenge_id)
    receipts = bid(first, second, challenge_id)
    stage.move_deadline(visitors.site, challenge_id, -dt.timedelta(milliseconds=1))
    published(visitors.stranger(), challenge_id, receipts)
    officer = visitors.person(OFFICER)
    open_bids(visitors, officer, challenge_id)
    check_format(visitors.person(OPERATOR), officer, challenge_id)
    review(visitors, officer, challenge_id, emails, names)
    competing.propose(maker, challenge_id, REFUSED)
    competing.publish_notice(officer, challenge_id)
    stage.end_notice(visitors.site, challenge_id)
    competing.award(officer, challenge_id)

    announced(visitors.stranger(), challenge_id, names)
    told_why(second, receipts[1], names[0])
    assert verified(visitors.stranger(), challenge_id, tmp_path)


def clarify(maker: Page, asking: Page, reading: Page, challenge_id: uuid.UUID) -> None:
    """A firm asks, the owner answers; everybody reads both, and nobody reads who asked."""
    question, answer = "休眠电流是否包含看门狗定时器的电流？", "包含看门狗定时器，在25℃下测量。"
    firm = asking.locator(".rail-menu__title").inner_text()

    competing.ask(asking, challenge_id, question)
    competing.answer(maker, challenge_id, answer)

    for page in (maker, reading):
        page.goto(f"/challenges/{challenge_id}/questions/")
        expect(page.locator("main")).to_contain_text(question)
        expect(page.locator("main")).to_contain_text(answer)
        expect(page.locator("main")).not_to_contain_text(firm)


def bid(first: Page, second: Page, challenge_id: uuid.UUID) -> tuple[Receipt, Receipt]:
    """Both firms seal a bid; the first takes it back once and seals it at another price."""
    competing.draft(first, challenge_id, STRONG, price="1300")
    early = competing.seal(first)
    competing.take_back(first, early.url)
    first.locator("#price_total_wan").fill("1200")
    final = competing.seal(first)
    competing.draft(second, challenge_id, WEAK, price="900", values=WEAK_VALUES)
    other = competing.seal(second)

    assert early.commitment != final.commitment
    return final, other


def published(page: Page, challenge_id: uuid.UUID, receipts: tuple[Receipt, Receipt]) -> None:
    """After the deadline everybody reads the commitments, and a receipt is found among them."""
    url = f"/challenges/{challenge_id}/commitments/"
    hashes = competing.appears(page, url, page.locator(".commitment-hash"))
    assert sorted(hashes.all_inner_texts()) == sorted(one.commitment for one in receipts)

    page.locator("#receipt").set_input_files(
        {"name": "receipt.json", "mimeType": "application/json", "buffer": receipts[0].file}
    )
    page.get_by_role("button", name="Check").click()

    expect(page.locator("tr.is-found")).to_contain_text(receipts[0].commitment)


def open_bids(visitors: Visitors, officer: Page, challenge_id: uuid.UUID) -> None:
    """Two holders release their keys; the second release opens all bids."""
    supervisor = visitors.person(SUPERVISOR)

    competing.release_key(officer, challenge_id, visitors.site.passphrases[OFFICER])
    expect(officer.locator("main")).to_contain_text("The next one must come from another person")
    competing.release_key(supervisor, challenge_id, visitors.site.passphrases[SUPERVISOR])

    expect(supervisor.locator("main")).to_contain_text("The bids are open")


def check_format(operator: Page, officer: Page, challenge_id: uuid.UUID) -> None:
    """The operator prepares, the officer signs."""
    checks = competing.checks_of(operator, challenge_id)
    assert len(checks) == 2
    for url in checks:
        competing.prepare_check(operator, url)
        competing.accept_check(officer, url)


def review(
    visitors: Visitors, officer: Page, challenge_id: uuid.UUID, emails: dict[str, str], firms: list[str]
) -> None:
    """One expert is recused and replaced; three judge blindly, each alone; then the ranking is settled."""
    competing.form_panel(officer, challenge_id, 3)
    competing.recuse(visitors.person(emails[competing.reviewers(officer, challenge_id)[0]]), TITLE)
    drawn = competing.reviewers(officer, challenge_id)
    assert len(drawn) == 3
    for name in drawn:
        expert = visitors.person(emails[name])
        competing.judge(expert, TITLE, {STRONG: competing.STRONG, WEAK: competing.WEAK})
        expect(expert.locator("main")).not_to_contain_text(firms[0])
    competing.settle(officer, challenge_id)


def announced(page: Page, challenge_id: uuid.UUID, firms: list[str]) -> None:
    """The archive and the notice name the winner and nobody else."""
    page.goto("/results/")
    entry = page.locator(".entry", has_text=TITLE)
    expect(entry).to_contain_text(firms[0])
    expect(entry).not_to_contain_text(firms[1])

    page.goto(f"/challenges/{challenge_id}/notice/")
    expect(page.locator("main")).to_contain_text(firms[0])
    expect(page.locator("main")).not_to_contain_text(firms[1])


def told_why(page: Page, receipt: Receipt, winner: str) -> None:
    """The loser reads the reason and the gap of its own bid, and nothing about the winner."""
    page.goto(f"{receipt.url}/feedback/")

    expect(page.locator("main")).to_contain_text(REFUSED)
    expect(page.locator("main tr", has_text="休眠电流")).to_contain_text("26")
    expect(page.locator("main")).not_to_contain_text(winner)
    expect(page.locator("main")).not_to_contain_text(STRONG)


def verified(page: Page, challenge_id: uuid.UUID, folder: Path) -> bool:
    """Return whether the downloaded passport, alone in a folder, finds itself whole."""
    answer = page.request.get(f"/challenges/{challenge_id}/passport.zip")
    with zipfile.ZipFile(io.BytesIO(answer.body())) as pack:
        pack.extractall(folder)
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0
