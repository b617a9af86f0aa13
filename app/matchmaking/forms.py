"""The small forms of this slice: why not, and words for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.core.forms import Form, IntegerField
from app.demands import names
from app.demands.forms import parameter_options
from app.matchmaking.categories import is_added_code
from app.matchmaking.commands import AddCategory, DeclinePairing, RejectSuggestion, RenameCategory, SaveLexiconEntry
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


def _keys_field() -> SelectMultipleField:
    return SelectMultipleField(
        _l("Parameters it is specified by"),
        render_kw={"size": 8},
        description=_l("Hold Ctrl to choose several. Leave it empty for those of the category above it."),
    )


class CategoryForm(Form):
    """The names of a category; of a chip category that was added here, its parameters, too."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    zh = StringField(_l("Chinese"), validators=[Length(max=60)])
    en = StringField(_l("English"), validators=[Length(max=60)])
    keys = _keys_field()

    @classmethod
    def for_code(cls, code: str, command: RenameCategory | None = None) -> CategoryForm:
        """Return the form with what was sent, or with what a category is called now."""
        stored = (
            {"zh": command.zh, "en": command.en, "version": command.version, "keys": command.keys} if command else {}
        )
        form = cls(formdata=None, data=stored) if command else cls()
        _offer_keys(form, code, is_offered=is_added_code(code))
        return form

    def to_command(self) -> RenameCategory:
        """Return the validated input as a frozen value the service understands."""
        return RenameCategory(self.zh.data or "", self.en.data or "", self.version.data, _chosen_keys(self))


class NewCategoryForm(Form):
    """A new category of the second level."""

    parent = SelectField(_l("Parent category"), validators=[InputRequired(_l("Choose a category of the first level."))])
    zh = StringField(_l("Chinese"), validators=[InputRequired(_l("Write the name.")), Length(max=60)])
    en = StringField(_l("English"), validators=[InputRequired(_l("Write the name.")), Length(max=60)])
    keys = _keys_field()

    @classmethod
    def of_kind(cls, kind: str, parent: str | None = None) -> NewCategoryForm:
        """Return the form for chips or for end products; with a parent, empty below it, else with what was sent."""
        form = cls() if parent is None else cls(formdata=None, data={"parent": parent})
        codes = lists.terminal_categories if kind == "T" else lists.chip_categories
        tops = codes.choices(names.locale(), level=1)
        form.parent.choices = [SelectChoice("", "—"), *(SelectChoice(code, f"{code} {name}") for code, name in tops)]
        _offer_keys(form, form.parent.data or kind, is_offered=True)
        return form

    def to_command(self) -> AddCategory:
        """Return the validated input as a frozen value the service understands."""
        return AddCategory(self.parent.data, self.zh.data or "", self.en.data or "", _chosen_keys(self))


def _offer_keys(form: CategoryForm | NewCategoryForm, code: str, *, is_offered: bool) -> None:
    """Offer the parameters of chips, those of the category above first; end products have none."""
    if is_offered and code.startswith("C"):
        form.keys.choices = [choice for choice in parameter_options([code[:3]]) if choice.value]
    else:
        del form.keys


def _chosen_keys(form: CategoryForm | NewCategoryForm) -> tuple[str, ...]:
    return tuple(form.keys.data or ()) if "keys" in form else ()


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
