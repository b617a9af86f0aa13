"""The form of a group robot."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form, HourField, IntegerField
from app.robots.commands import SaveRobot
from app.robots.labels import LANGUAGES, TOPICS


class RobotForm(Form):
    name = StringField(
        _l("Name of the group"),
        validators=[InputRequired(_l("Name the group.")), Length(max=60)],
        description=_l("As your colleagues call it, for example “Sales, chips”."),
    )
    url = StringField(
        _l("Address of the group robot"),
        description=_l(
            "In WeCom: group, “…”, “Add group robot”, copy the webhook address. Whoever knows it can post into "
            "the group, so the portal stores it locked and never shows it again."
        ),
    )
    topics = SelectMultipleField(
        _l("What the group is told"),
        choices=[SelectChoice(topic.value, label) for topic, label in TOPICS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l("Choose at least one topic."))],
        description=_l(
            "A short line and a link each; what is confidential is read in the portal. Everybody in the group reads "
            "the lines: choose your bids only if all of them may know for what you bid."
        ),
    )
    locale = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    quiet_from = HourField(
        _l("Quiet from"),
        description=_l("In these hours of Beijing time nothing is posted; it comes afterwards, in one message."),
    )
    quiet_until = HourField(_l("Quiet until"))
    max_daily = IntegerField(
        _l("Most events in 24 hours"),
        validators=[
            InputRequired(_l("Enter a number from 1 to 200.")),
            NumberRange(1, 200, _l("Enter a number from 1 to 200.")),
        ],
        description=_l("What is more is in the inboxes only. Meetings and bids are always posted."),
    )

    def to_command(self) -> SaveRobot:
        return SaveRobot(
            name=self.name.data or "",
            url=self.url.data or "",
            topics=tuple(self.topics.data or ()),
            locale=self.locale.data,
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            max_daily=self.max_daily.data or 1,
        )
