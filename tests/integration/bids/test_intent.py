"""The light step before a bid: stated in a minute, and as secret as the bid it begins."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.bids.content import read
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.core.actor import MemberRole
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import BidFactory
from tests.factories.catalog import ProductFactory
from tests.support.bidding import move_deadline, open_challenge

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

INTENT = {
    "contact_name": "麦重山",
    "contact_phone": "0755-12345678",
    "products": "BM18",
    "unclear": "样片数量是否含备件",
}


@pytest.fixture
def firm(session: Session) -> Any:
    return OrganizationFactory(chip=True)


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], firm: Any) -> FlaskClient:
    return login(client, UserFactory(organization=firm, locale="en"))


def test_an_intent_begins_the_draft_of_the_bid(session: Session, browser: FlaskClient, firm: Any) -> None:
    challenge, product = open_challenge(), ProductFactory(organization=firm)

    answer = browser.post(f"/workspace/bids/intent/{challenge.id}", data={**INTENT, "product_id": str(product.id)})

    assert answer.status_code == 303, answer.text
    content = read(session.scalars(select(Bid)).one())
    assert content.command.contact.name == "麦重山"
    assert content.command.product_id == product.id
    assert content.details["intent"]["unclear"] == "样片数量是否含备件"
    page = browser.get(answer.location).text
    assert "样片数量是否含备件" in page
    assert "BM18" in page


def test_whoever_states_an_intent_is_proposed_as_its_contact(
    client: FlaskClient, login: Callable[..., FlaskClient], firm: Any
) -> None:
    user = UserFactory(organization=firm)

    page = login(client, user).get(f"/workspace/bids/intent/{open_challenge().id}").text

    assert f'value="{user.name}"' in page
    assert f'value="{user.email}"' in page


def test_the_row_says_nothing_of_the_intent(session: Session, browser: FlaskClient) -> None:
    browser.post(f"/workspace/bids/intent/{open_challenge().id}", data=INTENT)

    bid = session.scalars(select(Bid)).one()
    assert (bid.state, bid.organization_id, bid.details) == (BidState.DRAFT, None, {})


def test_after_the_opening_the_intent_is_part_of_the_bid(session: Session) -> None:
    bid = BidFactory(state=BidState.OPENED, details={"intent": {"products": "BM18", "unclear": ""}})

    assert bid.details["intent"] == {"products": "BM18", "unclear": ""}


def test_another_firm_finds_nothing(
    browser: FlaskClient, client: FlaskClient, login: Callable[..., FlaskClient], session: Session
) -> None:
    address = browser.post(f"/workspace/bids/intent/{open_challenge().id}", data=INTENT).location

    rival = login(client, UserFactory(organization=OrganizationFactory(chip=True)))

    assert rival.get(address).status_code == 404


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"contact_name": ""}, "Name a contact person."),
        ({"contact_phone": ""}, "State a telephone number or an e-mail address."),
        ({"product_id": "5f0c7f0e-0000-4000-8000-000000000000"}, "Not a valid choice"),
    ],
)
def test_an_intent_that_nobody_can_answer_is_refused_with_everything_typed(
    session: Session, browser: FlaskClient, change: dict[str, str], message: str
) -> None:
    answer = browser.post(f"/workspace/bids/intent/{open_challenge().id}", data={**INTENT, **change})

    assert answer.status_code == 422
    assert message in answer.text
    assert "样片数量是否含备件" in answer.text
    assert session.scalar(select(func.count()).select_from(Bid)) == 0


def test_after_the_deadline_no_intent_is_taken(session: Session, browser: FlaskClient) -> None:
    challenge = open_challenge()
    move_deadline(session, challenge, dt.timedelta(seconds=-1))

    answer = browser.post(f"/workspace/bids/intent/{challenge.id}", data=INTENT)

    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Bid)) == 0


def test_a_viewer_states_no_intent(client: FlaskClient, login: Callable[..., FlaskClient], firm: Any) -> None:
    viewer = login(client, UserFactory(organization=firm, role=MemberRole.VIEWER))
    address = f"/workspace/bids/intent/{open_challenge().id}"

    assert viewer.get(address).status_code == 200
    assert viewer.post(address, data=INTENT).status_code == 403


def test_a_firm_that_has_begun_is_led_to_its_bid(browser: FlaskClient, firm: Any) -> None:
    bid = BidFactory(organization=firm, challenge=open_challenge())

    answer = browser.get(f"/workspace/bids/intent/{bid.challenge_id}")

    assert answer.location == f"/workspace/bids/{bid.id}"
    assert browser.post(f"/workspace/bids/intent/{bid.challenge_id}", data=INTENT).status_code == 409
