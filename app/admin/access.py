"""The door of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request

from app.accounts.current import current_actor
from app.audit import policy as audit
from app.audit.service import record_reading
from app.core.errors import NotFound
from app.db import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.core.actor import Actor


def guard() -> ResponseReturnValue | None:
    """Send strangers to the log-in and tell everybody else who is not staff that there is nothing here."""
    actor = current_actor()
    if not actor.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # Flask-Login adds it
    if not actor.is_staff:
        raise NotFound("The page does not exist, or it is not open to you.", code="not_staff")
    if audit.is_reading_recorded(actor):
        _record_reading(actor)
    return None


def _record_reading(actor: Actor) -> None:
    asked = {name: value[:100] for name, value in request.args.items()}
    with transaction() as session:
        record_reading(session, actor, page=request.path, asked={"asked": asked} if asked else {})


def guard_prefectures() -> ResponseReturnValue | None:
    """Open the door to officers of a prefecture, too, who see their own city's business only."""
    return None if current_actor().is_prefecture else guard()
