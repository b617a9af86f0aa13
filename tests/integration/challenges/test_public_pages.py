"""What everybody, a chip firm, the owner and the desk read on the public pages."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from app.challenges.models import Challenge, KpiVisibility
from app.demands.workflow import PostingMode, PostingState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory, five_kpis
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from app.accounts.models import User

    Page = Callable[..., str]
    Login = Callable[[FlaskClient, User], FlaskClient]

DAY = dt.timedelta(days=1)
AWARDED: dict[str, Any] = {
    "state": PostingState.AWARDED,
    "bid_deadline_at": NOON - 60 * DAY,
    "question_deadline_at": None,
    "closed_at": NOON - 60 * DAY,
    "outcome": {"winners": [{"organization_id": "1", "name": "深圳赢家芯片有限公司"}], "reserve": []},
}


def with_kept_target() -> list[Any]:
    kpis = five_kpis()
    kpis[3].visibility, kpis[3].baseline = KpiVisibility.AFTER_NDA, "进口同类1Mbps"
    return kpis


def address(challenge: Challenge) -> str:
    return f"/challenges/{challenge.id}"


def test_the_list_opens_with_what_takes_bids_soonest_first(page: Page) -> None:
    ChallengeFactory(title="截止较晚的芯片攻关", bid_deadline_at=NOON + 40 * DAY)
    ChallengeFactory(title="截止较早的芯片攻关", bid_deadline_at=NOON + 25 * DAY)
    ChallengeFactory(title="已经截止的芯片攻关", closed=True)
    ChallengeFactory(title="尚未发布的芯片攻关", submitted=True)

    text = page("/challenges/")

    assert text.index("截止较早") < text.index("截止较晚")
    assert "已经截止" not in text
    assert "尚未发布" not in text


def test_what_is_past_its_deadline_is_not_open_even_before_the_job_has_run(page: Page) -> None:
    late = ChallengeFactory(title="刚刚截止的芯片攻关", bid_deadline_at=NOON, question_deadline_at=None)

    assert "刚刚截止" not in page("/challenges/")
    assert "刚刚截止" in page("/challenges/?tab=running")
    assert "badge--closed" in page(address(late))


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("open", {"甲"}),
        ("running", {"乙", "丙"}),
        ("finished", {"丁", "戊", "己"}),
        ("all", {"甲", "乙", "丙", "丁", "戊", "己"}),
        ("nonsense", {"甲"}),
    ],
)
def test_tabs_follow_the_stages(page: Page, tab: str, shown: set[str]) -> None:
    ended = {"bid_deadline_at": NOON - DAY, "question_deadline_at": None}
    ChallengeFactory(title="榜单标记甲号")
    ChallengeFactory(title="榜单标记乙号", closed=True)
    ChallengeFactory(title="榜单标记丙号", state=PostingState.PUBLICITY, **ended)
    ChallengeFactory(title="榜单标记丁号", **AWARDED)
    ChallengeFactory(title="榜单标记戊号", state=PostingState.NO_AWARD, **ended)
    ChallengeFactory(title="榜单标记己号", state=PostingState.CANCELLED, **ended)
    ChallengeFactory(title="榜单标记庚号", state=PostingState.CANCELLED, published_at=None, code=None)

    text = page(f"/challenges/?tab={tab}")

    assert {letter for letter in "甲乙丙丁戊己庚" if f"榜单标记{letter}号" in text} == shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mode=government_task", "任务"),
        ("terminal=T07", "汽车"),
        ("category=C04", "电池"),
        ("city=440600", "佛山"),
    ],
)
def test_facets_narrow_the_list(page: Page, query: str, found: str) -> None:
    elsewhere = OrganizationFactory(terminal=True, city_code="440600")
    plain = {"categories": [], "terminal_category": "T1202"}
    ChallengeFactory(title="榜单标记任务", mode=PostingMode.GOVERNMENT_TASK, **plain)
    ChallengeFactory(title="榜单标记汽车", **{**plain, "terminal_category": "T0701"})
    ChallengeFactory(title="榜单标记电池", terminal_category="T1202")
    ChallengeFactory(title="榜单标记佛山", organization=elsewhere, **plain)

    text = page(f"/challenges/?{query}")

    assert [mark for mark in ("任务", "汽车", "电池", "佛山") if f"榜单标记{mark}" in text] == [found]


def test_facets_count_what_their_tab_holds(page: Page) -> None:
    ChallengeFactory.create_batch(2)
    ChallengeFactory(closed=True)

    text = page("/challenges/", headers={"Accept-Language": "en"})

    assert '<span class="facet__count">2</span>' in text
    assert '<span class="facet__count">3</span>' not in text


@pytest.mark.parametrize(
    ("sort", "order"),
    [("reward", ["贵", "旧", "新"]), ("new", ["新", "贵", "旧"]), ("deadline", ["旧", "新", "贵"])],
)
def test_the_list_is_sorted_as_asked(page: Page, sort: str, order: list[str]) -> None:
    ChallengeFactory(title="榜单标记旧号", reward_total_wan=Decimal(900), published_at=NOON - 9 * DAY,
                     bid_deadline_at=NOON + 21 * DAY)  # fmt: skip
    ChallengeFactory(title="榜单标记新号", reward_total_wan=Decimal(800), published_at=NOON,
                     bid_deadline_at=NOON + 22 * DAY)  # fmt: skip
    ChallengeFactory(title="榜单标记贵号", reward_total_wan=Decimal(9000), published_at=NOON - 2 * DAY,
                     bid_deadline_at=NOON + 23 * DAY)  # fmt: skip

    text = page(f"/challenges/?sort={sort}")

    assert sorted(order, key=lambda mark: text.index(f"榜单标记{mark}号")) == order


@pytest.mark.parametrize(
    "query",
    [
        "q=%27%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "q=" + "长" * 3000,
        "tab=%00&sort=drop+table&page=-3",
        "page=99999999999999999999",
        "page=abc&terminal=T99&category=%25&city=_&mode=matching_need",
        "q=%2A%28%22",
    ],
)
@pytest.mark.parametrize("some", [0, 1])
def test_strange_questions_get_a_plain_answer(client: FlaskClient, query: str, some: int) -> None:
    ChallengeFactory.create_batch(some)

    answer = client.get(f"/challenges/?{query}")

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_empty_portal_teaches_the_next_step(page: Page, locale: str) -> None:
    assert "empty__title" in page("/challenges/", headers={"Accept-Language": locale})


def test_a_hidden_owner_is_named_nowhere(page: Page) -> None:
    shy = ChallengeFactory(is_owner_shown=False)

    assert shy.organization.legal_name_zh not in page("/challenges/")
    assert shy.organization.legal_name_zh not in page(address(shy))


def test_the_finished_ones_name_their_winners(page: Page) -> None:
    done = ChallengeFactory(**AWARDED)

    assert "深圳赢家芯片有限公司" in page("/challenges/?tab=finished")
    assert "深圳赢家芯片有限公司" in page(address(done))


def test_no_award_tells_its_reasons(page: Page) -> None:
    done = ChallengeFactory(**{**AWARDED, "state": PostingState.NO_AWARD, "outcome": {"reasons": ["no_bid"]}})

    assert "No bid" in page(address(done), headers={"Accept-Language": "en"})


def test_an_outcome_that_is_not_public_yet_stays_out(page: Page) -> None:
    early = ChallengeFactory(**{**AWARDED, "state": PostingState.EVALUATING})

    assert "深圳赢家芯片有限公司" not in page("/challenges/?tab=running")
    assert "深圳赢家芯片有限公司" not in page(address(early))


def test_before_the_deadline_nothing_tells_of_bids(page: Page, client: FlaskClient, login: Login) -> None:
    challenge = ChallengeFactory()
    url = address(challenge)
    owner = UserFactory(organization=challenge.organization, locale="en")
    before_public = page(url)
    before_owner = login(client, owner).get(f"/workspace{url}").text

    bids = BidFactory.create_batch(3, challenge=challenge)

    after_owner = client.get(f"/workspace{url}").text
    after_public = client.application.test_client().get(url).text
    assert _without_token(after_owner) == _without_token(before_owner)
    assert _without_token(after_public) == _without_token(before_public)
    assert bids[0].firm.legal_name_zh not in after_owner


def _without_token(text: str) -> list[str]:
    return [line for line in text.splitlines() if "csrf" not in line]


def test_everybody_reads_the_targets_but_those_kept_until_the_nda(page: Page) -> None:
    challenge = ChallengeFactory(kpis=with_kept_target())

    text = page(address(challenge))

    assert "≤ 2\u202fmV" in text
    assert "菊花链速率" in text
    assert "≥ 2\u202fMbps" not in text
    assert "进口同类1Mbps" not in text


def test_a_verified_chip_firm_reads_requirements_and_payments_but_no_kept_target(
    page: Page, client: FlaskClient, login: Login
) -> None:
    challenge = ChallengeFactory(kpis=with_kept_target(), pin_compat_with="Kestmoor KM7818A")
    login(client, UserFactory(organization=OrganizationFactory(chip=True)))

    text = page(address(challenge))

    assert "60\u202f%" in text
    assert "14~18" in text
    assert "≥ 2\u202fMbps" not in text
    assert "Kestmoor" not in text


def test_payments_are_not_for_everybody(page: Page) -> None:
    assert "60\u202f%" not in page(address(ChallengeFactory()))


def test_payments_are_not_for_companies_that_nobody_verified(page: Page, client: FlaskClient, login: Login) -> None:
    challenge = ChallengeFactory()
    login(client, UserFactory(organization=OrganizationFactory(chip=True, unverified=True)))

    assert "60\u202f%" not in page(address(challenge))


def test_payments_are_for_the_desk(page: Page, client: FlaskClient, login: Login) -> None:
    challenge = ChallengeFactory()
    login(client, operator())

    assert "60\u202f%" in page(address(challenge))


def test_the_owner_and_the_authority_read_everything(page: Page, client: FlaskClient, login: Login) -> None:
    challenge = ChallengeFactory(kpis=with_kept_target())
    login(client, officer())

    assert "≥ 2\u202fMbps" in page(address(challenge))


@pytest.mark.parametrize("given", [{"draft": True}, {"submitted": True}])
def test_what_is_not_published_does_not_exist_for_strangers(page: Page, given: dict[str, bool]) -> None:
    page(address(ChallengeFactory(**given)), 404)


def test_a_draft_is_unknown_even_to_the_authority(page: Page, client: FlaskClient, login: Login) -> None:
    draft = ChallengeFactory(draft=True)
    login(client, officer())

    page(address(draft), 404)


@pytest.mark.parametrize("path", [str(uuid.UUID(int=0)), "CH2026-001", "1 or 1=1"])
def test_an_address_that_leads_nowhere_is_not_found(page: Page, path: str) -> None:
    page(f"/challenges/{path}", 404)


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("path", ["/challenges/", "/challenges/?tab=all", "one"])
def test_pages_need_few_queries_in_both_languages(client: FlaskClient, login: Login, path: str, locale: str) -> None:
    one = ChallengeFactory.create_batch(3)[0]
    ChallengeFactory(**AWARDED)
    login(client, UserFactory(organization=OrganizationFactory(chip=True), locale=locale))

    with count_queries() as queries:
        answer = client.get(address(one) if path == "one" else path)

    assert answer.status_code == 200
    assert len(queries) <= 12


def test_a_chip_firm_finds_the_way_to_bid(page: Page, client: FlaskClient, login: Login) -> None:
    challenge = ChallengeFactory()
    login(client, UserFactory(organization=OrganizationFactory(chip=True)))

    assert f"/workspace/bids/new?challenge_id={challenge.id}" in page(address(challenge))


@pytest.mark.parametrize("company", [{"terminal": True}, {"chip": True, "unverified": True}])
def test_who_may_not_bid_reads_why(page: Page, client: FlaskClient, login: Login, company: dict[str, bool]) -> None:
    challenge = ChallengeFactory()
    login(client, UserFactory(organization=OrganizationFactory(**company)))

    text = page(address(challenge))

    assert "/workspace/bids/new" not in text
    assert 'class="blocked"' in text


def test_nobody_is_led_to_bid_after_the_deadline(page: Page, client: FlaskClient, login: Login) -> None:
    challenge = ChallengeFactory(closed=True)
    login(client, UserFactory(organization=OrganizationFactory(chip=True)))

    text = page(address(challenge))

    assert "/workspace/bids/new" not in text
    assert 'class="blocked"' not in text
