"""The form of a special day."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import DateField, Form
from app.demands.forms import options


class WorkingDayForm(Form):
    """One day that differs from the week's rule."""

    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose a day."))])
    kind = SelectField(
        _l("On this day offices"), choices=options([("off", _l("rest")), ("work", _l("work (exchanged day)"))])
    )
    note = StringField(
        _l("Notice"),
        validators=[InputRequired(_l("Name the notice that says so.")), Length(max=120)],
        description=_l("Name the notice that says so."),
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed as the service takes it."""
        return {"day": self.day.data, "is_working": self.kind.data == "work", "note": self.note.data or ""}
