"""The forms that ask a firm to take part in a bid, and change what it is asked for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.fields import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.bids.commands import InviteMember
from app.bids.consortium import MAX_PART
from app.core.forms import DecimalField, Form


class PartForm(Form):
    """What a firm of the consortium does, and its share."""

    part = TextAreaField(
        _l("What the firm does"),
        validators=[InputRequired(_l("Say what the firm does.")), Length(max=MAX_PART)],
        render_kw={"rows": 3},
    )
    share = DecimalField(
        _l("Share"),
        validators=[Optional(), NumberRange(0, 99.99, message=_l("A share lies between 0 and 100 per cent."))],
        description=_l("Of the work or the reward, as you have agreed; may stay empty."),
    )

    def to_change(self) -> InviteMember:
        """Return what is changed; the firm stays who it is."""
        return InviteMember(firm="", part=self.part.data or "", share=self.share.data)


class MemberForm(PartForm):
    """A firm with what it does, to be asked."""

    firm = StringField(
        _l("Firm"),
        validators=[InputRequired(_l("State the credit code or the full name.")), Length(max=120)],
        description=_l("Unified social credit code or full registered name. The firm must be verified on this portal."),
    )

    def to_command(self) -> InviteMember:
        """Return what was asked."""
        return InviteMember(firm=self.firm.data or "", part=self.part.data or "", share=self.share.data)
