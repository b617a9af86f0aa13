"""Flask-Security: register, confirm, log in, reset."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import g, redirect, render_template, request, session, url_for
from flask_security.core import Security
from flask_security.datastore import FSQLALiteUserDatastore
from flask_security.signals import user_authenticated

from app.accounts import login_forms
from app.accounts.mail import DurableMail
from app.accounts.messages import MESSAGES
from app.accounts.models import Role, User
from app.accounts.throttle import LIMITS, init_throttle, throttled
from app.accounts.trail import init_trail
from app.core import clock
from app.db import SAFE_METHODS, db, transaction
from app.files.storage import init_storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask_wtf import FlaskForm

    from config import Settings

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
SESSION_HOURS = 8

OPTIONS: dict[str, Any] = {
    "URL_PREFIX": "/account",
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_LENGTH_MIN": 10,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "CONFIRMABLE": True,
    "REGISTERABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CONFIRM_URL": "/confirm",
    "RETURN_GENERIC_RESPONSES": True,
    "CONFIRM_EMAIL_WITHIN": dt.timedelta(days=3),
    "RESET_PASSWORD_WITHIN": dt.timedelta(hours=2),
    # No page asks for the password a second time, so there is no page that does.
    "FRESHNESS": dt.timedelta(minutes=-1),
    "DATETIME_FACTORY": clock.now,
    "I18N_DOMAIN": "messages",
    "I18N_DIRNAME": str(CATALOGUES),
    # Our own mail renders text and HTML from templates/email/<name>/, see app.accounts.mail.
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "EMAIL_TEMPLATE_CONFIRM": "confirm_email",
    "REGISTER_EMAIL_TEMPLATE": "confirm_email",
    "REGISTER_EMAIL_EXISTING_TEMPLATE": "account_exists",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "reset_password",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "password_was_reset",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "password_was_changed",
    "POST_LOGIN_VIEW": "/account/start",
    "POST_LOGOUT_VIEW": "/",
    "POST_REGISTER_VIEW": "/account/login",
    "POST_RESET_VIEW": "/account/login",
    "POST_CONFIRM_VIEW": "/account/login",
    "POST_CHANGE_VIEW": "/account/settings",
    "STATIC_FOLDER": None,
    "JOIN_USER_ROLES": False,
}
WRITING = (
    "login",
    "register",
    "forgot_password",
    "reset_password",
    "send_confirmation",
    "change_password",
    "logout",
)


def init_security(app: Flask, settings: Settings) -> None:
    """Attach Flask-Security to the portal's own people, roles, pages and mail."""
    init_storage(settings.files_url)
    app.config.update({f"SECURITY_{name}": value for name, value in OPTIONS.items()})
    app.config.update({f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()})
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=SESSION_HOURS),
        # What a session belongs to is checked by Flask-Login with each request.
        SESSION_PROTECTION="basic",
    )
    datastore: Any = FSQLALiteUserDatastore(db, User, Role)
    Security(
        app,
        datastore,
        login_form=login_forms.LogIn,
        register_form=login_forms.Register,
        forgot_password_form=login_forms.ForgotPassword,
        send_confirmation_form=login_forms.SendConfirmation,
        reset_password_form=login_forms.ResetPassword,
        change_password_form=login_forms.ChangePassword,
        mail_util_cls=DurableMail,
        password_util_cls=login_forms.PasswordRules,
        render_template=_render,
    )
    init_throttle(app, settings)
    init_trail(app)
    user_authenticated.connect(_begin_session, app, weak=False)
    for name in WRITING:
        view = _in_transaction(app.view_functions[f"security.{name}"])
        app.view_functions[f"security.{name}"] = throttled(view, LIMITS[name]) if name in LIMITS else view
    # A link in a mail confirms by being opened.
    confirm = app.view_functions["security.confirm_email"]
    app.view_functions["security.confirm_email"] = _in_transaction(confirm, always=True)


def _begin_session(_sender: object, user: User, **_: Any) -> None:
    """End the session after hours without a click, and speak the person's own language from now on."""
    session.permanent = True
    session["locale"] = user.locale
    g.pop("actor", None)


def _in_transaction(view: Callable[..., Any], *, always: bool = False) -> Callable[..., Any]:
    """Return the view with everything it writes, mails and audit rows too, in one transaction."""

    @wraps(view)
    def run(**arguments: Any) -> Any:
        if request.method in SAFE_METHODS and not always:
            return view(**arguments)
        with transaction():
            answer = view(**arguments)
        if request.method not in SAFE_METHODS and getattr(answer, "status_code", 0) == 302:
            answer.status_code = 303
        return answer

    return run


def _render(template: str, **context: Any) -> Any:
    """Show an account page: 422 when the form was refused; a form that was accepted leads to the log-in."""
    form: FlaskForm = next(value for name, value in context.items() if name.endswith("_form"))
    is_refused = bool(form.errors)
    if request.method not in SAFE_METHODS and not is_refused:
        # Nothing is rendered: that would use up the message which the next page shows.
        return redirect(url_for("security.login"), 303)
    return render_template(template, form=form, **context), 422 if is_refused else 200
