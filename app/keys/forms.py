"""The forms of this slice; passphrases are never shown again."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app.core.forms import Form
from app.keys.rules import MAX_LENGTH


def _new_passphrase(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[InputRequired(_l("Type a passphrase.")), Length(max=MAX_LENGTH)],
        description=_l(
            "At least 16 characters, for example five words that do not belong together. Nobody can reset it."
        ),
        render_kw={"autocomplete": "new-password"},
    )


def _again(other: str) -> PasswordField:
    return PasswordField(
        _l("The same once more"),
        validators=[EqualTo(other, message=_l("The two passphrases differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class MakeKeyForm(Form):
    """A passphrase for a new key."""

    passphrase = _new_passphrase(_l("Passphrase"))
    again = _again("passphrase")


class ChangePassphraseForm(Form):
    """Another passphrase for the same key."""

    old = PasswordField(
        _l("Passphrase until now"),
        validators=[InputRequired(_l("Type your passphrase."))],
        render_kw={"autocomplete": "current-password"},
    )
    passphrase = _new_passphrase(_l("New passphrase"))
    again = _again("passphrase")


class PassphraseForm(Form):
    """The passphrase of one's own key, to use it once."""

    passphrase = PasswordField(
        _l("Passphrase of your key"),
        validators=[InputRequired(_l("Type your passphrase.")), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "off"},
    )
