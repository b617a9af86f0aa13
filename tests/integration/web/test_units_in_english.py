"""An English reader finds every value with an English unit, and may type it so; stored is one symbol."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.catalog.models import ProductParam
from app.demands.models import NeedParam
from app.matchmaking.models import Suggestion
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import SuggestionFactory, evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    Get = Callable[..., str]
    LogIn = Callable[..., FlaskClient]

ENGLISH = {"Accept-Language": "en"}
CELLS = "14~18\u202fcells"


def monitor(most: float = 18.0) -> Any:
    return ProductFactory(params=[ProductParam(position=0, key="cells", min=8.0, max=most, unit="串")])


def wanted(**given: Any) -> Any:
    return NeedFactory(
        params=[NeedParam(position=0, key="cells", op="covers", value="14~18", unit="串", is_must=True)], **given
    )


def told() -> dict[str, Any]:
    """Return stored reasons of which one must is missed."""
    found = copy.deepcopy(evidence())
    found["verdicts"][1] |= {"status": "violated", "offered": "8~16 串", "required": "⊇ 14~18 串"}
    found["counterfactuals"][0] |= {"kind": "improve", "required": "⊇ 14~18 串"}
    return found


@pytest.fixture
def maker(client: FlaskClient, login: LogIn) -> Any:
    """The company of a maker whose editor reads English and is logged in."""
    company = OrganizationFactory(terminal=True)
    login(client, UserFactory(organization=company, locale="en"))
    return company


def test_on_a_product_sheet(session: Session, page: Get) -> None:
    assert ">cells</td>" in page(f"/products/{monitor().id}", headers=ENGLISH)


def test_on_a_product_sheet_in_chinese(session: Session, page: Get) -> None:
    assert ">串</td>" in page(f"/products/{monitor().id}", headers={"Accept-Language": "zh-CN"})


def test_in_the_catalogue_and_what_narrows_it(session: Session, page: Get) -> None:
    monitor()

    text = page("/products/?category=C0407&param=cells:covers:14~18:串&view=table", headers=ENGLISH)

    assert CELLS in text
    assert "8 – 18\u202fcells" in text


def test_in_a_condition_that_is_typed(session: Session, client: FlaskClient) -> None:
    monitor()

    answer = client.get("/products/?key=cells&op=covers&value=14~18+cells", headers=ENGLISH, follow_redirects=True)

    assert CELLS in answer.text


def test_side_by_side(session: Session, page: Get) -> None:
    address = f"/products/compare?id={monitor().id}&id={monitor(16.0).id}"

    assert '<span class="comparison__unit">cells</span>' in page(address, headers=ENGLISH)


def test_in_what_differs_of_a_substitute(session: Session, page: Get) -> None:
    original = monitor()
    monitor(16.0)

    assert "8~16 cells" in page(f"/products/{original.id}/substitutes", headers=ENGLISH)


def test_in_a_need(session: Session, page: Get, maker: Any) -> None:
    assert CELLS in page(f"/needs/{wanted(organization=maker).id}")


def test_in_the_form_of_a_need(session: Session, page: Get, maker: Any) -> None:
    text = page(f"/workspace/needs/{wanted(organization=maker, draft=True).id}/edit")

    assert 'value="cells"' in text
    assert 'value="串"' not in text


def test_in_what_is_typed_into_the_form_of_a_need(session: Session, client: FlaskClient, maker: Any) -> None:
    row = {"key": "cells", "op": "covers", "value": "14~18", "unit": "cells", "level": "must"}

    client.post(
        "/workspace/needs/new",
        data={"title": "Cell monitor", "save": "1", **{f"params-0-{k}": v for k, v in row.items()}},
    )

    assert session.scalars(select(NeedParam.unit)).all() == ["串"]


def test_in_the_indicators_of_a_challenge(session: Session, page: Get) -> None:
    challenge = ChallengeFactory(deliverables=[{"name": "工程样片", "quantity": "200 颗"}])

    text = page(f"/challenges/{challenge.id}", headers=ENGLISH)

    assert "≤ 18\u202fCNY/pc" in text
    assert "200 pcs" in text


def test_in_verdicts_reasons_and_what_would_raise_the_fit(
    session: Session, client: FlaskClient, page: Get, login: LogIn
) -> None:
    suggestion: Suggestion = SuggestionFactory(need=wanted(), product=monitor(16.0), reasons=told())
    login(client, officer(locale="en"))

    text = page(f"/desk/pairings/{suggestion.id}")

    assert "⊇ 14~18\u202fcells" in text
    assert "8~16 cells" in text
    assert "⊇ 14~18 cells the fit would rise" in text
    assert "串" not in text.replace("18串", "").replace("14至18串", "")
