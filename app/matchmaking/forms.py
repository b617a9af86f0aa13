"""The two small forms of this slice: why not."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form
from app.matchmaking.commands import DeclinePairing, RejectSuggestion
from app.matchmaking.labels import DECLINE_REASONS, REJECT_REASONS


class RejectForm(Form):
    """Why an administrator keeps a pairing back."""

    reason_code = RadioField(
        _l("Reason"),
        choices=list(REJECT_REASONS.items()),
        validators=[InputRequired(_l("Choose a reason."))],
    )
    reason = TextAreaField(_l("In your own words"), validators=[Length(max=500)])

    def to_command(self) -> RejectSuggestion:
        """Return the validated input as a frozen value the service understands."""
        return RejectSuggestion(reason_code=self.reason_code.data, reason=self.reason.data or "")


class DeclineForm(Form):
    """Why a company does not want a pairing."""

    reason_code = RadioField(
        _l("Reason"),
        choices=list(DECLINE_REASONS.items()),
        validators=[InputRequired(_l("Choose a reason."))],
    )
    text = TextAreaField(
        _l("In your own words"),
        validators=[Length(max=500)],
        description=_l("Read by the authority only; the other company sees that you declined, not why."),
    )

    def to_command(self) -> DeclinePairing:
        """Return the validated input as a frozen value the service understands."""
        return DeclinePairing(reason_code=self.reason_code.data, text=self.text.data or "")
