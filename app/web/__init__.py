"""Navigation, language, security headers and the pages that belong to no slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def init_web(app: Flask, settings: Settings) -> None:
    """Attach language, headers, request ids, logging and what every template may use."""
    from app.web import context, headers, locale, logs
    from app.web.sessions import PageSessions

    app.session_interface = PageSessions()
    logs.init_logs(app, settings)
    locale.init_locale(app)
    headers.init_headers(app, settings)
    context.init_context(app)
