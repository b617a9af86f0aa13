"""The form with which officers declare an interest."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts import labels
from app.accounts.commands import DeclareInterest, InterestKind
from app.core.forms import Form

_KINDS = [SelectChoice(kind.value, label) for kind, label in labels.INTERESTS.items()]


class InterestForm(Form):
    """An interest in a company."""

    company = StringField(
        _l("Company"),
        validators=[InputRequired(_l("Name the company.")), Length(max=120)],
        description=_l("Full name as registered, or the 18 characters of its credit code."),
    )
    kind = SelectField(_l("Interest"), choices=_KINDS)
    reason = TextAreaField(
        _l("What ties you to it"),
        validators=[InputRequired(_l("Say what the interest is.")), Length(max=500)],
        description=_l("The supervisor reads it on the audit trail; companies do not."),
        render_kw={"rows": 3},
    )

    def to_command(self) -> DeclareInterest:
        """Return what is declared."""
        return DeclareInterest(
            company=self.company.data or "", kind=InterestKind(self.kind.data), reason=self.reason.data or ""
        )
