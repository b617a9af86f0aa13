"""The pages of bids, as the firm's people use them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.bids.content import filled
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.core.actor import MemberRole
from app.drafts.models import FormDraft
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import BidFactory
from tests.factories.catalog import ProductFactory, ProductParamFactory
from tests.support.bidding import complete_bid, content_of, move_deadline, open_challenge, sent
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

MAX_QUERIES = 12


@pytest.fixture
def firm(session: Session) -> Any:
    return OrganizationFactory(chip=True)


@pytest.fixture
def editor(firm: Any) -> User:
    user: User = UserFactory(organization=firm)
    return user


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], editor: User) -> FlaskClient:
    return login(client, editor)


def typed(bid: Bid, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends of the editor; ``changes`` replaces fields."""
    return {**sent(bid), **changes}


@pytest.mark.parametrize(("locale", "title"), [("en", "My bids"), ("zh_Hans_CN", "<h1>")])
def test_the_list_shows_the_firms_bids_and_nobody_elses(
    browser: FlaskClient, firm: Any, locale: str, title: str
) -> None:
    own, other = complete_bid(organization=firm), complete_bid(project_name="别家的攻关")
    browser.post("/locale", data={"locale": locale})

    page = browser.get("/workspace/bids/").text

    assert title in page
    assert filled(own).project_name in page
    assert filled(other).project_name not in page


def test_a_firm_without_bids_is_shown_the_way_to_a_challenge(browser: FlaskClient) -> None:
    assert "/workspace/bids/new" in browser.get("/workspace/bids/").text


@pytest.mark.parametrize("tab", ["all", "draft", "sealed", "review", "ended", "nonsense"])
def test_every_tab_answers(browser: FlaskClient, tab: str) -> None:
    assert browser.get(f"/workspace/bids/?tab={tab}").status_code == 200


def test_open_challenges_can_be_chosen_but_not_own_ones(browser: FlaskClient, firm: Any) -> None:
    open_challenge(title="别家的开放榜单任务")
    open_challenge(title="自家的开放榜单任务", organization=firm)

    page = browser.get("/workspace/bids/new").text

    assert "别家的开放榜单任务" in page
    assert "自家的开放榜单任务" not in page


def test_a_bid_is_begun_from_a_challenge(session: Session, browser: FlaskClient) -> None:
    challenge = open_challenge()
    assert challenge.title in browser.get(f"/workspace/bids/new?challenge_id={challenge.id}").text

    answer = browser.post("/workspace/bids/new", data={"challenge_id": challenge.id})

    bid = session.scalars(select(Bid)).one()
    assert answer.status_code == 303
    assert answer.location == f"/workspace/bids/{bid.id}/edit"


def test_who_has_a_bid_already_is_led_to_it(browser: FlaskClient, firm: Any) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.get(f"/workspace/bids/new?challenge_id={bid.challenge_id}")

    assert (answer.status_code, answer.location) == (303, f"/workspace/bids/{bid.id}")


@pytest.mark.parametrize("challenge_id", ["", "nonsense"])
def test_without_a_challenge_nothing_is_begun(session: Session, browser: FlaskClient, challenge_id: str) -> None:
    answer = browser.post("/workspace/bids/new", data={"challenge_id": challenge_id})

    assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(Bid)) == 0


def test_an_unknown_challenge_is_not_found(browser: FlaskClient) -> None:
    assert browser.get(f"/workspace/bids/new?challenge_id={uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
@pytest.mark.parametrize("path", ["", "/edit"])
def test_a_draft_is_shown_and_edited_within_the_limit_of_queries(
    browser: FlaskClient, firm: Any, path: str, locale: str
) -> None:
    product = ProductFactory(organization=firm)
    bid = complete_bid(organization=firm, product_id=product.id)
    browser.post("/locale", data={"locale": locale})

    with count_queries() as statements:
        answer = browser.get(f"/workspace/bids/{bid.id}{path}")

    assert answer.status_code == 200
    assert bid.challenge.kpis[0].name in answer.text
    assert len(statements) <= MAX_QUERIES, statements


def test_the_list_stays_within_the_limit_of_queries_however_long_it_is(browser: FlaskClient, firm: Any) -> None:
    [complete_bid(organization=firm) for _ in range(5)]

    with count_queries() as statements:
        browser.get("/workspace/bids/")

    assert len(statements) <= MAX_QUERIES, statements


def test_a_draft_is_saved_and_comes_back(session: Session, browser: FlaskClient, firm: Any) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, approach="<script>改为两级校准</script>"))

    assert answer.status_code == 303, answer.text
    page = browser.get(f"/workspace/bids/{bid.id}/edit").text
    assert "&lt;script&gt;改为两级校准" in page


def test_a_complete_bid_is_sealed_and_its_receipt_shown(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, submit="1"))

    session.refresh(bid)
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.location).text
    assert bid.content_hash in page
    assert firm.legal_name_zh in page


def test_gaps_are_shown_beside_their_fields_with_everything_typed(
    browser: FlaskClient, firm: Any, session: Session
) -> None:
    bid = complete_bid(organization=firm)
    browser.post("/locale", data={"locale": "en"})

    answer = browser.post(
        f"/workspace/bids/{bid.id}/edit",
        data=typed(bid, submit="1", supply_plan="", approach="还在这里", **{"commitments-0-committed": "about 2"}),
    )

    session.refresh(bid)
    assert answer.status_code == 422
    assert "Describe how you will supply." in answer.text
    assert "Enter a number only" in answer.text
    assert "还在这里" in answer.text
    assert "about 2" in answer.text
    assert bid.state is BidState.DRAFT


@pytest.mark.parametrize(
    "change",
    [
        {"price_total_wan": "many"},
        {"price_total_wan": "NaN"},
        {"price_total_wan": "-1"},
        {"price_total_wan": "1e30"},
        {"approach": "长" * 5001},
        {"tech_readiness": "12"},
        {"product_id": "nonsense", "tech_readiness": "x"},
        {"milestones-0-month": "next year"},
        {"milestones-0-percent": "4000000000"},
        {"commitments-0-committed": "1" * 121},
    ],
)
def test_bad_input_is_answered_beside_the_form_and_not_stored(
    browser: FlaskClient, firm: Any, session: Session, change: dict[str, str]
) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, **change))

    assert answer.status_code == 422
    version = bid.version
    session.refresh(bid)
    assert bid.version == version


def test_full_width_digits_are_numbers(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)

    browser.post(
        f"/workspace/bids/{bid.id}/edit",
        data=typed(bid, price_total_wan="１１９９.５", **{"commitments-0-committed": "１.５"}),
    )

    kept = content_of(session, bid)
    assert str(kept.price_total_wan) == "1199.5"
    assert "1.5" in {one.committed for one in kept.commitments}


def test_rows_the_browser_made_up_are_left_out(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)
    foreign = filled(complete_bid()).commitments[0]

    answer = browser.post(
        f"/workspace/bids/{bid.id}/edit",
        data=typed(bid, **{"commitments-9-kpi_id": foreign.kpi_id, "commitments-9-committed": "666"}),
    )

    assert answer.status_code == 303
    assert "666" not in {one.committed for one in content_of(session, bid).commitments}


def test_a_milestone_is_added_without_javascript(browser: FlaskClient, firm: Any) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, add_milestones="1"))

    assert answer.status_code == 200
    assert 'name="milestones-2-month"' in answer.text


def test_late_by_a_moment_is_refused_with_everything_typed(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)
    browser.post("/locale", data={"locale": "en"})
    move_deadline(session, bid.challenge, dt.timedelta(milliseconds=-1))

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, submit="1", approach="差一毫秒"))

    session.refresh(bid)
    assert answer.status_code == 422
    assert "The deadline has passed" in answer.text
    assert "差一毫秒" in answer.text
    assert (bid.state, bid.sealed_at) == (BidState.DRAFT, None)
    assert content_of(session, bid).approach != "差一毫秒"


def test_a_form_filled_from_an_older_version_is_a_conflict_with_everything_typed(
    browser: FlaskClient, firm: Any
) -> None:
    bid = complete_bid(organization=firm)
    stale = typed(bid, approach="我的版本")
    browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, approach="同事的版本"))

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=stale)

    assert answer.status_code == 409
    assert "我的版本" in answer.text


@pytest.mark.parametrize("trait", [{"sealed": True}, {"state": BidState.WITHDRAWN}])
def test_what_cannot_be_edited_is_shown_instead(browser: FlaskClient, firm: Any, trait: dict[str, Any]) -> None:
    bid = BidFactory(organization=firm, challenge=open_challenge(), **trait)

    answer = browser.get(f"/workspace/bids/{bid.id}/edit")

    assert (answer.status_code, answer.location) == (303, f"/workspace/bids/{bid.id}")


def test_a_viewer_reads_but_has_no_buttons(client: FlaskClient, login: Callable[..., FlaskClient], firm: Any) -> None:
    bid = complete_bid(organization=firm)
    login(client, UserFactory(organization=firm, role=MemberRole.VIEWER))

    page = client.get(f"/workspace/bids/{bid.id}")

    assert page.status_code == 200
    assert "/submit" not in page.text
    assert client.get(f"/workspace/bids/{bid.id}/edit").status_code == 403
    assert client.post(f"/workspace/bids/{bid.id}/submit").status_code == 403


def test_a_saved_draft_is_submitted_from_its_page(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.post(f"/workspace/bids/{bid.id}/submit")

    session.refresh(bid)
    assert answer.status_code == 303
    assert bid.state is BidState.SEALED


def test_submitting_twice_is_a_conflict(browser: FlaskClient, firm: Any) -> None:
    bid = complete_bid(organization=firm)
    browser.post(f"/workspace/bids/{bid.id}/submit")

    assert browser.post(f"/workspace/bids/{bid.id}/submit").status_code == 409


def test_an_incomplete_draft_leads_to_the_form_with_its_gaps(browser: FlaskClient, firm: Any) -> None:
    bid = complete_bid(organization=firm, supply_plan="")
    browser.post("/locale", data={"locale": "en"})

    answer = browser.post(f"/workspace/bids/{bid.id}/submit")

    assert answer.status_code == 422
    assert "Describe how you will supply." in answer.text


def test_a_sealed_bid_is_taken_back_and_withdrawn(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)
    browser.post(f"/workspace/bids/{bid.id}/submit")

    back = browser.post(f"/workspace/bids/{bid.id}/revise")
    gone = browser.post(f"/workspace/bids/{bid.id}/withdraw")

    session.refresh(bid)
    assert (back.status_code, gone.status_code) == (303, 303)
    assert bid.state is BidState.WITHDRAWN
    assert browser.get(f"/workspace/bids/{bid.id}").status_code == 200


def test_commitments_are_filled_in_from_a_product_and_marked(browser: FlaskClient, firm: Any, session: Session) -> None:
    product = ProductFactory(organization=firm)
    ProductParamFactory(product_id=product.id, key="cell_err", typ=1.2, unit="mV")
    challenge = open_challenge()
    challenge.kpis[0].param_key = "cell_err"
    session.commit()
    bid = complete_bid(challenge, organization=firm, commitments=())
    browser.post("/locale", data={"locale": "en"})

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, prefill="1", product_id=str(product.id)))

    assert answer.status_code == 200
    assert 'value="1.2"' in answer.text
    assert answer.text.count("from the data sheet, please check") == 1
    assert content_of(session, bid).commitments == ()


def test_a_product_must_be_chosen_to_be_filled_in_from(browser: FlaskClient, firm: Any) -> None:
    bid = complete_bid(organization=firm)

    assert browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, prefill="1")).status_code == 422


def test_the_matrix_is_judged_while_typing_and_nothing_is_stored(
    browser: FlaskClient, firm: Any, session: Session
) -> None:
    bid = complete_bid(organization=firm)

    answer = browser.post(
        f"/workspace/bids/{bid.id}/matrix",
        data={"commitments-0-kpi_id": str(bid.challenge.kpis[0].id), "commitments-0-committed": "99"},
    )

    assert answer.status_code == 200
    assert "matrix__cell--violated" in answer.text
    assert "99" not in {one.committed for one in content_of(session, bid).commitments}


def test_unsaved_input_comes_back_to_the_one_who_typed_it_only(
    browser: FlaskClient, app: Any, login: Callable[..., FlaskClient], firm: Any
) -> None:
    bid = complete_bid(organization=firm)
    colleague = login(app.test_client(), UserFactory(organization=firm))
    browser.post(f"/workspace/drafts/bid/{bid.id}", data=typed(bid, approach="还没保存"))

    assert "还没保存" in browser.get(f"/workspace/bids/{bid.id}/edit").text
    assert "还没保存" not in colleague.get(f"/workspace/bids/{bid.id}/edit").text


def test_nothing_typed_is_kept_once_the_bid_is_sealed(browser: FlaskClient, firm: Any, session: Session) -> None:
    bid = complete_bid(organization=firm)
    browser.post(f"/workspace/drafts/bid/{bid.id}", data=typed(bid))
    browser.post(f"/workspace/bids/{bid.id}/submit")

    late = browser.post(f"/workspace/drafts/bid/{bid.id}", data=typed(bid))

    assert late.status_code == 409
    assert session.scalar(select(func.count()).select_from(FormDraft)) == 0


@pytest.mark.parametrize("subject", ["new", "9d2f6c1e-5d3c-4f0e-8f57-3f7f0a6f2b11"])
def test_no_input_is_kept_for_a_bid_that_is_not_the_own(browser: FlaskClient, session: Session, subject: str) -> None:
    assert browser.post(f"/workspace/drafts/bid/{subject}", data={"approach": "x"}).status_code == 409
