"""The two small forms of this slice: why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.forms import Form
from app.matchmaking.commands import DeclinePairing, RejectSuggestion
from app.matchmaking.labels import DECLINE_REASONS, REJECT_REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString


def _choices(reasons: Mapping[str, LazyString]) -> list[SelectChoice]:
    return [SelectChoice(code, str(label)) for code, label in reasons.items()]


class RejectForm(Form):
    """Why an administrator keeps a pairing back."""

    reason_code = RadioField(
        _l("Reason"),
        choices=lambda: _choices(REJECT_REASONS),
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
        choices=lambda: _choices(DECLINE_REASONS),
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
