"""A portal on a database of its own, for tests in which several connections or processes really commit."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app import create_app
from app.db import db
from app.migrate import upgrade
from tests.factories.base import use_session
from tests.support.postgres import database_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from config import Settings


@pytest.fixture
def own_settings(settings: Settings, database_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation that belongs to one test."""
    with _own_database(database_url, tmp_path) as url:
        yield replace(
            settings,
            database_url=url,
            instance_dir=tmp_path,
            mail_url=f"folder:{tmp_path / 'mailbox'}",
            files_url=(tmp_path / "files").as_uri(),
            model_dir=tmp_path / "model",
        )


@contextmanager
def _own_database(url: str, folder: Path) -> Iterator[str]:
    if url.startswith("sqlite"):
        yield f"sqlite:///{folder / 'own.sqlite3'}"
    else:
        with database_on(url) as own:
            yield own


@pytest.fixture
def own_app(own_settings: Settings) -> Iterator[Flask]:
    """The portal of one test; what is committed is seen by every thread and process."""
    app = create_app(own_settings)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    db._app_state.pop(app)


@pytest.fixture
def own_session(own_app: Flask) -> Iterator[Session]:
    """A session on that database, through which factories write."""
    with own_app.app_context():
        session = db.sessionmaker()
    use_session(session)
    yield session
    use_session(None)
    session.close()
