"""The session cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from flask import Flask
    from flask.sessions import SessionMixin

FILES = ("static", "bootstrap.static")


class PageSessions(SecureCookieSessionInterface):
    """Renews the cookie with pages only.

    Files arrive late and in any order: with a cookie of their own they would undo what a page has just
    changed, a log-out or the choice of a language.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether this answer carries the cookie."""
        return request.endpoint not in FILES and super().should_set_cookie(app, session)
