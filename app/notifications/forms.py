"""The form of a person's notification preferences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form, HourField
from app.notifications.commands import SavePreferences
from app.notifications.labels import FREQUENCIES
from app.notifications.models import DigestFrequency
from app.outbox.labels import TOPICS
from app.outbox.topics import Topic

BOXES = ("has_event_mail", "counts_clicks")


def _is_on(box: BooleanField, shown: set[str]) -> bool:
    """Return whether a box is ticked; one that was not shown stays as it is stored."""
    return bool(box.data or (box.object_data and box.name not in shown))


class PreferencesForm(Form):
    digest = RadioField(
        _l("Digest of recommended pairings"),
        choices=[SelectChoice(value, label) for value, label in FREQUENCIES.items()],
        description=_l("At most eight pairings, none of them twice. When there is nothing new, no mail is sent."),
    )
    has_event_mail = BooleanField(
        _l("Also mail me single events"),
        description=_l(
            "For example when a need is returned, a pairing is accepted or a bid has been sealed. "
            "They are in your inbox in any case."
        ),
    )

    mail = SelectMultipleField(
        _l("Mailed, too"),
        choices=[SelectChoice(topic.value, label) for topic, label in TOPICS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    quiet_from = HourField(
        _l("Quiet from"),
        description=_l("In these hours of Beijing time no event is mailed; it comes afterwards."),
    )
    quiet_until = HourField(_l("Quiet until"))
    max_daily = IntegerField(
        _l("Most mails of single events in 24 hours"),
        validators=[Optional(), NumberRange(1, 200, _l("Enter a number from 1 to 200, or nothing."))],
        description=_l(
            "Empty for any number. What is more is in your inbox only. "
            "Meetings, bids and reviews are always mailed at once."
        ),
    )

    counts_clicks = BooleanField(
        _l("Count which kinds of links I follow in my digests"),
        description=_l(
            "Helps to see which parts of the digest are of use. How often each kind of link was followed on a day is "
            "kept, never by whom. Whether you open a mail is not noticed in any case."
        ),
    )

    shown = SelectMultipleField(choices=[SelectChoice(name, name) for name in (*BOXES, *TOPICS)])
    """The boxes that the page showed: one of them that comes back empty was cleared, any other stays as it is."""

    def to_command(self) -> SavePreferences:
        """Return what the person wants; whatever was not asked stays as it is stored."""
        shown, chosen = set(self.shown.data or ()), set(self.mail.data or ())
        stored = set(self.mail.object_data or ())
        mailed = (stored - shown) | chosen
        return SavePreferences(
            digest=DigestFrequency(self.digest.data),
            has_event_mail=_is_on(self.has_event_mail, shown),
            no_mail=tuple(topic.value for topic in Topic if topic.value not in mailed),
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            max_daily=self.max_daily.data,
            counts_clicks=_is_on(self.counts_clicks, shown),
        )
