"""The form of a product sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalog import codes, labels, proposals, reading, rules
from app.catalog.commands import GROUPS as GROUP_FIELDS
from app.catalog.commands import (
    SCALARS,
    BenchmarkPart,
    ParamInput,
    ProductInput,
    Qualification,
    ReferenceCustomer,
)
from app.core.forms import DecimalField, FloatField, Form, IntegerField, RowForm
from app.taxonomy.fields import UnitField
from app.taxonomy.spoken import value_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from app.catalog.models import ChipProduct
    from app.catalog.proposals import Proposal
    from app.catalog.rules import Problem

NOTHING = SelectChoice("", labels.NOTHING)
USUAL = 10


def _options(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(code), name) for code, name in names.items()]


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [NOTHING, *_options(names)]


def _plain(values: Iterable[str]) -> list[SelectChoice]:
    return [NOTHING, *map(SelectChoice, values)]


def _categories() -> list[SelectChoice]:
    tree = labels.category_tree().items()
    return [NOTHING, *(SelectChoice(code, name, optgroup=top) for top, below in tree for code, name in below)]


def _month(text: str | None) -> str:
    try:
        return reading.month(text) if text else ""
    except ValueError:
        return text or ""


class NumberField(FloatField):
    """A finite measured number, as sheets write it: full-width digits and thousands set apart count."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = None
        if text.strip():
            try:
                self.data = reading.number(text)
            except ValueError:
                raise ValueError(gettext("Enter a number, such as 12.5.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(repr(self.data)).normalize():f}"


class ParamRow(RowForm):
    """One line of the data sheet."""

    key = StringField(_l("Parameter"), [Length(max=40)], render_kw={"list": "parameter-keys"})
    min = NumberField(_l("Min."), [Optional()])
    typ = NumberField(_l("Typ."), [Optional()])
    max = NumberField(_l("Max."), [Optional()])
    unit = UnitField(_l("Unit"), [Length(max=20)], render_kw={"list": "parameter-units"})
    value_text = StringField(_l("Value in words"), [Length(max=300)])
    condition = StringField(_l("Condition"), [Length(max=200)])

    def to_value(self) -> ParamInput:
        key = reading.parameter_key(self.key.data or "")
        return ParamInput(
            key=key,
            min=self.min.data,
            typ=self.typ.data,
            max=self.max.data,
            unit=self.unit.data or "",
            condition=self.condition.data or "",
            value_text=value_of(key, self.value_text.data or ""),
        )


class QualificationRow(RowForm):
    """One standard."""

    standard = StringField(_l("Standard"), [Length(max=60)])
    grade = StringField(_l("Grade"), [Length(max=40)])
    status = SelectField(_l("Status"), choices=_options(labels.QUALIFICATION_STATES), default="none")
    report_no = StringField(_l("Report no."), [Length(max=60)])

    def to_value(self) -> Qualification:
        return Qualification(
            self.standard.data or "", self.grade.data or "", self.status.data, self.report_no.data or ""
        )


class BenchmarkRow(RowForm):
    """One part this product stands in for."""

    maker = StringField(_l("Maker"), [Length(max=60)])
    part = StringField(_l("Part number"), [Length(max=60)])
    relation = SelectField(_l("Replacement"), choices=_options(labels.RELATIONS), default="functional")

    def to_value(self) -> BenchmarkPart:
        return BenchmarkPart(self.maker.data or "", self.part.data or "", self.relation.data)


class ReferenceRow(RowForm):
    """One use in the field."""

    segment = StringField(_l("Application or customer segment"), [Length(max=60)])
    stage = StringField(_l("Stage"), [Length(max=30)])
    consent = BooleanField(_l("May be shown"))

    def to_value(self) -> ReferenceCustomer:
        consent = "Y" if self.consent.data else "N"
        return ReferenceCustomer(self.segment.data or "", self.stage.data or "", consent)


GROUPS = {
    "params": ("min", "typ", "max", "value_text", "condition"),
    "qualifications": ("standard", "grade", "report_no"),
    "benchmark_parts": ("maker", "part"),
    "reference_customers": ("segment", "stage"),
}
"""Groups of rows, and the columns that make a row count as filled: a parameter without any value says nothing."""
PARAM_PARTS = ("min", "typ", "max", "unit", "value_text", "condition")


class ProductForm(Form):
    """A product sheet; ``version`` is the one the person has read."""

    version = HiddenField()
    part_number = StringField(_l("Part number"), [Length(max=60)], render_kw={"autocomplete": "off"})
    category = SelectField(_l("Category"), default="")
    name = StringField(_l("Product name"), [Length(max=120)])
    description = TextAreaField(
        _l("Description"),
        [Length(max=rules.LIMITS["description"])],
        description=_l("What it is for and what sets it apart. Matching reads this text."),
    )
    interfaces = SelectMultipleField(
        _l("Interfaces"),
        choices=[*map(SelectChoice, codes.INTERFACES)],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    package = StringField(_l("Package"), [Length(max=60)], description=_l("For example QFN-32"))
    size_mm = StringField(_l("Size (mm)"), [Length(max=30)], description=_l("Length×width, for example 5.0×5.0"))
    pins = IntegerField(_l("Pins"), [Optional()])
    pin_map = TextAreaField(
        _l("Functions of the pins"),
        [Length(max=rules.LIMITS["pin_map"])],
        description=_l(
            "One pin a line: number, blank, function, such as 1 VCC. EP is the pad below. Substitutes are only "
            "called pin-compatible with certainty where both sheets state them."
        ),
        render_kw={"rows": 6},
    )
    temp_min = NumberField(_l("Lowest operating temperature"), [Optional()])
    temp_max = NumberField(_l("Highest operating temperature"), [Optional()])
    quality_grade = SelectField(_l("Quality grade"), choices=_choices(labels.GRADES), default="")
    functional_safety = SelectField(_l("Functional safety"), choices=_plain(codes.SAFETY_LEVELS), default="")
    lifecycle_stage = SelectField(_l("Life-cycle stage"), choices=_choices(labels.STAGES), default="")
    mp_since = StringField(
        _l("In mass production since"),
        [Length(max=20)],
        filters=[_month],
        description=_l("Year and month, such as 2026-11; needed from mass production on"),
    )
    is_sample_available = SelectField(_l("Samples available"), choices=_choices(labels.ANSWERS), default="")
    process_node_nm = NumberField(_l("Process node"), [Optional()])
    foundry_region = SelectField(_l("Wafer fab"), choices=_choices(labels.REGIONS), default="")
    osat_region = SelectField(_l("Packaging and test"), choices=_choices(labels.REGIONS), default="")
    monthly_capacity_kpcs = SelectField(
        _l("Monthly capacity (thousand pcs)"), choices=_plain(codes.CAPACITY_BANDS), default=""
    )
    lead_time_weeks = IntegerField(_l("Lead time"), [Optional()])
    moq = IntegerField(_l("Minimum order"), [Optional()])
    price_1k_cny = DecimalField(_l("Unit price at 1k"), [Optional()])
    price_10k_cny = DecimalField(_l("Unit price at 10k"), [Optional()])
    price_100k_cny = DecimalField(_l("Unit price at 100k"), [Optional()])
    cumulative_shipment_wan = SelectField(
        _l("Shipped so far (10k pcs)"), choices=_plain(codes.SHIPMENT_BANDS), default=""
    )
    ip_core = SelectField(_l("IP core"), choices=_choices(labels.IP_CORES), default="")
    software = TextAreaField(
        _l("Software and reference designs"),
        [Length(max=rules.LIMITS["software"])],
        description=_l("SDK, operating systems, tools, links"),
    )
    datasheet_url = StringField(_l("Data sheet (web address)"), [Length(max=300)], render_kw={"inputmode": "url"})
    sheet_text = TextAreaField(
        _l("Text of the data sheet"),
        [Length(max=proposals.MAX_TEXT)],
        description=_l(
            "Paste the features and characteristics. What the text states is shown first; only what you tick is taken "
            "over. The text itself is not kept."
        ),
        render_kw={"rows": 8},
    )
    params = FieldList(FormField(ParamRow), _l("Parameters"), max_entries=rules.MAX_PARAMS)
    qualifications = FieldList(FormField(QualificationRow), _l("Qualifications"), max_entries=30)
    benchmark_parts = FieldList(FormField(BenchmarkRow), _l("Comparable parts"), max_entries=30)
    reference_customers = FieldList(FormField(ReferenceRow), _l("In use at"), max_entries=30)

    wants_complete = False
    """Whether gaps are faults, too: set by the route when the sheet is, or shall be, published."""
    is_read = False
    """Whether what the pasted text states is to be shown."""
    n_taken: int | None = None
    """How many statements of the text have just been put in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = _categories()
        for name in rules.COMPLETE:
            self[name].flags.required = True  # the star; a draft may have gaps

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check shapes first, then what the rules of the slice say about the whole."""
        if not super().validate(extra_validators):
            return False
        found = self.problems()
        self.show_problems(found)
        return not found

    def problems(self) -> Sequence[Problem]:
        """Return every rule that what was typed breaks."""
        return rules.problems(self.to_command(), is_complete=self.wants_complete)

    def to_command(self) -> ProductInput:
        """Return the validated input as a frozen value the service understands; blank rows are left out."""
        scalars = ("part_number", "category", "name", "description", "package", "size_mm", "pin_map", "quality_grade",
                   "functional_safety", "lifecycle_stage", "mp_since", "foundry_region", "osat_region",
                   "monthly_capacity_kpcs", "cumulative_shipment_wan", "ip_core", "software",
                   "datasheet_url")  # fmt: skip
        numbers = ("pins", "temp_min", "temp_max", "process_node_nm", "lead_time_weeks", "moq", "price_1k_cny",
                   "price_10k_cny", "price_100k_cny")  # fmt: skip
        values: dict[str, Any] = {name: self[name].data or "" for name in scalars}
        values |= {name: self[name].data for name in numbers}
        values |= {name: tuple(entry.form.to_value() for entry in self._filled(name)) for name in GROUPS}
        return ProductInput(
            **values,
            interfaces=tuple(self.interfaces.data or ()),
            is_sample_available={"yes": True, "no": False}.get(self.is_sample_available.data),
        )

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put every broken rule beside its field, those of rows beside the right cell."""
        for problem in problems:
            field, message = self[problem.field], gettext(problem.message)
            if problem.row is None:
                field.errors = [*field.errors, message]
                continue
            entry = self._filled(problem.field)[problem.row].form
            cell = entry[problem.part]
            cell.errors = [*cell.errors, message]
            field.errors = [*field.errors, entry.errors]

    def add_usual(self) -> None:
        """Add a row for every parameter its category is usually specified by and the form does not name yet."""
        named = {reading.parameter_key(entry.form.key.data or "") for entry in self.params.entries}
        for key in usual_parameters(self.category.data or ""):
            kind = codes.parameter_kind(key)
            if kind and key not in named and len(self.params.entries) < rules.MAX_PARAMS:
                self.params.append_entry({"key": labels.shown_key(key), "unit": kind.unit})

    def proposals(self) -> list[Proposal]:
        """Return what the pasted text states, once the person has asked for it."""
        return proposals.proposals(self) if self.is_read else []

    def edit_rows(self, pressed: MultiDict[str, str]) -> bool:
        """Add, drop or propose rows when one of those buttons was pressed; return whether one was."""
        if "add_usual" in pressed:
            self.add_usual()
            return True
        if "read_text" in pressed:
            self.is_read = True
            return True
        if "take_read" in pressed:
            self.n_taken = proposals.take_over(self, pressed.getlist("read"))
            return True
        for name in GROUPS:
            rows = self[name]
            if f"add_{name}" in pressed and len(rows.entries) < (rows.max_entries or 0):
                rows.append_entry()
                return True
            index = pressed.get(f"remove_{name}", "")
            if index.isdecimal() and int(index) < len(rows.entries):
                self._drop(name, int(index))
                return True
        return False

    def _drop(self, name: str, index: int) -> None:
        rows = self[name]
        kept = [entry.data for number, entry in enumerate(rows.entries) if number != index]
        while rows.entries:
            rows.pop_entry()
        for data in kept:
            rows.append_entry(data)

    def _filled(self, name: str) -> list[FormField]:
        parts = GROUPS[name]
        return [row for row in self[name].entries if any(row.form[part].data not in (None, "") for part in parts)]


def usual_parameters(category: str) -> list[str]:
    """Return the parameters that sheets of a category state, the most telling first; fields of their own left out."""
    fields = codes.parameters_of("")
    return [key for key in codes.parameters_of(category) if key not in fields][:USUAL]


def form_data(product: ChipProduct) -> dict[str, Any]:
    """Return a stored sheet as the form takes it."""
    data: dict[str, Any] = {name: getattr(product, name) for name in (*SCALARS, *GROUP_FIELDS, "interfaces", "version")}
    data["is_sample_available"] = {True: "yes", False: "no", None: ""}[product.is_sample_available]
    data["params"] = [
        {
            "key": labels.shown_key(row.key),
            **{part: getattr(row, part) for part in PARAM_PARTS},
            "value_text": words_of(row.key, row.value_text),
        }
        for row in product.params
    ]
    data["reference_customers"] = [
        {**entry, "consent": entry.get("consent") == "Y"} for entry in product.reference_customers
    ]
    return data
