"""Fixtures of all tests: two real databases, a frozen clock, people who are logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.db import db
from app.migrate import upgrade
from config import Settings
from tests.factories.base import use_session
from tests.support.clock import stopped_at_noon
from tests.support.pace import share_routes, spare_the_collector, stop_the_collector
from tests.support.portal import hand_process_to, portal_on
from tests.support.postgres import postgres_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

DATABASES = ("sqlite", "postgresql")


def pytest_configure() -> None:
    stop_the_collector()
    share_routes()


def pytest_collection_finish() -> None:
    spare_the_collector()


@pytest.fixture(autouse=True)
def _noon(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock and the database's, except where a real server or browser runs beside the test."""
    if request.node.get_closest_marker("e2e") or request.node.get_closest_marker("real_clock"):
        yield
        return
    with stopped_at_noon():
        yield


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "postgresql":
        with postgres_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a test installation: mail goes to a folder, files and model to another."""
    root: Path = tmp_path_factory.mktemp("instance")
    return Settings.from_env(
        {
            "SECRET_KEY": "test-secret-key-that-guards-nothing",
            "DATABASE_URL": database_url,
            "INSTANCE_DIR": str(root),
            "PUBLIC_URL": "http://localhost",
        }
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The portal on a migrated database."""
    with portal_on(settings) as app:
        with app.app_context():
            upgrade(db.engine)
        yield app


@pytest.fixture
def session(app: Flask, settings: Settings) -> Iterator[Session]:
    """A session whose work, and that of every request, is undone after the test."""
    hand_process_to(settings)
    with db.test_isolation():
        with app.app_context():
            session = db.sessionmaker()
        use_session(session)
        yield session
        use_session(None)
        session.close()


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def login() -> Callable[[FlaskClient, User], FlaskClient]:
    """Return a function that logs a person in without the form."""

    def log_in(client: FlaskClient, user: User) -> FlaskClient:
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True
            cookie["locale"] = user.locale
        return client

    return log_in


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., Any]:
    """Return a function that gets a page as text and asserts its status."""

    def get(url: str, status: int = 200, **kwargs: Any) -> str:
        answer = client.get(url, **kwargs)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    return get
