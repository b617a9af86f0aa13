"""What each step of a pairing asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.core.forms import Form, IntegerField, RowForm
from app.matchmaking.commands import TakeStep
from app.matchmaking.labels import DROP_REASONS, NDA_KINDS, SAMPLE_RESULTS, VOLUME_BANDS
from app.matchmaking.workflow import PairingEvent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from flask_babel.speaklater import LazyString


def _choices(names: Mapping[str, LazyString]) -> list[SelectChoice]:
    return [SelectChoice(code, str(label)) for code, label in names.items()]


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


class StepForm(Form):
    """A step that asks for nothing."""

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {}

    def to_command(self, event: PairingEvent) -> TakeStep:
        """Return the validated input as a frozen value the service understands."""
        return TakeStep(event, self.details())


class AgreementForm(StepForm):
    """Which confidentiality agreement, and that the person may sign."""

    kind = RadioField(
        _l("Agreement"),
        choices=lambda: _choices(NDA_KINDS),
        default="template",
        validators=[InputRequired(_l("Choose an agreement."))],
    )
    reference = StringField(
        _l("Title and date of your agreement"),
        validators=[Length(max=200)],
        description=_l("Only for an agreement signed outside of the portal."),
    )
    is_authorised = BooleanField(_l("I may sign this agreement for my company."))

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {
            "kind": self.kind.data,
            "reference": (self.reference.data or "") if self.kind.data == "own" else "",
            "is_authorised": bool(self.is_authorised.data),
        }


class CountersignForm(StepForm):
    """Whoever signs second signs what the first one chose."""

    is_authorised = BooleanField(_l("I may sign this agreement for my company."))

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {"is_authorised": bool(self.is_authorised.data)}


class SampleForm(StepForm):
    """How many pieces, until when, and what for."""

    quantity = IntegerField(_l("Pieces"), validators=[InputRequired(_l("Give the number of pieces."))])
    day = DateField(_l("Needed by"), validators=[Optional()])
    purpose = TextAreaField(
        _l("What it is for"),
        validators=[InputRequired(_l("Say what the sample is for.")), Length(max=500)],
        description=_l("Board, test, conditions; and where the parcel goes to."),
    )

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {"quantity": self.quantity.data, "day": _iso(self.day.data), "purpose": self.purpose.data or ""}


class ShipmentForm(StepForm):
    """What was sent, and whom to call about it."""

    quantity = IntegerField(_l("Pieces"), validators=[InputRequired(_l("Give the number of pieces."))])
    day = DateField(_l("Shipped on"), validators=[InputRequired(_l("Give the day of shipment."))])
    lot = StringField(_l("Lot number"), validators=[InputRequired(_l("Give the lot number.")), Length(max=60)])
    tracking = StringField(_l("Carrier and tracking number"), validators=[Length(max=120)])
    engineer = StringField(
        _l("Field engineer"),
        validators=[InputRequired(_l("Name the field engineer and a telephone number.")), Length(max=120)],
        description=_l("Name and telephone number of whoever helps with the evaluation."),
    )

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {
            "quantity": self.quantity.data,
            "day": _iso(self.day.data),
            "lot": self.lot.data or "",
            "tracking": self.tracking.data or "",
            "engineer": self.engineer.data or "",
        }


class EvaluationForm(StepForm):
    """When the sample arrived and how it is tested."""

    day = DateField(_l("Arrived on"), validators=[InputRequired(_l("Give the day on which the sample arrived."))])
    plan = TextAreaField(
        _l("Plan of the evaluation"),
        validators=[InputRequired(_l("Say in a sentence what is tested, and until when.")), Length(max=1000)],
    )

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {"day": _iso(self.day.data), "plan": self.plan.data or ""}


class ResultRow(RowForm):
    """How the sample did on one requirement."""

    key = StringField(widget=HiddenInput(), validators=[Length(max=120)])
    result = RadioField(choices=lambda: _choices(SAMPLE_RESULTS), default="untested", validators=[Optional()])


class ReportForm(StepForm):
    """How the sample did, requirement by requirement."""

    results = FieldList(FormField(ResultRow), max_entries=60)
    issues = TextAreaField(
        _l("What the evaluation showed"),
        validators=[Length(max=1000)],
        description=_l("Read by the other side."),
    )

    @classmethod
    def of(cls, requirements: Iterable[str]) -> ReportForm:
        """Return an empty report with one row a requirement."""
        return cls(formdata=None, data={"results": [{"key": name} for name in requirements]})

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        rows = [{"name": row.form.key.data, "result": row.form.result.data} for row in self.results]
        return {"results": rows, "issues": self.issues.data or ""}


class VolumeForm(StepForm):
    """The expected volume, as a band."""

    volume = RadioField(
        _l("Expected volume"),
        choices=lambda: _choices(VOLUME_BANDS),
        validators=[InputRequired(_l("Choose a band."))],
        description=_l("Counted by the authority in sums only."),
    )

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {"volume": self.volume.data}


class DropForm(StepForm):
    """Why a company gives a pairing up."""

    reason_code = RadioField(
        _l("Reason"),
        choices=lambda: _choices(DROP_REASONS),
        validators=[InputRequired(_l("Choose a reason."))],
    )
    text = TextAreaField(
        _l("In your own words"),
        validators=[Length(max=500)],
        description=_l("Read by the authority only; the other company sees that you gave up, not why."),
    )

    def details(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {"reason_code": self.reason_code.data, "text": self.text.data or ""}


FORMS: Mapping[PairingEvent, type[StepForm]] = {
    PairingEvent.SIGN_NDA: AgreementForm,
    PairingEvent.DISCLOSE: StepForm,
    PairingEvent.REQUEST_SAMPLE: SampleForm,
    PairingEvent.SHIP_SAMPLE: ShipmentForm,
    PairingEvent.EVALUATE: EvaluationForm,
    PairingEvent.REPORT: ReportForm,
    PairingEvent.DESIGN_IN: VolumeForm,
    PairingEvent.PILOT: VolumeForm,
    PairingEvent.MASS_PRODUCE: VolumeForm,
    PairingEvent.DROP: DropForm,
}
