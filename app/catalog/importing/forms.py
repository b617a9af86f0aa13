"""The forms of the import wizard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from app.catalog.importing import labels, layout
from app.catalog.importing.judge import TakeOver
from app.catalog.importing.source import address
from app.catalog.importing.survey import Mapping
from app.core.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.catalog.importing.layout import Column
    from app.catalog.importing.survey import Survey, Table


class UploadForm(Form):
    """The file to be imported."""

    file = FileField(
        _l("Excel or CSV file"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("Excel (.xlsx) or text (.csv in UTF-8 or GB18030), at most 30 MB and 20,000 products."),
    )


class CommitForm(Form):
    """How to take a file over."""

    is_repaired = BooleanField(_l("Also take over the rows whose corrections are offered, with these corrections"))
    is_published = BooleanField(_l("Publish what is complete at once"))

    def to_command(self) -> TakeOver:
        """Return the choice as a frozen value."""
        return TakeOver(is_repaired=bool(self.is_repaired.data), is_published=bool(self.is_published.data))


class MappingForm(Form):
    """One select for each column of a file; made for the file by ``mapping_form``."""

    def rows_of(self, table: str) -> list[SelectField]:
        """Return the selects of a table in the order of its columns."""
        return [field for name, field in self._fields.items() if name.startswith(f"{table}_")]

    def to_mapping(self) -> Mapping:
        """Return what each column was said to mean."""
        products, params = (tuple(field.data or "" for field in self.rows_of(name)) for name in ("products", "params"))
        return Mapping(products, params)


def mapping_form(survey: Survey, mapping: Mapping) -> MappingForm:
    """Return the form of a file, filled with what the columns are taken to mean."""
    fields = _selects("products", survey.products, survey.columns, mapping.products)
    if survey.params:
        fields |= _selects("params", survey.params, layout.PARAM_COLUMNS, mapping.params)
    form: MappingForm = type("FileMappingForm", (MappingForm,), fields)()
    return form


def _selects(name: str, table: Table, columns: Sequence[Column], keys: Sequence[str]) -> dict[str, Any]:
    known = [SelectChoice(column.key, labels.FIELDS[column.key]) for column in columns if column.key]
    choices = [SelectChoice("", _l("Do not take over")), *known]
    return {
        f"{name}_{place}": SelectField(title or address(table.header_row, place), choices=choices, default=key)
        for place, (title, key) in enumerate(zip(table.titles, keys, strict=True))
    }
