"""A portal on a database of its own, for tests in which several connections or processes really commit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.db import db, engine_options
from app.migrate import upgrade
from tests.factories.base import use_session
from tests.support.databases import database_beside
from tests.support.portal import portal_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from config import Settings


@pytest.fixture
def model_dir(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the model of one test: what another has fitted names products that are gone."""
    folder = tmp_path / "model"
    settings = app.extensions["chipbridge_settings"]
    monkeypatch.setitem(app.extensions, "chipbridge_settings", replace(settings, model_dir=folder))
    return folder


@pytest.fixture(scope="session")
def migrated_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database that nobody is connected to, to be copied."""
    with database_beside(database_url, tmp_path_factory.mktemp("migrated") / "migrated.sqlite3") as url:
        engine = sa.create_engine(url, **engine_options(url))
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture
def own_template(migrated_url: str) -> str:
    """What the database of one test is a copy of."""
    return migrated_url


@pytest.fixture
def own_settings(settings: Settings, own_template: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation that belongs to one test."""
    with database_beside(settings.database_url, tmp_path / "own.sqlite3", own_template) as url:
        yield replace(
            settings,
            database_url=url,
            instance_dir=tmp_path,
            mail_url=f"folder:{tmp_path / 'mailbox'}",
            files_url=(tmp_path / "files").as_uri(),
            model_dir=tmp_path / "model",
        )


@pytest.fixture
def own_app(own_settings: Settings) -> Iterator[Flask]:
    """The portal of one test; what is committed is seen by every thread and process."""
    with portal_on(own_settings) as app:
        yield app


@pytest.fixture
def own_session(own_app: Flask) -> Iterator[Session]:
    """A session on that database, through which factories write."""
    with own_app.app_context():
        session = db.sessionmaker()
    use_session(session)
    yield session
    use_session(None)
    session.close()
