"""Flask-Security's messages in our own words; translated through our own catalogue."""

from __future__ import annotations

from typing import Final


def _l(text: str) -> str:
    """Mark a text for translation; it is translated when it is shown."""
    return text


_SENT: Final = _l(
    "If there is an account with %(email)s, a message with a link is on its way. Look into the spam folder too."
)
_CREDENTIALS: Final = _l(
    "The e-mail address or the password is wrong, the address is not confirmed yet, or too many log-ins failed lately."
)

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "ALREADY_CONFIRMED": (
        _l("This link has been used: your e-mail address is confirmed. Please log in."),
        "info",
    ),
    "ANONYMOUS_USER_REQUIRED": (_l("You are logged in already."), "info"),
    "CONFIRMATION_EXPIRED": (_l("This link has expired. Have a new one sent to you below."), "error"),
    "CONFIRMATION_REQUEST": (_SENT, "info"),
    "CONFIRMATION_REQUIRED": (_CREDENTIALS, "error"),
    "CONFIRM_REGISTRATION": (
        _l("Almost done: open the link in the message that we have just sent to %(email)s."),
        "success",
    ),
    "DISABLED_ACCOUNT": (_CREDENTIALS, "error"),
    "EMAIL_CONFIRMED": (_l("Your e-mail address is confirmed. Please log in."), "success"),
    "EMAIL_NOT_PROVIDED": (_l("Enter your e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (_CREDENTIALS, "error"),
    "GENERIC_RECOVERY": (_SENT, "info"),
    "INVALID_CONFIRMATION_TOKEN": (
        _l("This link is not complete or no longer valid. Have a new one sent to you below."),
        "error",
    ),
    "INVALID_EMAIL_ADDRESS": (_l("This is not an e-mail address."), "error"),
    "INVALID_INPUT": (_l("This value does not fit here."), "error"),
    "INVALID_PASSWORD": (_l("The password is wrong."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _l("This link has been used or is not complete. Have a new one sent to you below."),
        "error",
    ),
    "LOGIN": (_l("Please log in to open this page."), "info"),
    "PASSWORD_CHANGE": (_l("Your password has been changed; you are logged out everywhere else."), "success"),
    "PASSWORD_INVALID_LENGTH": (_l("Use at least %(length)s characters."), "error"),
    "PASSWORD_IS_THE_SAME": (_l("The new password is the old one."), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("Enter a password."), "error"),
    "PASSWORD_RESET_EXPIRED": (_l("This link has expired. Have a new one sent to you below."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (
        _l("Your password has been changed. Please log in with the new one."),
        "success",
    ),
    "PASSWORD_RESET_REQUEST": (_SENT, "info"),
    "PASSWORD_TOO_SIMPLE": (
        _l("This password is easy to guess: it is well known, a row of keys, or part of your name or address."),
        "error",
    ),
    "REAUTHENTICATION_REQUIRED": (_l("Please enter your password again to go on."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_l("Thank you. Please go on."), "info"),
    "REFRESH": (_l("Please enter your password again to go on."), "info"),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two passwords differ."), "error"),
    "UNAUTHENTICATED": (_l("Please log in to open this page."), "info"),
    "UNAUTHORIZED": (_l("Your account does not have this right."), "error"),
}
