"""What happens to accounts goes on the audit trail, in the transaction of the change."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_security.signals import (
    confirm_instructions_sent,
    password_changed,
    password_reset,
    reset_password_instructions_sent,
    user_authenticated,
    user_confirmed,
    user_failed_authn,
    user_registered,
)

from app.audit import service as audit
from app.core import clock
from app.core.actor import Actor
from app.db import current_session

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.models import User

MAX_FAILURES = 8
LOCK = dt.timedelta(minutes=15)


def init_trail(app: Flask) -> None:
    """Listen to Flask-Security; ``app`` keeps the listeners alive."""
    listeners = {
        user_registered: _registered,
        user_confirmed: _recorder("user.confirm"),
        user_authenticated: _logged_in,
        user_failed_authn: _failed,
        password_reset: _reset,
        password_changed: _recorder("user.change_password"),
        reset_password_instructions_sent: _recorder("user.ask_reset"),
        confirm_instructions_sent: _recorder("user.ask_confirmation"),
    }
    for signal, listener in listeners.items():
        signal.connect(listener, app, weak=False)


def _record(user: User, action: str, **details: Any) -> None:
    session = current_session()
    session.flush()
    actor = Actor(user_id=user.id, name=user.name or user.email, email=user.email, locale=user.locale)
    audit.record(session, actor, action, "user", user.id, label=user.name or user.email, **details)


def _recorder(action: str) -> Any:
    def listen(_sender: object, user: User, **_: Any) -> None:
        _record(user, action)

    return listen


def _registered(_sender: object, user: User, **_: Any) -> None:
    user.terms_accepted_at = clock.now()
    _record(user, "user.register", locale=user.locale)


def _logged_in(_sender: object, user: User, authn_via: list[str] | None = None, **_: Any) -> None:
    user.failed_logins, user.locked_until = 0, None
    _record(user, "user.login", via=authn_via or [])


def _reset(_sender: object, user: User, **_: Any) -> None:
    # Whoever reads the mailbox is the person: a lock made by somebody else must not keep them out.
    user.failed_logins, user.locked_until = 0, None
    _record(user, "user.reset_password")


def _failed(_sender: object, user: User, **_: Any) -> None:
    user.failed_logins += 1
    is_locked = user.failed_logins % MAX_FAILURES == 0
    if is_locked:
        user.locked_until = clock.now() + LOCK
    _record(user, "user.login_failed", failures=user.failed_logins, locked=is_locked)
