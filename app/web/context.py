"""What every template may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for

from app.accounts.current import current_actor
from app.core import clock
from app.core.actor import DEFAULT_LOCALE
from app.web.locale import select_locale
from app.web.navigation import nav

if TYPE_CHECKING:
    from flask import Flask


def init_context(app: Flask) -> None:
    """Attach the shared names and make undefined ones an error while developing."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_shared)


def _shared() -> dict[str, Any]:
    locale = select_locale()
    return {
        "actor": current_actor(),
        "locale": locale,
        "html_lang": "zh-Hans-CN" if locale == DEFAULT_LOCALE else "en",
        "nav": nav,
        "now": clock.now(),
        "request_id": g.get("request_id", ""),
        "url_with": url_with,
    }


def url_with(**changes: object) -> str:
    """Return the address of this page with some query arguments changed; ``None`` removes one."""
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    for name, value in changes.items():
        if value is None:
            arguments.pop(name, None)
        else:
            arguments[name] = value
    return url_for(request.endpoint or "web.home", **arguments)
