"""A portal without a database, for rules that speak to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from app import create_app
from app.db import db
from config import Settings
from tests.support.pace import share_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

# A busy machine is no failure, and a run finds what the run before has found; --hypothesis-profile=default explores.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The portal, never connected to anything."""
    folder = tmp_path_factory.mktemp("portal")
    app = create_app(Settings.from_env({"SECRET_KEY": "guards-nothing", "INSTANCE_DIR": str(folder)}))
    share_templates(app)
    yield app
    db._app_state.pop(app)
