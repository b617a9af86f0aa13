"""A firm's price is for companies that were introduced to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.demands.models import NeedParam
from tests.factories.accounts import UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, evidence

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

LogIn = Callable[..., Any]


def _wanted_price() -> list[NeedParam]:
    return [NeedParam(position=0, key="price", op="<=", value="4", unit="元/颗", is_must=True)]


def _priced_evidence() -> dict[str, Any]:
    verdict = {"key": "price", "name": "", "must": True, "status": "violated", "reason": "violated"}
    return {**evidence(), "verdicts": [{**verdict, "offered": "7.77 元/颗", "required": "≤ 4 元/颗"}]}


def _pairing(**state: Any) -> Any:
    return PairingFactory(
        need=NeedFactory(params=_wanted_price()),
        product=ProductFactory(price_100k_cny="7.77"),
        reasons=_priced_evidence(),
        **state,
    )


def test_a_proposed_pairing_says_whether_the_price_fits_but_not_what_it_is(
    client: FlaskClient, login: LogIn, session: Session
) -> None:
    pairing = _pairing()

    text = login(client, UserFactory(organization=pairing.demand)).get(f"/workspace/pairings/{pairing.id}").text

    assert "7.77" not in text
    assert "verdict--violated" in text


def test_the_firm_itself_sees_its_price(client: FlaskClient, login: LogIn, session: Session) -> None:
    pairing = _pairing()

    text = login(client, UserFactory(organization=pairing.supplier)).get(f"/workspace/pairings/{pairing.id}").text

    assert "7.77" in text


def test_an_introduction_alone_does_not_open_the_price(client: FlaskClient, login: LogIn, session: Session) -> None:
    pairing = _pairing(introduced=True)

    text = login(client, UserFactory(organization=pairing.demand)).get(f"/workspace/pairings/{pairing.id}").text

    assert "7.77" not in text


@pytest.mark.parametrize("side", ["demand", "supplier"])
def test_under_an_agreement_both_see_it(client: FlaskClient, login: LogIn, session: Session, side: str) -> None:
    pairing = _pairing(under_nda=True)

    user = UserFactory(organization=getattr(pairing, side))
    text = login(client, user).get(f"/workspace/pairings/{pairing.id}").text

    assert "7.77" in text
