"""Portals for tests: as they are installed, without what only slows down or protects from strangers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app import create_app
from app.core import box
from app.db import db
from app.files.storage import init_storage
from app.jobs import letterhead_of
from app.mail import letterhead
from app.taxonomy import knowledge
from tests.support.pace import hash_lightly, share_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from config import Settings


@contextmanager
def portal_on(settings: Settings) -> Iterator[Flask]:
    """Build a portal, whose connections end with the context."""
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    share_templates(app)
    hash_lightly(app)
    yield app
    with app.app_context():
        db.engine.dispose()
    # test_isolation() takes every app it knows, and the database of this one is about to go.
    db._app_state.pop(app)


def hand_process_to(settings: Settings) -> None:
    """Let what a process has one of belong to this portal; in tests several portals share a process."""
    box.register_secret(settings.sealing_key)
    letterhead.use(letterhead_of(settings))
    init_storage(settings.files_url)
    knowledge.refresh(settings.model_dir)
