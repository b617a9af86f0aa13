"""The only place that reads Flask-Login's ``current_user``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, has_request_context
from flask_login import current_user

from app.core.actor import ANONYMOUS, Actor

if TYPE_CHECKING:
    from app.accounts.models import User


def current_actor() -> Actor:
    """Return who is asking; computed once a request."""
    if not has_request_context():
        return ANONYMOUS
    actor: Actor | None = g.get("actor")
    if actor is None:
        user: User = current_user._get_current_object()
        actor = user.as_actor() if user.is_authenticated else ANONYMOUS
        g.actor = actor
    return actor
