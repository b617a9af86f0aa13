"""What holds today is shown, and what held when a pairing was proposed is said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.demands.models import NeedParam
from app.matchmaking import service
from app.matchmaking.models import Pairing
from app.matchmaking.queries import pairings as queries
from tests.factories.accounts import UserFactory, officer
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.catalog.models import ChipProduct
    from app.demands.models import Need

    LogIn = Callable[[FlaskClient, User], FlaskClient]

TODAY = "All 2 must requirements are met: cells in series, operating temperature."
THEN = "1 of 2 must requirements are met: cell voltage error"


def need_of_cells() -> Need:
    """A need whose requirements the complete sheet of the factory meets."""
    need: Need = NeedFactory(
        params=[NeedParam(position=0, key="cells", op="covers", value="14~18", unit="串", is_must=True)]
    )
    return need


@pytest.fixture
def later() -> dt.datetime:
    """A day after the pairing was proposed."""
    return NOON.replace(day=NOON.day + 1)


@pytest.fixture
def changed(later: dt.datetime) -> ChipProduct:
    """A sheet that was completed a day after it had been matched."""
    product: ChipProduct = ProductFactory(complete=True, updated_at=later)
    return product


def test_the_page_of_a_pairing_shows_the_reasons_of_today_and_what_they_were(
    client: FlaskClient, login: LogIn, session: Session, changed: ChipProduct
) -> None:
    pairing = PairingFactory(need=need_of_cells(), product=changed)

    page = login(client, UserFactory(organization=changed.organization, locale="en")).get(
        f"/workspace/pairings/{pairing.id}"
    )

    assert TODAY in page.text
    assert f"has changed since 2026-11-24. The reasons are those of today; on that day: {THEN}" in page.text
    assert "the sheet does not say" not in page.text
    assert "the fit would rise" not in page.text


def test_a_pairing_of_which_nothing_changed_is_shown_as_it_was_proposed(
    client: FlaskClient, login: LogIn, session: Session
) -> None:
    pairing = PairingFactory()

    page = login(client, UserFactory(organization=pairing.supplier, locale="en")).get(
        f"/workspace/pairings/{pairing.id}"
    )

    assert THEN in page.text
    assert "has changed since" not in page.text


def test_the_list_of_pairings_counts_what_is_met_today(session: Session, changed: ChipProduct) -> None:
    PairingFactory(need=need_of_cells(), product=changed)
    reader = UserFactory(organization=changed.organization)

    [row] = queries.my_pairings(session, actor=reader.as_actor(), tab="todo", page=1).items

    assert {verdict["status"] for verdict in row.reasons["verdicts"]} == {"met"}


def test_changed_pairings_cost_the_list_the_same_queries_however_many(session: Session, changed: ChipProduct) -> None:
    reader = UserFactory(organization=changed.organization).as_actor()
    PairingFactory(product=changed)
    with count_queries() as for_one:
        queries.my_pairings(session, actor=reader, tab="todo", page=1)
    PairingFactory.create_batch(4, product=changed)

    with count_queries() as for_five:
        queries.my_pairings(session, actor=reader, tab="todo", page=1)

    assert len(for_five) == len(for_one) <= 8


def test_the_desk_decides_on_the_reasons_of_today(
    client: FlaskClient, login: LogIn, session: Session, changed: ChipProduct
) -> None:
    suggestion = SuggestionFactory(need=need_of_cells(), product=changed)

    page = login(client, officer(locale="en")).get(f"/desk/pairings/{suggestion.id}")

    assert TODAY in page.text
    assert "has changed since 2026-11-24" in page.text


def test_a_pairing_begins_with_what_holds_when_it_is_approved(session: Session, changed: ChipProduct) -> None:
    suggestion = SuggestionFactory(need=need_of_cells(), product=changed)

    pairing: Pairing = service.approve_suggestion(
        session, actor=officer().as_actor(), suggestion_id=suggestion.id, now=changed.updated_at
    )

    assert {verdict["status"] for verdict in pairing.reasons["verdicts"]} == {"met"}
