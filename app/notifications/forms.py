"""The form of a person's notification preferences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.core.forms import Form
from app.notifications.commands import SavePreferences
from app.notifications.labels import FREQUENCIES
from app.notifications.models import DigestFrequency


class PreferencesForm(Form):
    digest = RadioField(
        _l("Digest of recommended pairings"),
        choices=[SelectChoice(value, label) for value, label in FREQUENCIES.items()],
        validators=[InputRequired(_l("Choose how often."))],
        description=_l("At most eight pairings, none of them twice. When there is nothing new, no mail is sent."),
    )
    has_event_mail = BooleanField(
        _l("Also mail me single events"),
        description=_l(
            "For example when a need is returned, a pairing is accepted or a bid has been sealed. "
            "They are in your inbox in any case."
        ),
    )

    def to_command(self) -> SavePreferences:
        return SavePreferences(digest=DigestFrequency(self.digest.data), has_event_mail=bool(self.has_event_mail.data))
