"""The door of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from app.accounts.current import current_actor
from app.core.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def guard() -> ResponseReturnValue | None:
    """Send strangers to the log-in and tell everybody else who is not staff that there is nothing here."""
    actor = current_actor()
    if not actor.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # Flask-Login adds it
    if not actor.is_staff:
        raise NotFound("The page does not exist, or it is not open to you.", code="not_staff")
    return None
