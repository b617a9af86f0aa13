"""Asking which requirements a text states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.matchmaking.reading import SHOWN
from tests.factories.accounts import OrganizationFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/requirement-reading/"


@pytest.fixture
def visitor(client: FlaskClient, session: Session, login: Callable[..., FlaskClient]) -> FlaskClient:
    """Somebody of a terminal maker, who reads English."""
    return login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))


def test_a_stated_requirement_is_offered_as_a_row(visitor: FlaskClient) -> None:
    answer = visitor.post(URL, data={"use_description": "手环用，待机电流不超过2µA"})

    assert answer.status_code == 200
    assert 'data-reading-key="standby_i" data-op="&lt;=" data-value="2"' in answer.text
    assert "standby current ≤ 2\u202fµA" in answer.text
    assert "<q" in answer.text
    assert "待机电流不超过2µA</q>" in answer.text


def test_the_chip_category_decides_between_parameters(visitor: FlaskClient) -> None:
    text = {"use_description": "供电1.8~5.5V"}

    assert 'data-reading-key="vcc"' in visitor.post(URL, data={**text, "categories": ["", "C0301"]}).text
    assert 'data-reading-key="vdd"' in visitor.post(URL, data={**text, "categories": ["C0202"]}).text


@pytest.mark.parametrize("text", ["", "电池", "待机电流很小", "C9999"])
def test_a_text_without_numbers_is_asked_for_some(visitor: FlaskClient, text: str) -> None:
    answer = visitor.post(URL, data={"title": text, "categories": "C9999"})

    assert "No number or standard with a known parameter found." in answer.text


def test_markup_in_the_text_stays_text(visitor: FlaskClient) -> None:
    assert "<script>" not in visitor.post(URL, data={"title": "待机电流<script>2µA"}).text


def test_a_very_long_text_is_answered_with_as_many_rows_as_a_form_takes(visitor: FlaskClient) -> None:
    answer = visitor.post(URL, data={"use_description": "待机电流不超过2µA。静态电流1µA。" * 2000})

    assert answer.status_code == 200
    assert answer.text.count("data-reading-key") <= SHOWN


def test_a_person_without_a_company_is_refused(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    assert login(client, UserFactory()).post(URL, data={"title": "2µA"}).status_code == 403


def test_the_form_of_a_need_offers_to_read_the_text(visitor: FlaskClient) -> None:
    assert f'data-reading="{URL}"' in visitor.get("/workspace/needs/new").text
    assert f'data-reading="{URL}"' in visitor.get("/workspace/challenges/new").text
    assert "data-guess=" in visitor.get("/workspace/challenges/new").text
