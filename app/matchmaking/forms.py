"""The small forms of this slice: why not, and words for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.core.forms import Form, IntegerField
from app.demands import names
from app.matchmaking.commands import DeclinePairing, RejectSuggestion, RenameCategory, SaveLexiconEntry
from app.matchmaking.labels import DECLINE_REASONS, REJECT_REASONS
from app.matchmaking.words import split_forms
from app.taxonomy import lists

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


def _categories() -> list[SelectChoice]:
    """Return the chip categories, then the terminal categories, each in one group."""
    groups = ((_l("Chip categories"), lists.chip_categories), (_l("Terminal categories"), lists.terminal_categories))
    pairs = ((str(group), code, name) for group, codes in groups for code, name in names.second_level(codes))
    return [SelectChoice("", "—"), *(SelectChoice(code, name, optgroup=group) for group, code, name in pairs)]


class LexiconForm(Form):
    """Words that mean the same, or that point to a category."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    zh = TextAreaField(
        _l("Chinese"),
        validators=[Length(max=800)],
        render_kw={"rows": 4},
        description=_l("One word or phrase a line. What a maker of end products says, for example 还有电就关机."),
    )
    en = TextAreaField(
        _l("English"),
        validators=[Length(max=800)],
        render_kw={"rows": 4},
        description=_l("One word or phrase a line, as data sheets write it, abbreviations too."),
    )
    code = SelectField(
        _l("Category"),
        choices=_categories,
        default="",
        description=_l("What somebody who says this is looking for. Leave it empty for a mere translation."),
    )

    @classmethod
    def of(cls, entry: SaveLexiconEntry) -> LexiconForm:
        """Return the form with what an entry says now."""
        stored = {"zh": "\n".join(entry.zh), "en": "\n".join(entry.en), "code": entry.code}
        return cls(formdata=None, data={**stored, "version": entry.version})

    @classmethod
    def about(cls, code: str) -> LexiconForm:
        """Return an empty form for words of a category."""
        return cls(formdata=None, data={"code": code})

    def to_command(self) -> SaveLexiconEntry:
        """Return the validated input as a frozen value the service understands."""
        return SaveLexiconEntry(
            zh=split_forms(self.zh.data or ""),
            en=split_forms(self.en.data or ""),
            code=self.code.data or "",
            version=self.version.data,
        )


class CategoryForm(Form):
    """The names of a category."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    zh = StringField(_l("Chinese"), validators=[Length(max=60)])
    en = StringField(_l("English"), validators=[Length(max=60)])

    @classmethod
    def of(cls, command: RenameCategory) -> CategoryForm:
        """Return the form with the names as they are now."""
        return cls(formdata=None, data={"zh": command.zh, "en": command.en, "version": command.version})

    def to_command(self) -> RenameCategory:
        """Return the validated input as a frozen value the service understands."""
        return RenameCategory(self.zh.data or "", self.en.data or "", self.version.data)


class MergeForm(Form):
    """Which category takes the place of another."""

    into = SelectField(_l("Category that takes its place"), validators=[InputRequired(_l("Choose a category."))])

    @classmethod
    def for_code(cls, code: str, *, is_empty: bool = False) -> MergeForm:
        """Return the form with every category that may take the place of ``code``."""
        form = cls(formdata=None) if is_empty else cls()
        codes = lists.terminal_categories if code.startswith("T") else lists.chip_categories
        pairs = [pair for pair in names.second_level(codes) if pair[0] != code]
        form.into.choices = [SelectChoice("", "—"), *(SelectChoice(*pair) for pair in pairs)]
        return form
