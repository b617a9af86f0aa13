"""Flask-Security's forms with our wording, fields and password rules."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_security import PasswordUtil
from flask_security.forms import (
    ChangePasswordForm,
    EmailValidation,
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    email_required,
    password_required,
    unique_user_email,
    valid_user_email,
)
from flask_security.utils import get_message, password_length_validator
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length

from app.accounts.mail import normal_address
from app.accounts.passwords import is_guessable
from app.core.actor import DEFAULT_LOCALE, LOCALES
from app.core.forms import clean_text

LANGUAGES = [SelectChoice(DEFAULT_LOCALE, "简体中文"), SelectChoice("en", "English")]
PASSWORD_HINT = _l("At least 10 characters; a few unrelated words make a good one.")
MAX_PASSWORD = 200


class PasswordRules(PasswordUtil):
    """Length and guessability; no outside service is asked."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """Return (messages or None, the password in its normal form)."""
        normal = self.normalize(password[:MAX_PASSWORD])
        too_short = password_length_validator(normal)
        if too_short:
            return too_short, normal
        user = kwargs.get("user")
        personal = (user.name, user.email) if user else (kwargs.get("name") or "", kwargs.get("email") or "")
        if is_guessable(normal, *personal):
            return [get_message("PASSWORD_TOO_SIMPLE")[0]], normal
        return None, normal


def _email(*validators: Any) -> EmailField:
    return EmailField(
        _l("E-mail"),
        validators=[email_required, *validators],
        render_kw={"autocomplete": "email", "maxlength": 254},
    )


def _new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[password_required],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
    )


def _again(other: str) -> PasswordField:
    return PasswordField(
        _l("Password again"),
        validators=[
            InputRequired(_l("Enter the password again.")),
            EqualTo(other, _l("The two passwords differ.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def _page_locale() -> str:
    locale = str(get_locale() or "")
    return locale if locale in LOCALES else DEFAULT_LOCALE


class LogIn(LoginForm):  # type: ignore[misc,unused-ignore]
    """E-mail and password; nobody stays logged in for weeks."""

    email = _email(EmailValidation(verify=False))
    password = PasswordField(
        _l("Password"), validators=[password_required], render_kw={"autocomplete": "current-password"}
    )
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Flask-Security puts a link of its own here; ours stands below the form.
        self.password.description = ""


class Register(RegisterFormV2):  # type: ignore[misc,unused-ignore]
    """A new account of a person; the organisation comes after the e-mail address is confirmed."""

    name = StringField(
        _l("Your name"),
        validators=[
            InputRequired(_l("Enter your name.")),
            Length(max=60, message=_l("At most 60 characters.")),
        ],
        filters=[clean_text],
        render_kw={"autocomplete": "name"},
    )
    email = _email(EmailValidation(verify=True), unique_user_email)
    password = _new_password(_l("Password"))
    password_confirm = _again("password")
    locale = SelectField(_l("Language of pages and mails"), choices=LANGUAGES, default=_page_locale)
    terms = BooleanField(
        _l("I accept the terms of use and the privacy notice."),
        validators=[InputRequired(_l("Without this the portal may not keep your data."))],
    )


class _AsksForMail:
    """Says what is wrong with an address that cannot be one; everything else about it stays unsaid."""

    def validate(self, **kwargs: Any) -> bool:
        """Put the complaint on top of the form: Flask-Security silences those beside the address."""
        is_valid: bool = super().validate(**kwargs)  # type: ignore[misc]  # mixed into a form
        try:
            normal_address(self.email.data or "")  # type: ignore[attr-defined]
        except ValueError:
            self.form_errors = [get_message("INVALID_EMAIL_ADDRESS")[0]]
            return False
        return is_valid


class ForgotPassword(_AsksForMail, ForgotPasswordForm):  # type: ignore[misc,unused-ignore]
    """Where the link to a new password should go."""

    email = _email(EmailValidation(verify=False), valid_user_email)

    def validate(self, **kwargs: Any) -> bool:
        """Accept a locked person too: whoever reads the mailbox must not be kept out by failures of others."""
        is_valid = super().validate(**kwargs)
        user = self.user
        if not is_valid and user is not None and user.is_locked():
            return bool(user.is_active and user.confirmed_at is not None)
        return is_valid


class SendConfirmation(_AsksForMail, SendConfirmationForm):  # type: ignore[misc,unused-ignore]
    """Where the link that confirms an address should go."""

    email = _email(EmailValidation(verify=False), valid_user_email)


class ResetPassword(ResetPasswordForm):  # type: ignore[misc,unused-ignore]
    """A new password for somebody who followed the link."""

    password = _new_password(_l("New password"))
    password_confirm = _again("password")


class ChangePassword(ChangePasswordForm):  # type: ignore[misc,unused-ignore]
    """A new password for somebody who knows the old one."""

    password = PasswordField(_l("Password until now"), render_kw={"autocomplete": "current-password"})
    new_password = _new_password(_l("New password"))
    new_password_confirm = _again("new_password")
