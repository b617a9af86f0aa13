"""The pages of the second opening: closing the scores, releasing keys, what everybody reads of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.models import User
from app.bids.workflow import PriceState
from app.reviews.workflow import PanelState
from tests.factories.accounts import officer
from tests.factories.keys import PASSPHRASE
from tests.factories.reviews import MINUTES
from tests.support.envelopes import again, close, holders_of, opened_bids, release_price, scored
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

MAX_QUERIES = 12


@pytest.fixture
def as_holder(client: FlaskClient, login: Callable[..., Any], session: Session) -> Callable[..., FlaskClient]:
    def log_in(holder: Any) -> FlaskClient:
        return login(client, session.get_one(User, holder.user_id))

    return log_in


def test_the_authority_closes_the_technical_scores(
    client: FlaskClient, login: Callable[..., Any], session: Session
) -> None:
    panel = scored(opened_bids())
    login(client, officer())

    answer = client.post(f"/desk/reviews/{panel.challenge_id}/close/{panel.id}", data={"minutes": MINUTES})

    session.refresh(panel)
    assert (answer.status_code, panel.state) == (303, PanelState.PRICING)


def test_without_minutes_nothing_is_closed(client: FlaskClient, login: Callable[..., Any], session: Session) -> None:
    panel = scored(opened_bids())
    login(client, officer())

    answer = client.post(f"/desk/reviews/{panel.challenge_id}/close/{panel.id}", data={"minutes": "短"})

    assert answer.status_code == 422
    assert "短" in answer.text


def test_a_holder_releases_the_prices_with_the_passphrase(
    session: Session, as_holder: Callable[..., FlaskClient]
) -> None:
    found = opened_bids()
    close(scored(found))
    first, second, _ = holders_of(found[0].challenge)
    release_price(first, found[0].challenge)

    answer = as_holder(second).post(
        f"/openings/{found[0].challenge_id}/prices/release", data={"passphrase": PASSPHRASE}
    )

    assert answer.status_code == 303
    assert again(found[0]).price_total_wan == Decimal(1000)


def test_a_wrong_passphrase_releases_nothing(session: Session, as_holder: Callable[..., FlaskClient]) -> None:
    found = opened_bids()
    close(scored(found))

    answer = as_holder(holders_of(found[0].challenge)[0]).post(
        f"/openings/{found[0].challenge_id}/prices/release", data={"passphrase": "not the passphrase"}
    )

    assert answer.status_code == 422
    assert again(found[0]).price_state is PriceState.DUE


def test_before_the_scores_are_final_the_page_refuses_a_release(
    session: Session, as_holder: Callable[..., FlaskClient]
) -> None:
    found = opened_bids()
    scored(found)

    answer = as_holder(holders_of(found[0].challenge)[0]).post(
        f"/openings/{found[0].challenge_id}/prices/release", data={"passphrase": PASSPHRASE}
    )

    assert answer.status_code == 422


def test_the_page_of_the_opening_stays_cheap(session: Session, as_holder: Callable[..., FlaskClient]) -> None:
    found = opened_bids((Decimal(1000), Decimal(900), Decimal(800), Decimal(700)))
    close(scored(found))
    browser = as_holder(holders_of(found[0].challenge)[0])

    with count_queries() as counted:
        answer = browser.get(f"/openings/{found[0].challenge_id}")

    assert answer.status_code == 200
    assert len(counted) <= MAX_QUERIES


def test_the_public_page_does_not_tell_before_the_result_which_prices_stay_sealed(
    client: FlaskClient, session: Session
) -> None:
    found = opened_bids()
    close(scored(found, {0: 0.9, 1: 0.5}))

    page = client.get(f"/challenges/{found[0].challenge_id}/commitments/").text

    assert "stays sealed" not in page


def test_holders_find_the_prices_that_wait_for_them(session: Session, as_holder: Callable[..., FlaskClient]) -> None:
    found = opened_bids()
    close(scored(found))
    browser = as_holder(holders_of(found[0].challenge)[0])

    page = browser.get("/openings/?tab=prices").text

    assert f"/openings/{found[0].challenge_id}" in page


def test_before_the_scores_are_final_no_price_waits(session: Session, as_holder: Callable[..., FlaskClient]) -> None:
    found = opened_bids()
    scored(found)
    browser = as_holder(holders_of(found[0].challenge)[0])

    page = browser.get("/openings/?tab=prices").text

    assert f"/openings/{found[0].challenge_id}" not in page
