"""Between the two openings nobody who reads a page, an export, a log or the whole database finds a price."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from app.bids.models import Bid
from app.core.actor import StaffRole
from tests.factories.accounts import UserFactory, officer, operator
from tests.factories.bids import BidFactory
from tests.factories.reviews import experts_of, holder
from tests.support.dump import dump_log, dump_tables, told
from tests.support.envelopes import again, close, open_prices, opened_bids, scored

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.reviews.models import ReviewPanel

PRICES = (Decimal("706.11"), Decimal("706.22"))
NEEDLES = ["706.11", "706.22", "7061100", "7062200"]


@pytest.fixture
def panel(session: Session) -> ReviewPanel:
    """Two bids in discussion whose prices are sealed."""
    return scored(opened_bids(PRICES))


def pages_of_the_desk(panel: ReviewPanel) -> list[str]:
    challenge, bid = panel.challenge_id, panel.entries[0].bid_id
    return [
        f"/desk/reviews/{challenge}",
        f"/desk/reviews/{challenge}/comparison",
        f"/desk/reviews/bids/{bid}/format",
        f"/openings/{challenge}",
        f"/challenges/{challenge}/commitments/",
        f"/challenges/{challenge}/commitments.json",
        "/desk/audit/",
    ]


def read(client: FlaskClient, addresses: list[str]) -> dict[str, bytes]:
    """Return what every page says; each must be shown."""
    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.get_data() for address, answer in answers.items()}


def test_no_row_of_the_database_holds_a_price(session: Session, panel: ReviewPanel) -> None:
    assert told(dump_tables(session), NEEDLES) == {}


def test_a_dump_after_the_second_opening_shows_that_the_search_would_have_found_it(
    session: Session, panel: ReviewPanel
) -> None:
    close(panel)
    open_prices(panel.challenge)

    assert "bids" in told(dump_tables(session), NEEDLES)


@pytest.mark.parametrize(
    "person", [officer, lambda: UserFactory(staff=(StaffRole.SUPERVISOR,))], ids=["officer", "supervisor"]
)
def test_no_page_of_the_desk_tells_a_price(
    client: FlaskClient, login: Callable[..., Any], session: Session, panel: ReviewPanel, person: Callable[[], Any]
) -> None:
    login(client, person())

    assert told(read(client, pages_of_the_desk(panel)[:-1]), NEEDLES) == {}


def test_once_the_scores_are_final_the_page_still_tells_none(
    client: FlaskClient, login: Callable[..., Any], session: Session, panel: ReviewPanel
) -> None:
    close(panel)
    login(client, officer())

    assert told(read(client, pages_of_the_desk(panel)), NEEDLES) == {}


def test_the_operator_finds_none_either(
    client: FlaskClient, login: Callable[..., Any], session: Session, panel: ReviewPanel
) -> None:
    login(client, operator())

    assert told(read(client, [f"/desk/reviews/{panel.challenge_id}", f"/openings/{panel.challenge_id}"]), NEEDLES) == {}


def test_no_page_of_an_expert_tells_a_price(
    client: FlaskClient, login: Callable[..., Any], session: Session, panel: ReviewPanel
) -> None:
    seat = experts_of(panel)[0]
    login(client, holder(seat))
    at = f"/workspace/reviews/{seat.id}"

    told_pages = read(client, [at, f"{at}/comparison", f"{at}/bids/{panel.entries[0].id}"])

    assert told(told_pages, NEEDLES) == {}


def test_another_round_is_judged_without_the_prices_that_are_open(session: Session) -> None:
    from app.reviews.blind import reading

    found = opened_bids(PRICES)
    close(scored(found))
    open_prices(found[0].challenge)

    page = reading(again(found[0]), {}, None, shows_price=False)

    assert (page.price_total_wan, page.self_funding_wan) == (None, None)


def test_no_line_of_the_log_tells_a_price(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture, client: FlaskClient, login: Callable[..., Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    panel = scored(opened_bids(PRICES))
    login(client, officer())
    client.get(f"/desk/reviews/{panel.challenge_id}")

    assert told({"log": dump_log(caplog.records)}, NEEDLES) == {}


def test_without_envelopes_a_price_is_open_with_the_bid(session: Session) -> None:
    bid: Bid = BidFactory(state="valid", price_total_wan=PRICES[0])

    assert again(bid).price_total_wan == PRICES[0]
