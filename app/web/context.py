"""What every template may use."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, url_for

from app.accounts.current import current_actor
from app.core import clock
from app.core.actor import DEFAULT_LOCALE
from app.taxonomy import knowledge
from app.web.locale import select_locale
from app.web.navigation import nav

if TYPE_CHECKING:
    from flask import Flask


YEAR_SECONDS = 31_536_000


def init_context(app: Flask) -> None:
    """Attach the shared names and make undefined ones an error while developing."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # Macros imported without context see globals only.
    app.jinja_env.globals["url_with"] = url_with
    app.context_processor(_shared)
    app.before_request(_know)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_SECONDS
    app.url_defaults(_version_static)


def _know() -> None:
    """Learn what the desk changed since the last request."""
    knowledge.refresh(current_app.extensions["chipbridge_settings"].model_dir)


def _shared() -> dict[str, Any]:
    locale = select_locale()
    return {
        "actor": current_actor(),
        "locale": locale,
        "html_lang": "zh-Hans-CN" if locale == DEFAULT_LOCALE else "en",
        "nav": nav,
        "now": clock.now(),
        "request_id": g.get("request_id", ""),
    }


@cache
def _modified(path: Path) -> int:
    return int(path.stat().st_mtime) if path.is_file() else 0


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """Name the version of a static file in its address, so that browsers may keep it for ever."""
    folder = current_app.static_folder
    if endpoint == "static" and folder is not None and "filename" in values:
        values.setdefault("v", _modified(Path(folder) / values["filename"]))


def url_with(**changes: object) -> str:
    """Return the address of this page with some query arguments changed; ``None`` removes one."""
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    for name, value in changes.items():
        if value is None:
            arguments.pop(name, None)
        else:
            arguments[name] = value
    return url_for(request.endpoint or "web.home", **arguments)
