from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from app.accounts.models import Organization
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.core.actor import StaffRole
from app.reviews.models import Expert, ReviewView
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.bids import BidFactory
from tests.factories.reviews import (
    ExpertFactory,
    called,
    experts_of,
    formed,
    handed_in,
    holder,
    meeting,
    pool,
    ranked,
    scoring,
    under_evaluation,
)
from tests.support.queries import count_queries
from tests.support.reading import tells

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

MAX_QUERIES = 12


@pytest.fixture
def as_officer(client: FlaskClient, login: Callable[..., Any], session: Session) -> FlaskClient:
    return login(client, officer())


@pytest.fixture
def as_operator(client: FlaskClient, login: Callable[..., Any], session: Session) -> FlaskClient:
    return login(client, operator())


def _entry(session: Session, panel: Any) -> Any:
    session.refresh(panel, ["entries"])
    return panel.entries[0]


def _firm(session: Session, bid_id: Any) -> Organization:
    return session.get_one(Organization, session.get_one(Bid, bid_id).organization_id)


def test_the_list_of_reviews_teaches_when_it_is_empty(as_officer: FlaskClient, page: Callable[..., str]) -> None:
    assert "/desk/experts/" in page("/desk/reviews/")


def test_the_list_of_reviews_shows_what_is_under_evaluation(as_officer: FlaskClient, page: Callable[..., str]) -> None:
    challenge, _ = under_evaluation(state=BidState.OPENED)

    assert f"/desk/reviews/{challenge.id}" in page("/desk/reviews/")


def test_a_review_before_its_panel_links_every_check(as_officer: FlaskClient, page: Callable[..., str]) -> None:
    challenge, bids = under_evaluation(state=BidState.OPENED)

    text = page(f"/desk/reviews/{challenge.id}")

    assert all(f"/desk/reviews/bids/{bid.id}/format" in text for bid in bids)


@pytest.mark.parametrize("make", [formed, called, scoring, meeting, ranked], ids=lambda one: one.__name__)
def test_a_review_has_a_page_in_every_state(
    session: Session, as_officer: FlaskClient, page: Callable[..., str], make: Callable[[], Any]
) -> None:
    url = f"/desk/reviews/{make().challenge_id}"
    session.expire_all()

    with count_queries() as statements:
        page(url)

    assert len(statements) <= MAX_QUERIES


@pytest.mark.parametrize("path", ["", "{challenge}/comparison", "{challenge}/pool", "bids/{bid}/format"])
def test_the_pages_beside_a_review_need_few_queries(
    session: Session, as_officer: FlaskClient, page: Callable[..., str], path: str
) -> None:
    challenge, bids = under_evaluation()
    pool(6)
    url = "/desk/reviews/" + path.format(challenge=challenge.id, bid=bids[0].id)
    session.expire_all()

    with count_queries() as statements:
        page(url)

    assert len(statements) <= MAX_QUERIES


def test_scores_are_hidden_until_all_are_in(
    session: Session, as_officer: FlaskClient, page: Callable[..., str]
) -> None:
    panel = scoring(1)
    handed_in(panel, {"A": [0.9] * 5})

    text = page(f"/desk/reviews/{panel.challenge_id}")

    assert "90.00" not in text
    assert "90.0" not in text


def test_the_operator_sees_progress_but_no_scores(as_operator: FlaskClient, page: Callable[..., str]) -> None:
    panel = ranked(1, {"A": [0.9] * 5})

    assert "90.00" not in page(f"/desk/reviews/{panel.challenge_id}")


def test_the_operator_compares_no_bids(as_operator: FlaskClient, page: Callable[..., str]) -> None:
    page(f"/desk/reviews/{formed().challenge_id}/comparison", 404)


def test_the_pool_tells_what_is_missing(as_officer: FlaskClient, page: Callable[..., str]) -> None:
    challenge, _ = under_evaluation()
    pool(2)

    text = page(f"/desk/reviews/{challenge.id}/pool")

    assert "还差" in text or "missing" in text


def test_a_panel_that_is_impossible_is_refused_on_the_page(as_officer: FlaskClient) -> None:
    challenge, _ = under_evaluation()

    answer = as_officer.post(f"/desk/reviews/{challenge.id}/pool", data={"method": "panel", "size": "5"})

    assert answer.status_code == 422


def test_a_panel_is_formed_from_the_page(as_officer: FlaskClient) -> None:
    challenge, _ = under_evaluation()
    pool(9)

    answer = as_officer.post(f"/desk/reviews/{challenge.id}/pool", data={"method": "panel", "size": "5"})

    assert answer.status_code == 303


def test_the_checklist_is_prepared_from_the_page(as_operator: FlaskClient, page: Callable[..., str]) -> None:
    bid = under_evaluation(1, BidState.OPENED)[1][0]
    page(f"/desk/reviews/bids/{bid.id}/format")
    codes = ("in_time", "pledge", "identity", "consortium", "commitments", "price", "plan", "documents")
    data = {f"items-{n}-code": code for n, code in enumerate(codes)}
    data |= {f"items-{n}-verdict": "ok" for n in range(8)}

    answer = as_operator.post(f"/desk/reviews/bids/{bid.id}/format/prepare", data=data)

    assert answer.status_code == 303


def test_an_incomplete_checklist_comes_back_with_what_was_typed(as_operator: FlaskClient) -> None:
    bid = under_evaluation(1, BidState.OPENED)[1][0]
    data = {"items-0-code": "in_time", "items-0-verdict": "major", "items-0-note": "迟了一分钟"}

    answer = as_operator.post(f"/desk/reviews/bids/{bid.id}/format/prepare", data=data)

    assert answer.status_code == 422
    assert "迟了一分钟" in answer.text


def test_the_format_page_shows_the_operator_no_price(as_operator: FlaskClient, page: Callable[..., str]) -> None:
    bid = under_evaluation(1, BidState.OPENED)[1][0]

    text = page(f"/desk/reviews/bids/{bid.id}/format")

    assert not tells(text, "1200")
    assert bid.approach not in text


def test_an_expert_sees_no_bid_before_the_pledge(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = called()
    seat = experts_of(panel)[0]
    login(client, holder(seat))
    entry = _entry(session, panel)

    text = page(f"/workspace/reviews/{seat.id}")

    assert _firm(session, entry.bid_id).legal_name_zh in text
    assert str(entry.id) not in text
    page(f"/workspace/reviews/{seat.id}/bids/{entry.id}", 403)
    page(f"/workspace/reviews/{seat.id}/comparison", 403)


def test_what_an_expert_reads_names_nobody_and_is_on_record(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    challenge, _ = under_evaluation(0)
    firm = OrganizationFactory(chip=True, legal_name_zh="深圳市星河微电子有限公司", agent_name="欧阳联系")
    person = UserFactory(organization=firm, name="司马工程师", email="sima@xinghe.example")
    BidFactory(
        challenge=challenge, organization=firm, state=BidState.VALID,
        approach="星河微电子的司马工程师负责，电话13800138000，邮箱a@xinghe.com。方案采用自校准。",
        details={"leader": {"name": "诸葛领军", "role": "总体负责人"}},
    )  # fmt: skip
    panel = _called_on(session, challenge)
    seat = experts_of(panel)[0]
    _pledged(session, seat)
    login(client, holder(seat))
    entry = _entry(session, panel)

    text = page(f"/workspace/reviews/{seat.id}/bids/{entry.id}")

    hidden = ("星河", person.name, "诸葛领军", "13800138000", "xinghe.com", "欧阳联系")
    assert [name for name in hidden if name in text] == []
    assert "自校准" in text
    assert session.query(ReviewView).filter_by(seat_id=seat.id, page="bid").count() == 1


def _called_on(session: Session, challenge: Any) -> Any:
    from app.reviews import service
    from app.reviews.commands import FormPanel
    from tests.support.clock import NOON

    pool(9)
    boss = officer().as_actor()
    panel = service.form_panel(session, actor=boss, challenge_id=challenge.id, command=FormPanel("panel", 5), now=NOON)
    service.call_panel(session, actor=boss, panel_id=panel.id, now=NOON)
    session.commit()
    return panel


def _pledged(session: Session, seat: Any) -> None:
    from tests.factories.reviews import pledge

    pledge(seat)


def test_an_expert_pledges_scores_and_hands_in_on_the_pages(
    session: Session, client: FlaskClient, login: Callable[..., Any]
) -> None:
    panel = called()
    seat = experts_of(panel)[0]
    login(client, holder(seat))
    entry = _entry(session, panel)
    points = (30, 18, 13, 13, 8, 4, 4)
    codes = ("kpi_fit", "approach", "base", "supply", "team", "price", "ip")
    data = {f"scores-{n}-code": code for n, code in enumerate(codes)}
    data |= {f"scores-{n}-value": str(value) for n, value in enumerate(points)}

    pledge = client.post(f"/workspace/reviews/{seat.id}/pledge", data={"is_pledged": "y"})
    refused = client.post(f"/workspace/reviews/{seat.id}/bids/{entry.id}", data={**data, "submit": "1"})
    data["scores-0-comment"] = "每一项核心指标都有第三方实测报告，且留有余量，可信。"
    done = client.post(f"/workspace/reviews/{seat.id}/bids/{entry.id}", data={**data, "submit": "1"})
    again = client.post(f"/workspace/reviews/{seat.id}/bids/{entry.id}", data={**data, "submit": "1"})

    assert (pledge.status_code, refused.status_code, done.status_code, again.status_code) == (303, 422, 303, 409)


def test_a_recusal_without_a_reason_is_refused(
    client: FlaskClient, login: Callable[..., Any], session: Session
) -> None:
    seat = experts_of(called())[0]
    login(client, holder(seat))

    assert client.post(f"/workspace/reviews/{seat.id}/recuse", data={}).status_code == 422


def test_another_experts_review_does_not_exist(
    client: FlaskClient, login: Callable[..., Any], session: Session, page: Callable[..., str]
) -> None:
    panel = scoring()
    first, second = experts_of(panel)[:2]
    login(client, holder(second))

    page(f"/workspace/reviews/{first.id}", 404)


def test_the_owner_reads_the_bids_with_their_firms(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = called()
    seat = next(seat for seat in panel.seats if seat.expert_id is None)
    login(client, UserFactory(organization=panel.challenge.organization))
    client.post(f"/workspace/reviews/{seat.id}/pledge", data={"is_pledged": "y"})
    entry = _entry(session, panel)

    text = page(f"/workspace/reviews/{seat.id}/bids/{entry.id}")

    assert _firm(session, entry.bid_id).legal_name_zh in text


def test_a_bidder_has_no_review(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = scoring()
    entry = _entry(session, panel)
    login(client, UserFactory(organization=_firm(session, entry.bid_id)))

    page(f"/workspace/reviews/{experts_of(panel)[0].id}", 404)
    assert str(panel.id) not in page("/workspace/reviews/")


def test_the_discussion_shows_scores_without_names(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = meeting(1, {"A": [0.9, 0.9, 0.9, 0.9, 0.5]})
    first, second = experts_of(panel)[:2]
    login(client, holder(first))

    text = page(f"/workspace/reviews/{first.id}")

    assert "50.0" in text
    assert holder(second).name not in text


def test_the_comparison_is_a_workbook_without_formulas(
    session: Session, client: FlaskClient, login: Callable[..., Any]
) -> None:
    panel = scoring()
    entry = _entry(session, panel)
    bid = session.get_one(Bid, entry.bid_id)
    session.refresh(bid, ["commitments"])
    bid.commitments[0].committed = "=1+1"
    session.commit()
    seat = experts_of(panel)[0]
    login(client, holder(seat))

    answer = client.get(f"/workspace/reviews/{seat.id}/comparison.xlsx")

    book = load_workbook(io.BytesIO(answer.data))
    assert "f" not in {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert session.query(ReviewView).filter_by(page="export").count() == 1


def test_the_desk_registers_an_expert_who_is_written_to(session: Session, as_operator: FlaskClient) -> None:
    data = {
        "email": "New.Expert@Example.com", "name": "钱教授", "expertise": "功率器件与封装可靠性，二十年经验。",
        "sides": ["technical"], "load_limit": "3", "is_available": "y",
        "ties-0-kind": "employer", "ties-0-name": "中山大学", "ties-0-since": "2001-09-01",
    }  # fmt: skip

    answer = as_operator.post("/desk/experts/new", data=data)

    expert = session.query(Expert).one()
    session.refresh(expert, ["user", "ties"])
    assert answer.status_code == 303
    assert (expert.user.email, [tie.name for tie in expert.ties]) == ("new.expert@example.com", ["中山大学"])
    assert StaffRole.EXPERT in expert.user.as_actor().roles


def test_an_officer_becomes_no_expert(session: Session, as_operator: FlaskClient) -> None:
    boss = officer()
    data = {"email": boss.email, "name": "某官", "expertise": "监管与政策研究二十年。", "sides": ["technical"],
            "load_limit": "3"}  # fmt: skip

    assert as_operator.post("/desk/experts/new", data=data).status_code == 403


def test_the_pool_is_listed_narrowed_and_edited(
    session: Session, as_operator: FlaskClient, page: Callable[..., str]
) -> None:
    one, other = ExpertFactory(sides=["application"]), ExpertFactory(sides=["technical"])
    session.refresh(one, ["user"])
    session.refresh(other, ["user"])

    text = page("/desk/experts/?side=application")

    assert one.user.name in text
    assert other.user.name not in text
    page(f"/desk/experts/{one.id}")


def test_experts_confirm_their_own_record(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    expert = ExpertFactory(confirmed_at=None)
    login(client, session.get_one(type(UserFactory._meta.model()), expert.user_id))
    page("/workspace/reviews/profile")

    answer = client.post(
        "/workspace/reviews/profile", data={"expertise": "模拟电路与电源管理，十五年。", "is_available": "y"}
    )

    session.refresh(expert)
    assert answer.status_code == 303
    assert expert.confirmed_at is not None


def test_nobody_else_has_a_record_as_expert(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    login(client, UserFactory())

    page("/workspace/reviews/profile", 404)


def test_an_expert_without_company_finds_the_work_on_the_first_page(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = called()
    seat = experts_of(panel)[0]
    login(client, holder(seat))

    text = page("/workspace/")

    assert f"/workspace/reviews/{seat.id}" in text
    assert "/workspace/company/new" not in text


def test_the_desk_is_closed_to_experts(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = called()
    login(client, holder(experts_of(panel)[0]))

    page(f"/desk/reviews/{panel.challenge_id}", 404)
    page("/desk/experts/", 404)
