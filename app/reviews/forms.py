"""The forms of this slice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.accounts.mail import normal_address
from app.core.clock import SHANGHAI
from app.core.forms import DateField, DecimalField, Form, IntegerField, RowForm
from app.demands import names
from app.reviews import labels
from app.reviews.commands import (
    CheckFormat,
    Conclude,
    Declare,
    FormPanel,
    ItemResult,
    SaveExpert,
    SaveOwnProfile,
    SaveReview,
    Score,
    SetDefence,
    Tie,
)
from app.reviews.rules import ITEMS, OK, SUBSTANTIVE, faults
from app.taxonomy import lists
from app.taxonomy.uscc import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.demands.rules import Fault
    from app.reviews.criteria import Criterion, ReviewRules

NOTHING = SelectChoice("", "—")
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.zip"
MAX_TIES = 30


def _chosen(texts: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(code), str(label)) for code, label in texts.items()]


class ChecksField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TieRow(RowForm):
    """A firm and what binds the expert to it."""

    kind = SelectField(_l("Kind"), choices=lambda: _chosen(labels.TIES), default="employer")
    name = StringField(_l("Company"), validators=[Length(max=120)])
    uscc = StringField(_l("Credit code"), validators=[Length(max=18)])
    since = DateField(_l("From"), validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])

    def to_tie(self) -> Tie:
        """Return the row as a plain value."""
        return Tie(
            kind=self.kind.data or "employer",
            name=self.name.data or "",
            uscc=normalise(self.uscc.data or ""),
            since=self.since.data,
            until=self.until.data,
        )


def _ties(entries: Iterable[Any]) -> tuple[Tie, ...]:
    found = (entry.form.to_tie() for entry in entries)
    return tuple(tie for tie in found if tie.name or tie.uscc)


class ProfileForm(Form):
    """What experts say of themselves."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    expertise = TextAreaField(
        _l("Expertise"),
        validators=[InputRequired(_l("Describe the expertise.")), Length(max=4000)],
        render_kw={"rows": 6},
        description=_l("In full sentences: chips, applications, processes, standards. The model reads this."),
    )
    is_available = BooleanField(_l("May be given reviews now"), default=True)
    ties = FieldList(FormField(TieRow), label=_l("Employers and interests"), max_entries=MAX_TIES)

    def to_own(self) -> SaveOwnProfile:
        """Return the validated input as a frozen value the service understands."""
        return SaveOwnProfile(
            self.expertise.data or "", bool(self.is_available.data), _ties(self.ties.entries), self.version.data
        )


def _categories() -> list[SelectChoice]:
    """Return the chip categories, then the terminal categories, each in one group."""
    groups = ((_l("Chip categories"), lists.chip_categories), (_l("Terminal categories"), lists.terminal_categories))
    return [
        SelectChoice(code, name, optgroup=str(group))
        for group, codes in groups
        for code, name in names.second_level(codes)
    ]


class ExpertForm(ProfileForm):
    """The desk's record of an expert."""

    email = StringField(_l("E-mail"), validators=[Length(max=254)])
    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter the name.")), Length(max=60)])
    sides = ChecksField(_l("Kind of expertise"), choices=lambda: _chosen(labels.SIDES))
    categories = SelectMultipleField(
        _l("Categories"), choices=_categories, render_kw={"size": 8}, description=_l("Hold Ctrl to choose several.")
    )
    load_limit = IntegerField(
        _l("Panels at a time"), default=3, validators=[InputRequired(_l("Enter a number.")), NumberRange(0, 20)]
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what is no address."""
        try:
            normal_address(field.data or "")
        except ValueError:
            raise ValidationError(_l("Enter an e-mail address.")) from None

    @classmethod
    def of(cls, content: SaveExpert) -> ExpertForm:
        """Return the form with what is stored."""
        values = {name: getattr(content, name) for name in ("email", "name", "expertise", "load_limit", "version")}
        ties = [tie_values(tie) for tie in content.ties]
        return cls(
            formdata=None, sides=list(content.sides), categories=list(content.categories),
            is_available=content.is_available, ties=ties, **values,
        )  # fmt: skip

    def to_command(self) -> SaveExpert:
        """Return the validated input as a frozen value the service understands."""
        return SaveExpert(
            email=normal_address(self.email.data or ""),
            name=self.name.data or "",
            expertise=self.expertise.data or "",
            sides=tuple(self.sides.data or ()),
            categories=tuple(self.categories.data or ()),
            load_limit=self.load_limit.data or 0,
            is_available=bool(self.is_available.data),
            ties=_ties(self.ties.entries),
            version=self.version.data,
        )


def tie_values(tie: Tie) -> dict[str, Any]:
    """Return a tie as the row of a form takes it."""
    return {"kind": tie.kind, "name": tie.name, "uscc": tie.uscc, "since": tie.since, "until": tie.until}


class ItemRow(RowForm):
    """One line of the checklist."""

    code = HiddenField()
    verdict = RadioField(_l("Judgement"), default="", validators=[Optional()])
    note = StringField(_l("What is wrong"), validators=[Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_substantive = self.code.data in SUBSTANTIVE
        texts = {code: text for code, text in labels.VERDICTS.items() if code != "minor" or not is_substantive}
        self.verdict.choices = _chosen(texts)


class ChecklistForm(Form):
    """The format checklist of one bid."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    items = FieldList(FormField(ItemRow), label=_l("Checklist"))

    @classmethod
    def of(cls, items: Sequence[ItemResult], version: int | None) -> ChecklistForm:
        """Return the form with what is stored."""
        rows = [{"code": item.code, "verdict": item.verdict, "note": item.note} for item in items]
        return cls(formdata=None, items=rows, version=version)

    def to_command(self) -> CheckFormat:
        """Return the input as a frozen value the service understands; what is in order needs no note."""
        rows = [entry.form for entry in self.items.entries]
        told = {row.code.data: (row.verdict.data or "", row.note.data or "") for row in rows}
        items = (ItemResult(code, *told.get(code, ("", ""))) for code in ITEMS)
        kept = tuple(ItemResult(i.code, i.verdict, "" if i.verdict == OK else i.note) for i in items)
        return CheckFormat(kept, self.version.data)


class OpinionForm(Form):
    """The words that go with a decision."""

    opinion = TextAreaField(_l("Opinion"), validators=[Length(max=1000)], render_kw={"rows": 3})


class CorrectionForm(Form):
    """A firm's correction."""

    text = TextAreaField(
        _l("What you correct"),
        validators=[InputRequired(_l("Say what you correct.")), Length(max=2000)],
        render_kw={"rows": 5},
        description=_l("Indicators, prices and plans cannot be changed any more."),
    )
    upload = FileField(
        _l("File"), render_kw={"accept": ACCEPTED}, description=_l("PDF, PNG, JPEG, Word, Excel or ZIP.")
    )


class PanelForm(Form):
    """Who judges, how many, until when."""

    method = RadioField(_l("Who judges"), choices=lambda: _chosen(labels.METHODS), default="panel")
    size = IntegerField(_l("Number of experts"), validators=[Optional()], description=_l("An odd number."))
    due_on = DateField(
        _l("Scores due"), validators=[Optional()], description=_l("Empty: fourteen days after the invitation.")
    )

    def to_command(self) -> FormPanel:
        """Return the validated input as a frozen value the service understands."""
        return FormPanel(self.method.data or "panel", self.size.data or 0, self.due_on.data)


class DeclareForm(Form):
    """The declaration before the first look at a bid."""

    is_pledged = BooleanField(
        _l("I have no conflict of interest with any of these firms, will judge alone and by the criteria only, and "
           "will keep everything I read to myself.")
    )  # fmt: skip
    reason = TextAreaField(_l("What the conflict is"), validators=[Length(max=1000)], render_kw={"rows": 3})

    def to_command(self, *, has_conflict: bool) -> Declare:
        """Return the validated input as a frozen value the service understands."""
        return Declare(has_conflict, self.reason.data or "", bool(self.is_pledged.data))


class ScoreRow(RowForm):
    """Points for one criterion."""

    code = HiddenField()
    value = DecimalField(_l("Points"), validators=[Optional()], render_kw={"step": "0.5", "inputmode": "decimal"})
    comment = TextAreaField(_l("Reasons"), validators=[Length(max=1000)], render_kw={"rows": 2})


class SheetForm(Form):
    """One reviewer's sheet about one bid; one row for each criterion."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    scores = FieldList(FormField(ScoreRow), label=_l("Scores"))
    comment = TextAreaField(_l("Remarks on the whole"), validators=[Length(max=2000)], render_kw={"rows": 3})
    veto = SelectField(
        _l("Veto"),
        choices=lambda: [NOTHING, *_chosen(labels.VETOES)],
        default="",
        description=_l("A bid that more than half of the reviewers veto is out."),
    )
    veto_reason = TextAreaField(_l("Reasons of the veto"), validators=[Length(max=1000)], render_kw={"rows": 2})

    @classmethod
    def of(cls, sheet: SaveReview, criteria: Sequence[Criterion]) -> SheetForm:
        """Return the form with what is stored."""
        rows = []
        for criterion in criteria:
            score = sheet.scores.get(criterion.code, Score())
            rows.append({"code": criterion.code, "value": score.value, "comment": score.comment})
        values = {"comment": sheet.comment, "veto": sheet.veto, "veto_reason": sheet.veto_reason}
        return cls(formdata=None, scores=rows, version=sheet.version, **values)

    def to_command(self) -> SaveReview:
        """Return the input as a frozen value the service understands."""
        rows = [entry.form for entry in self.scores.entries]
        return SaveReview(
            scores={row.code.data: Score(row.value.data, row.comment.data or "") for row in rows},
            comment=self.comment.data or "",
            veto=self.veto.data or "",
            veto_reason=self.veto_reason.data or "",
            version=self.version.data,
        )

    def is_right(self, rules: ReviewRules, *, complete: bool) -> bool:
        """Put every fault beside its field; return whether there is none."""
        found = faults(self.to_command(), rules, complete=complete)
        for fault in found:
            self._place(fault)
        return not found

    def _place(self, fault: Fault) -> None:
        from flask_babel import gettext

        message = gettext(fault.message)
        if fault.row is None or fault.row >= len(self.scores.entries):
            field = self._fields.get(fault.field)
            if field is not None:
                field.errors = [*field.errors, message]
            return
        part = self.scores.entries[fault.row].form._fields[fault.part or "value"]
        part.errors = [*part.errors, message]


class NoteRow(RowForm):
    """What the meeting said about one bid, and the votes it got."""

    entry_id = HiddenField()
    note = TextAreaField(_l("What the discussion came to"), validators=[Length(max=1000)], render_kw={"rows": 2})
    votes = IntegerField(_l("Votes"), validators=[Optional(), NumberRange(0, 25)])


class ConcludeForm(Form):
    """The end of the meeting."""

    rows = FieldList(FormField(NoteRow), label=_l("Bids"))
    minutes = TextAreaField(
        _l("Minutes"),
        validators=[InputRequired(_l("Write the minutes.")), Length(max=8000)],
        render_kw={"rows": 8},
        description=_l("When, where, who, the course of the discussion, dissent."),
    )

    def to_command(self) -> Conclude:
        """Return the validated input as a frozen value the service understands."""
        rows = [entry.form for entry in self.rows.entries]
        return Conclude(
            minutes=self.minutes.data or "",
            notes={uuid.UUID(row.entry_id.data): row.note.data or "" for row in rows},
            votes={uuid.UUID(row.entry_id.data): row.votes.data or 0 for row in rows if row.votes.data},
        )


class DefenceForm(Form):
    """Hour and place of a defence, in Shanghai time."""

    at = DateTimeLocalField(_l("Begins"), validators=[InputRequired(_l("Choose day and hour."))])
    minutes = IntegerField(_l("Minutes"), default=30, validators=[InputRequired(_l("Enter a number."))])
    place = StringField(_l("Place or link"), validators=[InputRequired(_l("Say where.")), Length(max=200)])

    def to_command(self) -> SetDefence:
        """Return the validated input as a frozen value the service understands."""
        return SetDefence(self.at.data.replace(tzinfo=SHANGHAI), self.minutes.data or 0, self.place.data or "")
