"""The desk and the prefectures work through challenges."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.challenges.models import Challenge, Programme
from app.challenges.queries.desk import PROVINCE_TABS
from app.demands.workflow import PostingState
from tests.factories.accounts import officer, operator
from tests.factories.challenges import ChallengeFactory, prefecture_programme
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

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


def waiting(**attributes: Any) -> Challenge:
    row: Challenge = ChallengeFactory(**WAITING, programme=prefecture_programme(), **attributes)
    return row


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
