"""Publishing, archiving, restoring and confirming by the buttons of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/products/"


def only_product(session: Session) -> ChipProduct:
    session.expire_all()
    return session.scalars(select(ChipProduct)).one()


def test_what_is_missing_is_said_beside_the_button_with_the_way_there(editor: FlaskClient, firm: Any) -> None:
    product = ProductFactory(organization=firm, draft=True, package="")

    text = editor.get(f"{URL}{product.id}").text

    assert f'href="{URL}{product.id}/edit#package"' in text
    assert "State at least five parameters before you publish." in text
    assert f'action="{URL}{product.id}/publish"' not in text


def test_an_unverified_firm_is_shown_the_way_to_its_verification(
    client: FlaskClient, login: Callable[..., Any]
) -> None:
    firm = OrganizationFactory(chip=True, unverified=True)
    product = ProductFactory(organization=firm, draft=True, complete=True)
    login(client, UserFactory(organization=firm, locale="en"))

    text = client.get(f"{URL}{product.id}").text

    assert "Your company has not been verified yet" in text
    assert 'href="/workspace/company/"' in text
    assert client.post(f"{URL}{product.id}/publish").status_code == 403


def test_a_complete_draft_is_published(editor: FlaskClient, firm: Any, session: Session) -> None:
    product = ProductFactory(organization=firm, draft=True, complete=True)

    answer = editor.post(f"{URL}{product.id}/publish")

    assert answer.status_code == 303
    assert only_product(session).state is ProductState.PUBLISHED


def test_publishing_an_incomplete_draft_leads_to_its_gaps(editor: FlaskClient, firm: Any) -> None:
    product = ProductFactory(organization=firm, draft=True, package="")

    answer = editor.post(f"{URL}{product.id}/publish")

    assert answer.status_code == 422
    assert 'href="#package"' in answer.text


def test_publishing_twice_is_a_conflict(editor: FlaskClient, firm: Any) -> None:
    product = ProductFactory(organization=firm, complete=True)

    assert editor.post(f"{URL}{product.id}/publish").status_code == 409


def test_a_sheet_is_archived_and_restored(editor: FlaskClient, firm: Any, session: Session) -> None:
    product = ProductFactory(organization=firm, complete=True)

    archived = editor.post(f"{URL}{product.id}/archive")
    restored = editor.post(f"{URL}{product.id}/restore")

    assert (archived.status_code, restored.status_code) == (303, 303)
    assert only_product(session).state is ProductState.DRAFT


def test_confirming_leads_back_to_the_list_it_came_from(editor: FlaskClient, firm: Any, session: Session) -> None:
    product = ProductFactory(organization=firm, complete=True, confirmed_on=None)

    answer = editor.post(f"{URL}{product.id}/confirm", data={"next": f"{URL}?tab=stale"})

    assert answer.location == f"{URL}?tab=stale"
    assert only_product(session).confirmed_on == NOON.date()


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", f"{URL}/evil"])
def test_confirming_leads_nowhere_else(editor: FlaskClient, firm: Any, target: str) -> None:
    product = ProductFactory(organization=firm)

    answer = editor.post(f"{URL}{product.id}/confirm", data={"next": target})

    assert answer.location == f"{URL}{product.id}"


def test_another_firms_product_is_not_published_archived_or_confirmed(editor: FlaskClient) -> None:
    product = ProductFactory(complete=True)

    answers = [editor.post(f"{URL}{product.id}/{event}").status_code for event in ("publish", "archive", "confirm")]

    assert answers == [403, 403, 403]
