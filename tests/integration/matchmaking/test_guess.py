"""Asking which chip categories a text is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.matchmaking.guess import certainty
from tests.factories.accounts import OrganizationFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/category-guess/"
WORDS = "电池管理从控需要采样18串电芯电压，被动均衡，电量显示跳变"


@pytest.fixture
def visitor(client: FlaskClient, session: Session, login: Callable[..., FlaskClient]) -> FlaskClient:
    """Somebody of a terminal maker, who reads English."""
    return login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))


@pytest.mark.usefixtures("catalogue")
def test_the_likeliest_category_is_offered(visitor: FlaskClient) -> None:
    answer = visitor.post(URL, data={"use_description": WORDS})

    assert answer.status_code == 200
    assert 'data-guess-code="C0407"' in answer.text


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("text", ["", "  ", "abc", "哦哦哦哦哦"])
def test_a_text_that_says_nothing_is_asked_for_more(visitor: FlaskClient, text: str) -> None:
    answer = visitor.post(URL, data={"title": text})

    assert "The text does not say enough yet." in answer.text


@pytest.mark.usefixtures("catalogue")
def test_the_text_is_not_repeated(visitor: FlaskClient) -> None:
    assert "<script>" not in visitor.post(URL, data={"title": "<script>alert(1)</script>"}).text


@pytest.mark.usefixtures("catalogue")
def test_a_very_long_text_is_answered(visitor: FlaskClient) -> None:
    assert visitor.post(URL, data={"use_description": WORDS * 1000}).status_code == 200


def test_a_person_without_a_company_asks_nothing(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    assert login(client, UserFactory()).post(URL, data={"title": WORDS}).status_code == 403


@pytest.mark.parametrize(("probability", "word"), [(0.9, "very likely"), (0.6, "very likely"), (0.3, "likely"),
                                                   (0.1, "possible"), (0.05, "None")])  # fmt: skip
def test_probabilities_are_said_in_words(visitor: FlaskClient, probability: float, word: str) -> None:
    with visitor.application.test_request_context(headers={"Accept-Language": "en"}):
        assert str(certainty(probability)) == word
