"""The forms of the desk: one decision each, and only what its record needs."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.challenges.commands import (
    ConcludeAppraisal,
    GiveReason,
    PanelMember,
    ProposeExtension,
    PublishChallenge,
    Recommend,
)
from app.challenges.forms import BeijingTimeField
from app.challenges.labels import CANCELLATION_REASONS, CHECKLIST, CONCLUSIONS, SUSPENSION_REASONS
from app.core.forms import Form, IntegerField, RowForm
from app.demands import names
from app.demands.forms import BLANK, ReviewForm, options, stated
from app.taxonomy import lists

MAX_EXPERTS, SHOWN_EXPERTS = 15, 3


def _boxes(label: Any, choices: Any = ()) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=options(choices), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


def _reason_text(description: Any = "") -> TextAreaField:
    return TextAreaField(
        _l("Reason"),
        validators=[InputRequired(_l("Give the reason.")), Length(max=1000)],
        render_kw={"rows": 3},
        description=description,
    )


class RecommendForm(ReviewForm):
    """The check list, the rank and the opinion of a prefecture."""

    checklist = _boxes(_l("In order"), CHECKLIST.items())
    rank = IntegerField(
        _l("Rank among those of your city"),
        validators=[Optional(), NumberRange(1, 999)],
        description=_l("1 is what your city wants most. Each rank is given once under a programme."),
    )

    def to_recommendation(self) -> Recommend:
        """Return what was typed as the service takes it."""
        return Recommend(
            opinion=self.opinion.data or "",
            rank=self.rank.data or 0,
            checklist=tuple(self.checklist.data or ()),
            version=self.version.data,
        )


class ExpertRow(RowForm):
    """One expert of an appraisal."""

    name = StringField(_l("Name"), validators=[Length(max=60)])
    organization = StringField(_l("Works for"), validators=[Length(max=120)])
    expertise = StringField(_l("Expertise"), validators=[Length(max=200)])
    is_free_of_conflict = BooleanField(_l("No conflict of interest"))


class PanelForm(Form):
    """The experts who appraise."""

    panel = FieldList(FormField(ExpertRow), label=_l("Experts"), min_entries=SHOWN_EXPERTS, max_entries=MAX_EXPERTS)

    def members(self) -> tuple[PanelMember, ...]:
        """Return the experts that were named; blank rows are left out."""
        return tuple(
            PanelMember(
                row.form.name.data or "",
                row.form.organization.data or "",
                row.form.expertise.data or "",
                is_free_of_conflict=bool(row.form.is_free_of_conflict.data),
            )
            for row in stated(self.panel)
        )


class ConcludeForm(Form):
    """What the experts found."""

    conclusion = SelectField(_l("Conclusion"), choices=[BLANK, *options(CONCLUSIONS.items())], default="")
    duplicate_of = StringField(
        _l("Number of the other challenge"),
        validators=[Length(max=20)],
        description=_l("When it is posted already: CH2026-001. The owner is asked to agree."),
    )
    minutes = TextAreaField(
        _l("Minutes"),
        validators=[InputRequired(_l("Write the minutes in 20 to 4000 characters.")), Length(max=4000)],
        render_kw={"rows": 8},
    )

    def to_command(self) -> ConcludeAppraisal:
        """Return what was typed as the service takes it."""
        return ConcludeAppraisal(
            minutes=self.minutes.data or "",
            conclusion=self.conclusion.data or "",
            duplicate_of=(self.duplicate_of.data or "").upper(),
        )


class PublishForm(ReviewForm):
    """The last look before the list."""

    is_fair = BooleanField(
        _l("I have checked it for fair competition: nothing favours a firm, and every limit has its legal basis.")
    )
    publish_at = BeijingTimeField(
        _l("Publish at"), validators=[Optional()], description=_l("Beijing time. Empty: at once.")
    )

    def to_publication(self) -> PublishChallenge:
        """Return what was typed as the service takes it."""
        return PublishChallenge(
            opinion=self.opinion.data or "",
            is_fair=bool(self.is_fair.data),
            publish_at=self.publish_at.data,
            version=self.version.data,
        )


class ReasonForm(Form):
    """A reason in words."""

    text = _reason_text(_l("Everybody reads it."))

    def to_command(self) -> GiveReason:
        """Return what was typed as the service takes it."""
        code = self._fields.get("reason_code")
        return GiveReason(code.data if code is not None else "", self.text.data or "")


class SuspendForm(ReasonForm):
    """Why the clock is stopped."""

    reason_code = SelectField(_l("Kind of reason"), choices=[BLANK, *options(SUSPENSION_REASONS.items())], default="")


class CancelForm(ReasonForm):
    """Why a running competition ends."""

    reason_code = SelectField(_l("Kind of reason"), choices=[BLANK, *options(CANCELLATION_REASONS.items())], default="")


class ExtendForm(Form):
    """More time for bids."""

    new_deadline_at = BeijingTimeField(_l("New deadline"), validators=[Optional()], description=_l("Beijing time."))
    reason = _reason_text(_l("Everybody reads it."))

    def to_command(self) -> ProposeExtension:
        """Return what was typed as the service takes it."""
        return ProposeExtension(reason=self.reason.data or "", new_deadline_at=self.new_deadline_at.data)


class OutageForm(Form):
    """An outage of the portal over the deadline."""

    outage_from = BeijingTimeField(_l("Portal down from"), validators=[InputRequired(_l("Enter the time."))])
    outage_until = BeijingTimeField(_l("Portal up again at"), validators=[InputRequired(_l("Enter the time."))])
    reason = _reason_text(_l("Everybody reads it."))

    def to_command(self) -> ProposeExtension:
        """Return what was typed as the service takes it."""
        return ProposeExtension(
            reason=self.reason.data or "", outage_from=self.outage_from.data, outage_until=self.outage_until.data
        )


class NoAwardForm(Form):
    """Why a competition ends without an award."""

    reasons = _boxes(_l("Reasons"))
    text = _reason_text(_l("Everybody reads it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons.choices = options(lists.no_award_reasons.choices(names.locale()))


class ReconsiderForm(Form):
    """Why the owner asks once more."""

    opinion = TextAreaField(
        _l("Why it should be looked at once more"),
        validators=[InputRequired(_l("Give the reason.")), Length(max=1000)],
        render_kw={"rows": 4},
    )


class BlankForm(Form):
    """A button alone."""


__all__ = [
    "BlankForm",
    "CancelForm",
    "ConcludeForm",
    "ExtendForm",
    "NoAwardForm",
    "OutageForm",
    "PanelForm",
    "PublishForm",
    "ReasonForm",
    "RecommendForm",
    "ReconsiderForm",
    "ReviewForm",
    "SuspendForm",
]
