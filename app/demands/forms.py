"""The forms of this slice."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
from wtforms.widgets import HiddenInput

from app.compliance import Asked
from app.compliance.requirements import normal_unit, normal_value
from app.core.forms import DateField, DecimalField, FloatField, Form, IntegerField, RowForm
from app.demands import names, reading
from app.demands.commands import ReviewPosting, SaveNeed
from app.demands.labels import CURRENT_SUPPLY, OPERATORS, URGENCY
from app.demands.rules import MIN_PARAMS, Fault, faults
from app.taxonomy import lists
from app.taxonomy.fields import UnitField
from app.taxonomy.spoken import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wtforms import Field

MAX_PARAMS, MAX_CATEGORIES = 40, 5
BLANK = SelectChoice("", "—")
NEEDED = ("title", "terminal_category", "end_product", "use_description", "quality_grade", "temp_min", "temp_max",
          "annual_volume_kpcs", "sample_by", "sop_on")  # fmt: skip
"""Fields that may be empty in a draft and nowhere else."""
USUAL = _l("Usual for the chip category")


@cache
def _parameter_names(locale: str) -> dict[str, str]:
    return dict(lists.parameter_choices(locale))


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return (value, label) pairs as a select takes them."""
    return [SelectChoice(str(value), label) for value, label in pairs]


def chip_options() -> list[SelectChoice]:
    """Return the chip categories, each with the parameters it is usually specified by for the page's script."""
    codes = names.second_level(lists.chip_categories)
    usual = {code: {"data-usual": " ".join(lists.parameters_of(code))} for code, _ in codes}
    return [BLANK, *(SelectChoice(code, name, usual[code]) for code, name in codes)]


def parameter_options(categories: Iterable[str] = ()) -> list[SelectChoice]:
    """Return the parameters in two groups: those usual for the chip categories, then all others."""
    known = _parameter_names(names.locale())
    usual = dict.fromkeys(key for code in categories for key in lists.parameters_of(code) if key in known)
    first = [SelectChoice(key, known[key], optgroup=str(USUAL)) for key in usual]
    others = gettext("Other parameters")
    return [BLANK, *first, *(SelectChoice(key, known[key], optgroup=others) for key in known if key not in usual)]


def finite(form: Any, field: Field) -> None:
    """Refuse NaN and infinity, which no column can hold."""
    number = field.data
    if number is not None and not Decimal(str(number)).is_finite():
        raise StopValidation(gettext("Enter a number."))


class ParamRow(RowForm):
    """One requirement."""

    key = SelectField(
        _l("Parameter"),
        choices=parameter_options,
        default="",
        render_kw={"data-parameters": "categories", "data-usual-label": USUAL},
    )
    op = SelectField(_l("Comparison"), choices=options(OPERATORS.items()), default=">=")
    value = StringField(
        _l("Value"), validators=[Length(max=120)], render_kw={"placeholder": "12.5 · -40~85 · UART|SPI"}
    )
    unit = UnitField(_l("Unit"), validators=[Length(max=20)], render_kw={"list": "units", "autocomplete": "off"})
    level = SelectField(_l("Kind"), choices=options((("must", _l("must")), ("wish", _l("wish")))), default="must")
    condition = StringField(_l("Condition"), validators=[Length(max=200)], render_kw={"placeholder": "25 ℃"})

    def to_asked(self) -> Asked:
        """Return the row in the form in which it is stored and judged."""
        key = self.key.data or ""
        return Asked(
            key=key,
            op=self.op.data,
            value=normal_value(self.value.data or "", key),
            unit=normal_unit(self.unit.data or "", key),
            is_must=self.level.data == "must",
            condition=self.condition.data or "",
        )


class ParamRows(FieldList):
    """Requirements, each with the parameters in the order that the form's chip categories ask for."""

    ordered: list[SelectChoice] | None = None

    def append_entry(self, data: Any = unset_value) -> Any:
        entry = super().append_entry(data)
        if self.ordered is not None:
            entry.form.key.choices = self.ordered
        return entry

    def order(self, categories: Iterable[str]) -> None:
        """Put the parameters usual for these chip categories first, in rows of now and later."""
        self.ordered = parameter_options(categories)
        for entry in self.entries:
            entry.form.key.choices = self.ordered


class NeedForm(Form):
    """A need; a challenge adds its own block."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    title = StringField(
        _l("Title"),
        validators=[Length(max=60)],
        description=_l("8 to 60 characters: the chip and what it is for, not a brand."),
    )
    is_owner_shown = BooleanField(
        _l("Show our company's name to everybody"),
        default=True,
        description=_l("Otherwise the public sees only city and industry."),
    )
    terminal_category = SelectField(_l("Goes into"), default="")
    end_product = StringField(_l("End product"), validators=[Length(max=120)])
    subsystem = StringField(_l("Subsystem"), validators=[Length(max=120)])
    categories = FieldList(
        SelectField(_l("Chip category"), choices=chip_options, default=""),
        label=_l("Chip categories"),
        min_entries=1,
        max_entries=MAX_CATEGORIES,
    )
    use_description = TextAreaField(_l("Use"), validators=[Length(max=800)], render_kw={"rows": 5})
    params = ParamRows(FormField(ParamRow), label=_l("Requirements"), min_entries=MIN_PARAMS, max_entries=MAX_PARAMS)
    quality_grade = SelectField(_l("Quality grade"), default="")
    temp_min = FloatField(_l("Lowest ambient temperature"), validators=[Optional(), finite, NumberRange(-273, 500)])
    temp_max = FloatField(_l("Highest ambient temperature"), validators=[Optional(), finite, NumberRange(-273, 500)])
    qual_standards = StringField(
        _l("Qualification standards"),
        validators=[Length(max=300)],
        description=_l("Separate several by semicolons: AEC-Q100 G2; ISO 26262"),
    )
    package_pref = StringField(_l("Preferred package"), validators=[Length(max=120)])
    pin_compat_with = StringField(_l("Part in use or to replace"), validators=[Length(max=120)])
    annual_volume_kpcs = IntegerField(
        _l("Yearly volume"),
        validators=[Optional(), NumberRange(1, 10_000_000)],
        description=_l("Verified companies see a band only."),
    )
    target_price_cny = DecimalField(_l("Target price"), validators=[Optional(), finite, NumberRange(0, 1_000_000)])
    sample_by = DateField(_l("Samples needed by"), validators=[Optional()])
    sop_on = DateField(_l("Start of production"), validators=[Optional()])
    current_supply = SelectField(_l("Supply today"), choices=[BLANK, *options(CURRENT_SUPPLY.items())], default="")
    urgency = SelectField(
        _l("Supply risk"),
        choices=[BLANK, *options(URGENCY.items())],
        default="",
    )
    software_needs = TextAreaField(_l("Software needs"), validators=[Length(max=500)], render_kw={"rows": 3})

    wants_complete = False
    """Whether gaps are faults, too: set by the route when the button says submit."""
    n_read: int | None = None
    """How many requirements have just been read out of the text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.order([entry.data for entry in self.categories.entries if entry.data])
        for name in NEEDED:
            self._fields[name].flags.required = True
        self.terminal_category.choices = [BLANK, *options(names.second_level(lists.terminal_categories))]
        self.quality_grade.choices = [BLANK, *options(lists.quality_grades.choices(names.locale()))]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check shapes first, then what the rules of the slice say about the whole."""
        if not super().validate(extra_validators):
            return False
        found = self.find_faults()
        self.show_faults(found)
        return not found

    def take_version(self, version: int | None) -> None:
        """Let the next save overwrite the current version, once its writer has been told of it."""
        self.version.data, self.version.raw_data = version, None

    def find_faults(self) -> Sequence[Fault]:
        return faults(self.to_command(), complete=self.wants_complete)

    def show_faults(self, found: Iterable[Fault]) -> None:
        """Put every message beside its field or cell."""
        for fault in found:
            field = self._fields[fault.field]
            message = gettext(fault.message)
            if fault.row is None:
                field.errors = [*field.errors, message]
                continue
            entry = stated(field)[fault.row]
            cell = entry.form._fields[fault.part]
            cell.errors = [*cell.errors, message]
            field.errors = [*field.errors, entry.form.errors]

    def to_command(self) -> SaveNeed:
        """Return what was typed as a frozen value the service understands; blank rows are left out."""
        standards = (self.qual_standards.data or "").replace("；", ";").split(";")
        return SaveNeed(
            title=self.title.data or "",
            is_owner_shown=self.is_owner_shown.data,
            terminal_category=self.terminal_category.data or "",
            end_product=self.end_product.data or "",
            subsystem=self.subsystem.data or "",
            categories=tuple(dict.fromkeys(entry.data for entry in self.categories.entries if entry.data)),
            use_description=self.use_description.data or "",
            params=tuple(entry.form.to_asked() for entry in stated(self.params)),
            quality_grade=self.quality_grade.data or "",
            temp_min=self.temp_min.data,
            temp_max=self.temp_max.data,
            qual_standards=tuple(filter(None, (standard.strip() for standard in standards))),
            package_pref=self.package_pref.data or "",
            pin_compat_with=self.pin_compat_with.data or "",
            annual_volume_kpcs=self.annual_volume_kpcs.data,
            target_price_cny=self.target_price_cny.data,
            sample_by=self.sample_by.data,
            sop_on=self.sop_on.data,
            current_supply=self.current_supply.data or "",
            urgency=int(self.urgency.data) if self.urgency.data else None,
            software_needs=self.software_needs.data or "",
            version=self.version.data,
        )


class ReviewForm(Form):
    """What the authority says about a posting."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    opinion = TextAreaField(
        _l("Opinion"),
        validators=[InputRequired(_l("State your opinion; the company reads it.")), Length(max=1000)],
        render_kw={"rows": 5},
        description=_l("Real need, measurable, funded, no state secret, not tailored to one firm: what did you find?"),
    )

    def take_version(self, version: int) -> None:
        """Let the next decision be about the version that the page shows."""
        self.version.data, self.version.raw_data = version, None

    def to_command(self) -> ReviewPosting:
        return ReviewPosting(opinion=self.opinion.data or "", version=self.version.data)


def stated(rows: FieldList) -> list[Any]:
    """Return the entries of a repeated group that somebody filled in at least in part."""
    return [entry for entry in rows.entries if any(_typed(part) for part in entry.form)]


def _typed(part: Field) -> bool:
    """Return whether a cell holds more than the default it comes with; hidden ones are not typed at all."""
    if isinstance(part, HiddenField):
        return False
    if isinstance(part, SelectField | BooleanField) and part.data in (part.default, None, False):
        return False
    return part.data not in (None, "")


def change_rows(form: Form, typed: Mapping[str, str]) -> bool:
    """Add or drop the rows that a button without JavaScript asks for; return whether one did."""
    if "read_requirements" in typed and isinstance(form, NeedForm):
        form.n_read = reading.take_over(form)
        return True
    for name, field in form._fields.items():
        if not isinstance(field, FieldList):
            continue
        if f"add_{name}" in typed and not (field.max_entries and len(field.entries) >= field.max_entries):
            field.append_entry()
            return True
        index = typed.get(f"remove_{name}", "")
        if index in map(str, range(len(field.entries))):
            kept = [entry.data for position, entry in enumerate(field.entries) if position != int(index)]
            while field.entries:
                field.pop_entry()
            for data in kept:
                field.append_entry(data)
            return True
    return False


def initial(command: SaveNeed) -> dict[str, Any]:
    """Return what the form shows of a stored need."""
    return {
        **{name: getattr(command, name) for name in SaveNeed.__dataclass_fields__},
        "urgency": str(command.urgency or ""),
        "qual_standards": "; ".join(command.qual_standards),
        "categories": list(command.categories) or [""],
        "params": [
            {"key": row.key, "op": row.op, "value": words_of(row.key, row.value), "unit": row.unit,
             "condition": row.condition, "level": "must" if row.is_must else "wish"}
            for row in command.params
        ],
    }  # fmt: skip


__all__ = ["BLANK", "NeedForm", "ReviewForm", "change_rows", "finite", "initial", "options", "stated"]
