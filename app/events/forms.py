"""The forms of this slice."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.challenges.forms import BeijingTimeField
from app.core.forms import DateField, Form, IntegerField, RowForm, half_width
from app.demands.forms import stated
from app.events import labels, rules
from app.events.commands import (
    PlaceMeeting,
    ProposeMeeting,
    RecordOutcome,
    Register,
    Room,
    SaveEvent,
    SaveWishes,
)
from app.events.rules import MAX_OPTIONS, MAX_ROOMS, MAX_TABLES
from app.events.workflow import Role, Wish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.events.queries.views import EventView, Registration

LENGTHS = (15, 20, 30, 45, 60, 90, 120)
ENOUGH_FIELDS = 3
"""How many empty times a proposal shows at first."""


def _options(pairs: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in pairs.items()]


class TimeField(wtforms.TimeField):
    """A time of day as the clock in Beijing shows it."""

    data: dt.time | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([half_width(value).strip() for value in valuelist])


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RoomRow(RowForm):
    """A room and how many tables it has."""

    name = StringField(_l("Room"), validators=[Length(max=40)])
    n_tables = IntegerField(_l("Tables"), validators=[Optional(), NumberRange(1, MAX_TABLES)])


class EventForm(Form):
    """An event; texts may be given in one language or both."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    title_zh = StringField(_l("Title in Chinese"), validators=[InputRequired(_l("Enter a title.")), Length(max=80)])
    title_en = StringField(_l("Title in English"), validators=[Length(max=120)])
    description_zh = TextAreaField(_l("Description in Chinese"), validators=[Length(max=4000)], render_kw={"rows": 5})
    description_en = TextAreaField(_l("Description in English"), validators=[Length(max=4000)], render_kw={"rows": 5})
    place = StringField(_l("Venue"), validators=[Length(max=200)], description=_l("Hall and address."))
    video_url = StringField(
        _l("Video link"),
        validators=[Length(max=500)],
        description=_l("Only participants with a meeting see it."),
        render_kw={"inputmode": "url", "placeholder": "https://"},
    )
    first_day = DateField(_l("First day"), validators=[InputRequired(_l("Enter a day."))])
    last_day = DateField(_l("Last day"), validators=[InputRequired(_l("Enter a day."))])
    starts = TimeField(
        _l("First meeting begins"), validators=[InputRequired(_l("Enter a time."))], default=dt.time(9, 0)
    )
    ends = TimeField(_l("Last meeting ends"), validators=[InputRequired(_l("Enter a time."))], default=dt.time(17, 0))
    lunch_from = TimeField(_l("Long break from"), validators=[Optional()], default=dt.time(12, 0))
    lunch_until = TimeField(_l("Long break until"), validators=[Optional()], default=dt.time(13, 30))
    slot_minutes = IntegerField(
        _l("Length of a meeting"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(5, 240)],
        default=20,
    )
    pause_minutes = IntegerField(
        _l("Pause between meetings"),
        validators=[Optional(), NumberRange(0, 120)],
        default=5,
        description=_l("Time to change tables."),
    )
    most_in_row = IntegerField(
        _l("Meetings in a row at most"),
        validators=[Optional(), NumberRange(0, 50)],
        default=0,
        description=_l("After so many a company has a free slot. 0: no such limit."),
    )
    rooms = FieldList(FormField(RoomRow), label=_l("Rooms and tables"), min_entries=1, max_entries=MAX_ROOMS)
    registers_from = BeijingTimeField(_l("Registration from"), validators=[InputRequired(_l("Enter a time."))])
    registers_until = BeijingTimeField(_l("Registration until"), validators=[InputRequired(_l("Enter a time."))])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check shapes first, then what the rules of the slice say about the whole."""
        if not super().validate(extra_validators):
            return False
        found = [*self._room_faults(), *rules.faults(self.to_command())]
        for fault in found:
            field = self._fields[fault.field]
            field.errors = [*field.errors, gettext(fault.message)]
        return not found

    def _room_faults(self) -> Iterable[rules.Fault]:
        if any(not entry.form.name.data or not entry.form.n_tables.data for entry in stated(self.rooms)):
            yield rules.Fault("rooms", "State name and number of tables of every room.")

    def take_version(self, version: int) -> None:
        """Let the next save overwrite the current version, once its writer has been told of it."""
        self.version.data, self.version.raw_data = version, None

    def to_command(self) -> SaveEvent:
        """Return what was typed as a frozen value the service understands."""
        names = [name for name in SaveEvent.__dataclass_fields__ if name not in ("rooms", "version")]
        values = {name: self._fields[name].data for name in names}
        rooms = tuple(
            Room(entry.form.name.data, entry.form.n_tables.data)
            for entry in stated(self.rooms)
            if entry.form.name.data and entry.form.n_tables.data
        )
        for name in ("title_en", "description_zh", "description_en", "place", "video_url"):
            values[name] = values[name] or ""
        for name in ("pause_minutes", "most_in_row"):
            values[name] = values[name] or 0
        return SaveEvent(**values, rooms=rooms, version=self.version.data)


def initial(event: SaveEvent) -> dict[str, Any]:
    """Return what the form shows of a stored event."""
    values = {name: getattr(event, name) for name in SaveEvent.__dataclass_fields__}
    return {**values, "rooms": [{"name": room.name, "n_tables": room.n_tables} for room in event.rooms]}


class RegisterForm(Form):
    """How a company takes part in an event."""

    role = RadioField(
        _l("We come as"),
        choices=lambda: _options(labels.ROLES),
        validators=[InputRequired(_l("Choose one."))],
        description=_l("Exhibitors have a table; visitors come to them. Meetings are between the two."),
    )
    offer = TextAreaField(
        _l("What we bring, or look for"),
        validators=[Length(max=300)],
        render_kw={"rows": 3},
        description=_l("Other participants read it when they choose whom to meet."),
    )
    most_meetings = IntegerField(
        _l("Meetings at most"), validators=[InputRequired(_l("Enter a number.")), NumberRange(1, 200)]
    )
    busy_slots = CheckboxesField(
        _l("Slots in which we have no time"),
        choices=[],
        description=_l("Nothing ticked: we are there all the time."),
    )

    def __init__(self, *args: Any, event: EventView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.busy_slots.choices = [
            SelectChoice(str(slot.number), f"{rules.in_zone(slot.starts_at, 'Asia/Shanghai'):%m-%d %H:%M}")
            for slot in event.slots
        ]

    @classmethod
    def of(cls, event: EventView, own: Registration | None) -> RegisterForm:
        """Return the form with how the company takes part now."""
        if own is None:
            return cls(formdata=None, event=event, data={"most_meetings": len(event.slots)})
        stored = {"role": own.role.value, "offer": own.offer, "most_meetings": own.most_meetings}
        return cls(formdata=None, event=event, data={**stored, "busy_slots": [str(one) for one in own.busy_slots]})

    def to_command(self) -> Register:
        """Return the validated input as a frozen value the service understands."""
        return Register(
            role=Role(self.role.data),
            most_meetings=self.most_meetings.data or 0,
            busy_slots=frozenset(int(number) for number in self.busy_slots.data or ()),
            offer=self.offer.data or "",
        )


class WishesForm(Form):
    """What a participant says of others: one select for each, named by its id."""

    @staticmethod
    def to_command(typed: Mapping[str, str]) -> SaveWishes:
        """Return what the selects say; whatever is no request counts as none."""
        wishes: dict[uuid.UUID, Wish | None] = {}
        for name, value in typed.items():
            kind, _, company = name.partition("-")
            if kind != "wish":
                continue
            try:
                wishes[uuid.UUID(company)] = Wish(value) if value else None
            except ValueError:
                continue
        return SaveWishes(wishes)


class ReasonForm(Form):
    """Why something is called off."""

    reason = TextAreaField(_l("Reason"), validators=[Length(max=500)], render_kw={"rows": 3})


class PlaceForm(Form):
    """Where an officer puts a meeting."""

    host_id = SelectField(_l("Exhibitor"), validators=[InputRequired(_l("Choose one."))])
    guest_id = SelectField(_l("Visitor"), validators=[InputRequired(_l("Choose one."))])
    slot = SelectField(_l("Slot"), validators=[InputRequired(_l("Choose one."))])
    table = SelectField(_l("Meeting table"), validators=[InputRequired(_l("Choose one."))])

    def offer(
        self,
        event: EventView,
        hosts: Iterable[tuple[uuid.UUID, str]],
        guests: Iterable[tuple[uuid.UUID, str]],
    ) -> PlaceForm:
        """Fill the selects and return the form."""
        blank = SelectChoice("", "—")
        self.host_id.choices = [blank, *(SelectChoice(str(one), name) for one, name in hosts)]
        self.guest_id.choices = [blank, *(SelectChoice(str(one), name) for one, name in guests)]
        self.slot.choices = [
            SelectChoice(str(slot.number), f"{rules.in_zone(slot.starts_at, 'Asia/Shanghai'):%m-%d %H:%M}")
            for slot in event.slots
        ]
        self.table.choices = [SelectChoice(str(number), name) for number, name in enumerate(event.tables)]
        return self

    def to_command(self) -> PlaceMeeting:
        """Return the validated input as a frozen value the service understands."""
        return PlaceMeeting(
            uuid.UUID(self.host_id.data), uuid.UUID(self.guest_id.data), int(self.slot.data), int(self.table.data)
        )


class ProposalForm(Form):
    """Times for a meeting, in the zone that the form names."""

    topic = StringField(_l("What about"), validators=[InputRequired(_l("State what it is about.")), Length(max=200)])
    time_zone = SelectField(
        _l("Time zone"), choices=lambda: _options(labels.ZONES), default="Asia/Shanghai",
        description=_l("The times below are read by the clocks of this place. Both sides see Beijing time, too."),
    )  # fmt: skip
    options = FieldList(
        wtforms.DateTimeLocalField(_l("Begins"), validators=[Optional()]),
        label=_l("Times we propose"),
        min_entries=ENOUGH_FIELDS,
        max_entries=MAX_OPTIONS,
    )
    minutes = SelectField(
        _l("Length"),
        choices=[SelectChoice(str(minutes), f"{minutes} min") for minutes in LENGTHS],
        default="30",
    )
    place = StringField(_l("Venue"), validators=[Length(max=200)])
    video_url = StringField(
        _l("Video link"), validators=[Length(max=500)], render_kw={"inputmode": "url", "placeholder": "https://"}
    )
    message = TextAreaField(_l("A few words for the other side"), validators=[Length(max=500)], render_kw={"rows": 3})

    def to_command(self) -> ProposeMeeting:
        """Return the validated input as a frozen value the service understands; empty times are left out."""
        zone = ZoneInfo(self.time_zone.data)
        times = [entry.data for entry in self.options.entries if entry.data is not None]
        return ProposeMeeting(
            topic=self.topic.data or "",
            options=tuple(time.replace(tzinfo=zone).astimezone(dt.UTC) for time in times),
            minutes=int(self.minutes.data),
            time_zone=self.time_zone.data,
            place=self.place.data or "",
            video_url=self.video_url.data or "",
            message=self.message.data or "",
        )


class OutcomeForm(Form):
    """What came of a meeting."""

    result = RadioField(
        _l("What came of it?"),
        choices=lambda: _options(labels.RESULTS),
        validators=[InputRequired(_l("Choose one."))],
    )
    rating = RadioField(
        _l("How useful was it?"),
        choices=[SelectChoice(str(number), str(number)) for number in range(1, 6)],
        validators=[Optional()],
        description=_l("1: lost time. 5: exactly the right partner."),
    )
    next_step = SelectField(_l("Next step"), choices=lambda: _options(labels.NEXT_STEPS), default="")
    reasons = CheckboxesField(
        _l("What stood in the way?"),
        choices=lambda: _options(labels.REASONS),
        description=_l("Needed when it does not fit or was not held."),
    )
    note = TextAreaField(
        _l("In your own words"),
        validators=[Length(max=1000)],
        render_kw={"rows": 4},
    )

    def to_command(self) -> RecordOutcome:
        """Return the validated input as a frozen value the service understands."""
        return RecordOutcome(
            result=self.result.data,
            rating=int(self.rating.data) if self.rating.data else None,
            next_step=self.next_step.data or "",
            reasons=tuple(self.reasons.data or ()),
            note=self.note.data or "",
        )
