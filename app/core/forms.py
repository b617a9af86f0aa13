"""The base of every form: what people type is trimmed and full-width digits count as digits."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from markupsafe import Markup, escape
from wtforms import widgets
from wtforms.fields import Field, FieldList, FormField
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.fields.simple import FileField, MultipleFileField, PasswordField

if TYPE_CHECKING:
    from app.core.errors import DomainError

csrf = CSRFProtect()
"""The guard of every form; routes that machines call are exempt by name."""
_RAW = (FieldList, FormField, FileField, MultipleFileField, PasswordField)


def clean_text(value: Any) -> Any:
    """Trim a text and drop the control characters that no keyboard makes; keep tabs and line ends."""
    if not isinstance(value, str):
        return value
    return "".join(char for char in value if char in "\t\r\n" or unicodedata.category(char) != "Cc").strip()


def half_width(value: Any) -> Any:
    """Return a text with digits and letters as Chinese keyboards may type them in their plain form."""
    return unicodedata.normalize("NFKC", value) if isinstance(value, str) else value


class _Select(widgets.Select):
    """Draws an option once: a form shows its longest lists again in every row, and thousands of options a page."""

    @classmethod
    def render_option(cls, choice: Choice, **kwargs: Any) -> Markup:
        """Return the markup of an option as its words are in the language of the page."""
        label = choice.label or choice.value
        attributes = {**choice.render_kw, **kwargs} if kwargs else choice.render_kw
        return _option(
            str(choice.value),
            label if type(label) is str else escape(label),
            choice.selected,
            tuple((name, _plain(value)) for name, value in attributes.items()) if attributes else (),
        )


def _plain(value: Any) -> str | bool:
    return value if isinstance(value, bool) else str(value)


# Typed, because markup and a text of the same characters are equal, and only one of them is to be escaped.
@lru_cache(maxsize=8192, typed=True)
def _option(value: str, label: str, is_selected: bool, attributes: tuple[tuple[str, str | bool], ...]) -> Markup:
    return widgets.Select.render_option(Choice(value, label, is_selected, dict(attributes)))


_SELECTS = {is_multiple: _Select(multiple=is_multiple) for is_multiple in (False, True)}


class _CleanMeta:
    def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
        """Draw a field; whatever the class of a select, its options are drawn by ours."""
        if type(field.widget) is widgets.Select:
            field.widget = _SELECTS[field.widget.multiple]
        return super().render_field(field, render_kw)  # type: ignore[misc]  # mixed into a form's settings

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
        """Clean every text on its way in; passwords and files stay as they are."""
        if not issubclass(unbound_field.field_class, _RAW):
            options["filters"] = [clean_text, *unbound_field.kwargs.get("filters", [])]
        return unbound_field.bind(form=form, **options)


class Form(FlaskForm):
    """Shape and wording only; whatever needs a query or the clock belongs to the service."""

    class Meta(_CleanMeta, FlaskForm.Meta):
        """Flask-WTF's settings with clean texts."""

    def show(self, error: DomainError) -> None:
        """Put a refusal of the service beside its field, or on top of the form."""
        message = gettext(error.message)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


class RowForm(wtforms.Form):
    """One row of a repeated group, inside ``FormField``; the outer form carries the CSRF token."""

    class Meta(_CleanMeta, wtforms.Form.Meta):
        """WTForms' settings with clean texts."""


class _FullWidth:
    """Reads １２．５ as 12.5, as Chinese keyboards type it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        folded = [half_width(value).strip() for value in valuelist]
        super().process_formdata(folded)  # type: ignore[misc]  # mixed into a field


class IntegerField(_FullWidth, wtforms.IntegerField):
    """A whole number."""


class DecimalField(_FullWidth, wtforms.DecimalField):
    """A decimal number, shown with the places it has."""

    def __init__(self, *args: Any, places: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, places=places, **kwargs)


class FloatField(_FullWidth, wtforms.FloatField):
    """A measured number, shown as short as it can be written."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.15g}"


class DateField(_FullWidth, wtforms.DateField):
    """A calendar day."""


class HourField(wtforms.SelectField):
    """An hour of the day, or never."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        hours = (SelectChoice(str(hour), f"{hour:02d}:00") for hour in range(24))
        super().__init__(*args, choices=[SelectChoice("", _l("Never")), *hours], coerce=_hour, **kwargs)


def _hour(value: Any) -> int | None:
    return None if value in (None, "", "None") else int(value)
