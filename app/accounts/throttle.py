"""How often the account pages may be used from one address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from config import Settings

limiter = Limiter(get_remote_address)

LIMITS = {
    "login": "20 per minute; 200 per hour",
    "register": "60 per hour",
    "forgot_password": "30 per hour",
    "send_confirmation": "30 per hour",
    "reset_password": "20 per hour",
    "change_password": "20 per hour",
}


def init_throttle(app: Flask, settings: Settings) -> None:
    """Attach the limiter: counts live in memory, or in Redis where that is the broker."""
    is_redis = settings.broker_url.startswith("redis")
    app.config.setdefault("RATELIMIT_STORAGE_URI", settings.broker_url if is_redis else "memory://")
    # Without Redis people can still log in: each process counts for itself meanwhile.
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)


def throttled(view: Callable[..., Any], limits: str) -> Callable[..., Any]:
    """Return the view with a limit on how often it may be posted to."""
    return limiter.limit(limits, methods=["POST"], exempt_when=_is_off)(view)


def _is_off() -> bool:
    return not current_app.config.get("RATELIMIT_ENABLED", True)
