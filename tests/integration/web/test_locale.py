"""Which language a page is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.accounts import UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User


def language_of(client: FlaskClient, **headers: str) -> str:
    shown = client.get("/help", headers=headers).text
    return shown.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans-CN"),
        ("en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("fr-FR,fr;q=0.9", "zh-Hans-CN"),
        ("", "zh-Hans-CN"),
        ("*", "zh-Hans-CN"),
        (";;;q=x", "zh-Hans-CN"),
    ],
)
def test_a_stranger_reads_the_browsers_language_else_chinese(client: FlaskClient, accepted: str, language: str) -> None:
    assert language_of(client, **{"Accept-Language": accepted}) == language


def test_the_choice_is_remembered_on_every_page(client: FlaskClient) -> None:
    answer = client.post("/locale", data={"locale": "en", "next": "/help?x=1"})

    assert (answer.status_code, answer.location) == (303, "/help?x=1")
    assert language_of(client, **{"Accept-Language": "zh"}) == "en"


def test_the_choice_wins_over_the_account(
    client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient], session: Session
) -> None:
    login(client, UserFactory(locale="zh_Hans_CN"))

    client.post("/locale", data={"locale": "en"})

    assert language_of(client) == "en"


def test_the_account_wins_over_the_browser(client: FlaskClient, session: Session) -> None:
    user = UserFactory(locale="zh_Hans_CN")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = user.fs_uniquifier

    assert language_of(client, **{"Accept-Language": "en"}) == "zh-Hans-CN"


@pytest.mark.parametrize("locale", ["", "fr", "en_GB", "../../etc/passwd", "en\n"])
def test_an_unknown_language_changes_nothing(client: FlaskClient, locale: str) -> None:
    client.post("/locale", data={"locale": locale})

    assert language_of(client) == "zh-Hans-CN"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "evil", "", "javascript:alert(1)"]
)
def test_changing_the_language_never_leads_elsewhere(client: FlaskClient, target: str) -> None:
    assert client.post("/locale", data={"locale": "en", "next": target}).location == "/"
