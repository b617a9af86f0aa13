"""Forms of the decision: proposal, confirmation, objection and what the authority says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.fields import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.awards import labels
from app.awards.commands import DecideObjection, FileObjection, Outcome, ProposeAward, Remedy, Verdict
from app.core.forms import Form, RowForm
from app.core.identifiers import parse_uuid
from app.demands.forms import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.awards.queries.views import AwardPage, RankedBid

REASON = {"rows": 2}


class VerdictForm(RowForm):
    """What becomes of one ranked bid."""

    bid_id = HiddenField()
    outcome = SelectField(_l("Outcome"), choices=options(labels.OUTCOMES.items()))
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=1000)], render_kw=REASON)


class ProposeForm(Form):
    """A proposal of award."""

    verdicts = FieldList(FormField(VerdictForm))
    reasons = TextAreaField(
        _l("Reasons of the proposal"),
        validators=[InputRequired(_l("State the reasons of the proposal.")), Length(max=2000)],
        description=_l("What decided: indicators, approach, supply. The authority reads it."),
        render_kw={"rows": 5},
    )

    def begin(self, ranking: Iterable[RankedBid], *, award_count: int) -> None:
        """Fill an empty form with what the ranking suggests."""
        n_left = award_count
        for line in ranking:
            outcome = Outcome.NOT_SELECTED
            if line.is_passing:
                outcome = Outcome.SELECTED if n_left > 0 else Outcome.RESERVE
                n_left -= 1
            self.verdicts.append_entry({"bid_id": str(line.bid_id), "outcome": outcome, "reason": ""})

    def lines(self, page: AwardPage) -> list[tuple[RankedBid, FormField]]:
        """Return each row with the bid it is about; rows of unknown bids are left out."""
        bids = {str(line.bid_id): line for line in page.ranking}
        return [(bids[row.form.bid_id.data], row) for row in self.verdicts if row.form.bid_id.data in bids]

    def to_command(self) -> ProposeAward:
        """Return the proposal; a row that names no bid is refused by the service as incomplete."""
        return ProposeAward(
            verdicts=tuple(
                Verdict(bid_id, Outcome(row.form.outcome.data), row.form.reason.data or "")
                for row in self.verdicts
                if (bid_id := parse_uuid(row.form.bid_id.data)) is not None
            ),
            reasons=self.reasons.data or "",
        )


class OpinionForm(Form):
    """What the second person says of a proposal."""

    opinion = TextAreaField(
        _l("Opinion"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Required when you return the proposal; the proposer reads it."),
        render_kw={"rows": 4},
    )


class ObjectionForm(Form):
    """A real-name objection with its evidence."""

    ground = SelectField(_l("What you object to"), choices=options([("", _l("Choose")), *labels.GROUNDS.items()]))
    bid_id = SelectField(_l("Firm it is about"), validate_choice=False, choices=[])
    text = TextAreaField(
        _l("Facts and grounds"),
        validators=[InputRequired(_l("State facts and grounds.")), Length(max=5000)],
        description=_l("What happened, which rule it breaks, and how the evidence shows it."),
        render_kw={"rows": 8},
    )
    contact_name = StringField(
        _l("Name of the person to ask"), validators=[InputRequired(_l("State who can be asked.")), Length(max=60)]
    )
    contact_phone = StringField(
        _l("Telephone"), validators=[InputRequired(_l("State a telephone number.")), Length(max=30)]
    )
    evidence = MultipleFileField(
        _l("Evidence"), description=_l("PDF, pictures, Word, Excel or ZIP; at most five files.")
    )

    def offer(self, firms: Iterable[tuple[str, str]]) -> None:
        """Let the objection be about one of these firms (id, name) or about the notice as a whole."""
        self.bid_id.choices = options([("", _l("The notice as a whole")), *firms])

    def to_command(self) -> FileObjection:
        return FileObjection(
            ground=self.ground.data or "",
            text=self.text.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            bid_id=parse_uuid(self.bid_id.data),
        )


class DecisionForm(Form):
    """What the authority decides about an objection."""

    remedy = SelectField(
        _l("What follows when it is upheld"),
        default="",
        choices=options([("", _l("Nothing chosen")), *labels.REMEDIES.items()]),
    )
    decision = TextAreaField(
        _l("Decision and its reasons"),
        validators=[InputRequired(_l("Give the reasons; the objector reads them.")), Length(max=3000)],
        render_kw={"rows": 6},
    )

    def to_command(self) -> DecideObjection:
        return DecideObjection(
            decision=self.decision.data or "", remedy=Remedy(self.remedy.data) if self.remedy.data else None
        )


class AgainForm(Form):
    """Why a dismissed objection should be looked at again."""

    text = TextAreaField(
        _l("What was overlooked"),
        validators=[InputRequired(_l("Say what was overlooked.")), Length(max=3000)],
        render_kw={"rows": 5},
    )
