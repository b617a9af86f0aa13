"""People with passwords, and the forms they fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_security import hash_password

from tests.factories.accounts import UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from app.accounts.models import User

PASSWORD = "Nine quiet herons"
REGISTRATION = {
    "name": "林见山",
    "email": "new@example.com",
    "password": PASSWORD,
    "password_confirm": PASSWORD,
    "locale": "en",
    "terms": "y",
}


@pytest.fixture(scope="session")
def password_hash(app: Flask) -> str:
    """The hash of PASSWORD, made once because it is slow on purpose."""
    with app.app_context():
        return str(hash_password(PASSWORD))


@pytest.fixture
def person(session: Session, password_hash: str) -> User:
    """A confirmed person who can log in with PASSWORD and reads English."""
    user: User = UserFactory(email="known@example.com", password=password_hash, locale="en")
    return user


@pytest.fixture
def enter() -> Callable[..., TestResponse]:
    """Return a function that fills in the log-in form."""

    def log_in(client: FlaskClient, email: str, password: str = PASSWORD, **kwargs: Any) -> TestResponse:
        return client.post("/account/login", data={"email": email, "password": password}, **kwargs)

    return log_in


@pytest.fixture
def english(client: FlaskClient) -> FlaskClient:
    """A browser that asks for English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
