"""The desk and the prefectures work through challenges."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.challenges.labels import CHECKLIST
from app.challenges.models import Challenge, DeadlineExtension, Programme
from app.challenges.queries.desk import PREFECTURE_TABS, PROVINCE_TABS
from app.demands.workflow import PostingState
from tests.factories.accounts import UserFactory, officer, operator, prefecture_officer
from tests.factories.challenges import ChallengeFactory, prefecture_programme
from tests.factories.keys import three_keys
from tests.support.clock import NOON
from tests.support.process import MINUTES, submitted
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

LIST = "/desk/challenges/"
WAITING = {"submitted": True, "submitted_at": NOON - dt.timedelta(hours=1)}
DECIDED = {"published_at": None, "code": None, "submitted_at": NOON - dt.timedelta(days=1)}
STATES: dict[str, dict[str, Any]] = {
    "submitted": WAITING,
    "recommended": {**DECIDED, "state": PostingState.RECOMMENDED},
    "approved": {**DECIDED, "state": PostingState.APPROVED},
    "rejected": {**DECIDED, "state": PostingState.REJECTED},
    "published": {},
    "suspended": {"state": PostingState.SUSPENDED, "suspended_at": NOON - dt.timedelta(days=1)},
    "closed": {"closed": True},
    "no award": {"closed": True, "state": PostingState.NO_AWARD, "outcome": {"reasons": ["no_bid"]}},
    "cancelled": {"state": PostingState.CANCELLED, "closed_at": NOON},
}


def _every_state(programme: Programme) -> list[Challenge]:
    return [ChallengeFactory(programme=programme, **given) for given in STATES.values()]


@pytest.mark.parametrize("given", STATES.values(), ids=STATES)
@pytest.mark.parametrize("who", [officer, operator])
def test_every_stage_can_be_read_at_the_desk(
    client: FlaskClient, login: Any, given: dict[str, Any], who: Callable[..., User]
) -> None:
    row = ChallengeFactory(programme=prefecture_programme(), **given)
    login(client, who(locale="en"))
    url, title = f"{LIST}{row.id}", row.title

    with count_queries() as counted:
        answer = client.get(url)

    assert answer.status_code == 200
    assert title in answer.text
    assert len(counted) <= 12


@pytest.mark.parametrize("tab", PROVINCE_TABS)
def test_every_tab_is_one_page_of_few_queries(client: FlaskClient, login: Any, tab: str) -> None:
    programme = prefecture_programme()
    _every_state(programme)
    login(client, officer())

    with count_queries() as counted:
        answer = client.get(f"{LIST}?tab={tab}")

    assert answer.status_code == 200
    assert len(counted) <= 12


def test_a_challenge_goes_the_whole_path_from_page_to_page(session: Session, client: FlaskClient, login: Any) -> None:
    three_keys()
    row = submitted()
    url = f"{LIST}{row.id}"
    city, province = prefecture_officer(locale="en"), officer(locale="en")
    experts = {
        f"panel-{place}-{part}": value
        for place in range(3)
        for part, value in (
            ("name", f"专家{place}"),
            ("organization", f"研究院{place}"),
            ("is_free_of_conflict", "y"),
        )
    }

    login(client, city)
    steps = [client.post(f"{url}/recommend", data={"opinion": "需求真实。", "rank": "1", "checklist": [*CHECKLIST]})]
    login(client, province)
    steps.append(client.post(f"{url}/call", data=experts))
    steps.append(client.post(f"{url}/conclude", data={"conclusion": "adequate", "minutes": MINUTES}))
    steps.append(client.post(f"{url}/approve", data={"opinion": "同意发榜。"}))
    steps.append(client.post(f"{url}/publish", data={"opinion": "予以发榜。", "is_fair": "y"}))

    session.refresh(row)
    assert [step.status_code for step in steps] == [303] * 5
    assert (row.state, row.code is not None) == (PostingState.PUBLISHED, True)
    assert "Recommended by the prefecture" in client.get(url).text


@pytest.mark.parametrize(
    ("act", "sent", "kept"),
    [
        ("recommend", {"opinion": "只写了意见的推荐。", "rank": "1"}, "只写了意见的推荐。"),
        ("recommend", {"opinion": "", "rank": "7"}, 'value="7"'),
    ],
)
def test_a_refused_decision_keeps_what_was_typed(
    client: FlaskClient, login: Any, act: str, sent: dict[str, str], kept: str
) -> None:
    row = submitted()

    answer = login(client, prefecture_officer(locale="en")).post(f"{LIST}{row.id}/{act}", data=sent)

    assert answer.status_code == 422
    assert kept in answer.text
    assert "error-summary" in answer.text


def test_whoever_comes_second_is_told(client: FlaskClient, login: Any) -> None:
    row = ChallengeFactory(state=PostingState.SUSPENDED, suspended_at=NOON)
    sent = {"reason_code": "objection", "text": "收到异议，正在核查，暂停。"}

    answer = login(client, officer(locale="en")).post(f"{LIST}{row.id}/suspend", data=sent)

    assert answer.status_code == 409
    assert "收到异议" in answer.text


def test_an_officer_of_another_city_finds_nothing(client: FlaskClient, login: Any) -> None:
    row = submitted()
    stranger = login(client, prefecture_officer("441300", locale="en"))

    assert stranger.get(f"{LIST}{row.id}").status_code == 404
    assert row.title not in stranger.get(LIST).text
    assert stranger.post(f"{LIST}{row.id}/recommend", data={"opinion": "推荐。", "rank": "1"}).status_code == 404


@pytest.mark.parametrize("tab", PREFECTURE_TABS)
def test_a_prefecture_sees_its_own_list(client: FlaskClient, login: Any, tab: str) -> None:
    _every_state(prefecture_programme())
    login(client, prefecture_officer(locale="en"))

    with count_queries() as counted:
        answer = client.get(f"{LIST}?tab={tab}")

    assert answer.status_code == 200
    assert len(counted) <= 12


@pytest.mark.parametrize(
    "page", ["/desk/", "/desk/postings/", "/desk/programmes/", "/desk/calendar/", "/desk/audit/", "/desk/pairings/"]
)
def test_nothing_else_of_the_desk_is_open_to_a_prefecture(client: FlaskClient, login: Any, page: str) -> None:
    assert login(client, prefecture_officer()).get(page).status_code == 404


def test_a_prefecture_arrives_at_its_list(client: FlaskClient, login: Any) -> None:
    answer = login(client, prefecture_officer()).get("/account/start")

    assert answer.headers["Location"] == LIST


@pytest.mark.parametrize("act", ["approve", "suspend", "no_award", "cancel", "extend"])
def test_the_operator_decides_nothing(client: FlaskClient, login: Any, act: str) -> None:
    row = ChallengeFactory(cancel_requested_at=NOON)
    sent = {
        "opinion": "同意。",
        "reason_code": "other",
        "text": "这是一个足够长的理由。",
        "reason": "这是一个足够长的理由。",
        "reasons": "no_bid",
    }

    assert login(client, operator()).post(f"{LIST}{row.id}/{act}", data=sent).status_code == 403


def test_members_of_companies_find_no_desk(client: FlaskClient, login: Any) -> None:
    row = submitted()
    member = login(client, UserFactory(organization=row.organization))

    assert member.get(LIST).status_code == 404
    assert member.get(f"{LIST}{row.id}").status_code == 404


def test_an_act_that_does_not_exist_is_not_found(client: FlaskClient, login: Any) -> None:
    row = submitted()

    assert login(client, officer()).post(f"{LIST}{row.id}/bless").status_code == 404


def test_proposed_time_is_confirmed_on_the_page_by_another_person(
    session: Session, client: FlaskClient, login: Any
) -> None:
    row = ChallengeFactory()
    first, second = officer(locale="en"), officer(locale="en")
    login(client, first).post(
        f"{LIST}{row.id}/extend", data={"new_deadline_at": "2027-01-15T17:00", "reason": "多家单位反映时间不足，延长。"}
    )
    extension = session.scalars(select(DeadlineExtension)).one()

    own = client.post(f"{LIST}{row.id}/extensions/{extension.id}/confirm")
    other = login(client, second).post(f"{LIST}{row.id}/extensions/{extension.id}/confirm")

    session.refresh(row)
    assert (own.status_code, other.status_code, row.edition) == (403, 303, 2)
    assert row.bid_deadline_at == dt.datetime(2027, 1, 15, 9, tzinfo=dt.UTC)


def test_the_page_of_reviews_leads_to_the_longer_path(client: FlaskClient, login: Any) -> None:
    row = submitted()

    answer = login(client, officer()).get(f"/desk/postings/{row.id}")

    assert answer.headers["Location"] == f"{LIST}{row.id}"
