"""The forms of this slice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FileField, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.bids.commands import Commitment, Milestone, SaveBid
from app.bids.labels import READINESS
from app.bids.people_forms import PeopleFields, initial_people
from app.bids.rules import MAX_MILESTONES, MAX_WAN, faults
from app.compliance.requirements import normal_unit, normal_value
from app.core.forms import DecimalField, Form, IntegerField, RowForm
from app.demands.forms import finite, stated
from app.taxonomy.fields import UnitField
from app.taxonomy.spoken import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.bids.frame import Frame, Indicator
    from app.demands.rules import Fault

NOTHING = SelectChoice("", "—")
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.zip"


class CommitmentRow(RowForm):
    """What is promised for one indicator."""

    kpi_id = HiddenField()
    committed = StringField(_l("Commitment"), validators=[Length(max=120)])
    unit = UnitField(_l("Unit"), validators=[Length(max=20)], render_kw={"list": "units", "autocomplete": "off"})
    measured = StringField(_l("Measured today"), validators=[Length(max=120)])
    evidence = TextAreaField(_l("Evidence"), validators=[Length(max=500)], render_kw={"rows": 1})
    risk = TextAreaField(_l("Risk"), validators=[Length(max=500)], render_kw={"rows": 1})

    def to_commitment(self, indicator: Indicator) -> Commitment:
        """Return the row in the form in which it is stored and judged."""
        return Commitment(
            kpi_id=indicator.id,
            committed=normal_value(self.committed.data or "", indicator.param_key),
            unit=normal_unit(self.unit.data or ""),
            measured=normal_value(self.measured.data or ""),
            evidence=self.evidence.data or "",
            risk=self.risk.data or "",
        )


class MilestoneRow(RowForm):
    """One step of the plan."""

    month = IntegerField(_l("Month"), validators=[Optional()])
    deliverable = StringField(_l("Deliverable"), validators=[Length(max=200)])
    kpi_codes = StringField(_l("Indicators"), validators=[Length(max=120)], render_kw={"placeholder": "K01 K02"})
    percent = IntegerField(_l("Share of price, %"), validators=[Optional()])

    def to_milestone(self) -> Milestone:
        """Return the row as a plain value; codes may stand apart by blanks, commas or semicolons."""
        codes = normal_value(self.kpi_codes.data or "").upper()
        for separator in ",;、，；":
            codes = codes.replace(separator, " ")
        return Milestone(
            month=self.month.data,
            deliverable=self.deliverable.data or "",
            percent=self.percent.data,
            kpi_codes=tuple(dict.fromkeys(codes.split())),
        )


class BidForm(PeopleFields, Form):
    """A bid; one row for each indicator of its challenge, in the challenge's order."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    project_name = StringField(_l("Project name"), validators=[Length(max=120)])
    product_id = SelectField(
        _l("Product it builds on"),
        default="",
        description=_l("One of your published products; its sheet can fill in commitments below."),
    )
    tech_readiness = SelectField(
        _l("Technology readiness"),
        choices=[NOTHING, *(SelectChoice(str(level), label) for level, label in READINESS.items())],
        default="",
    )
    approach = TextAreaField(
        _l("How you will solve it"),
        validators=[Length(max=5000)],
        render_kw={"rows": 10},
        description=_l("Architecture, process, qualification, and what you have already."),
    )
    supply_plan = TextAreaField(
        _l("Supply"),
        validators=[Length(max=3000)],
        render_kw={"rows": 4},
        description=_l("Capacity, lead time, price at volume, second source, notice of changes and end of life."),
    )
    ip_statement = TextAreaField(
        _l("Intellectual property"),
        validators=[Length(max=3000)],
        render_kw={"rows": 4},
        description=_l("What you know about rights of others, and which rights of yours you bring."),
    )
    commitments = FieldList(FormField(CommitmentRow), label=_l("Commitments"))
    milestones = FieldList(FormField(MilestoneRow), label=_l("Milestones"), max_entries=MAX_MILESTONES)
    price_total_wan = DecimalField(_l("Total price"), validators=[Optional(), finite, NumberRange(0, MAX_WAN)])
    self_funding_wan = DecimalField(_l("Own funds"), validators=[Optional(), finite, NumberRange(0, MAX_WAN)])
    price_breakdown = TextAreaField(
        _l("What the price is made of"),
        validators=[Length(max=3000)],
        render_kw={"rows": 4},
        description=_l("Material, masks, tests, working time; and what a piece costs at volume."),
    )
    is_price_file = BooleanField(_l("The file belongs to the price envelope"))
    upload = FileField(
        _l("File"),
        validators=[],
        render_kw={"accept": ACCEPTED},
        description=_l("PDF, PNG, JPEG, Word, Excel or ZIP."),
    )
    is_pledged = BooleanField(
        _l("We pledge that everything above is true, that we have not applied elsewhere for the same thing, and that "
           "we will deliver what we commit to.")
    )  # fmt: skip

    wants_complete = False
    """Whether gaps are faults, too: set by the route when the button says submit."""

    def __init__(self, frame: Frame, products: Iterable[tuple[uuid.UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frame = frame
        self.product_id.choices = [NOTHING, *(SelectChoice(str(product_id), label) for product_id, label in products)]
        if self.product_id.data not in {choice.value for choice in self.product_id.choices}:
            self.product_id.data = ""  # unpublished since
        self._rows = self._row_of_each_indicator()

    def _row_of_each_indicator(self) -> list[Any]:
        """Return the entries in the order of the indicators; what the browser left out is empty."""
        sent = {entry.form.kpi_id.data: entry for entry in self.commitments.entries}
        missing = [one for one in self.frame.indicators if str(one.id) not in sent]
        for indicator in missing:
            sent[str(indicator.id)] = self.commitments.append_entry(
                {"kpi_id": str(indicator.id), "unit": indicator.unit}
            )
        return [sent[str(indicator.id)] for indicator in self.frame.indicators]

    def rows(self) -> list[tuple[Indicator, Any]]:
        """Return every indicator with its row of the form."""
        return [(indicator, entry.form) for indicator, entry in zip(self.frame.indicators, self._rows, strict=True)]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check shapes first, then what the rules of the slice say about the whole."""
        if not super().validate(extra_validators):
            return False
        found = self.find_faults()
        self.show_faults(found)
        return not found

    def find_faults(self) -> Sequence[Fault]:
        return faults(self.to_command(), self.frame, complete=self.wants_complete)

    def show_faults(self, found: Iterable[Fault]) -> None:
        """Put every message beside its field or cell."""
        for fault in found:
            field = self._fields[fault.field]
            message = gettext(fault.message)
            if fault.row is None:
                field.errors = [*field.errors, message]
                continue
            rows = self._rows if field is self.commitments else stated(field)
            entry = rows[fault.row]
            cell = entry.form._fields[fault.part]
            cell.errors = [*cell.errors, message]
            field.errors = [*field.errors, entry.form.errors]

    def take(self, found: Mapping[uuid.UUID, Commitment]) -> None:
        """Put commitments into their rows, for people to check before they save."""
        for indicator, row in self.rows():
            commitment = found.get(indicator.id)
            if commitment is not None:
                row.committed.data, row.unit.data = commitment.committed, commitment.unit
                row.evidence.data = commitment.evidence

    def to_commitments(self) -> tuple[Commitment, ...]:
        """Return what is promised for each indicator, in the challenge's order."""
        return tuple(row.to_commitment(indicator) for indicator, row in self.rows())

    def to_command(self) -> SaveBid:
        """Return what was typed as a frozen value the service understands; blank milestones are left out."""
        return SaveBid(
            project_name=self.project_name.data or "",
            approach=self.approach.data or "",
            product_id=uuid.UUID(self.product_id.data) if self.product_id.data else None,
            tech_readiness=int(self.tech_readiness.data) if self.tech_readiness.data else None,
            supply_plan=self.supply_plan.data or "",
            ip_statement=self.ip_statement.data or "",
            price_total_wan=self.price_total_wan.data,
            self_funding_wan=self.self_funding_wan.data,
            price_breakdown=self.price_breakdown.data or "",
            is_pledged=self.is_pledged.data,
            commitments=self.to_commitments(),
            milestones=tuple(entry.form.to_milestone() for entry in stated(self.milestones)),
            leader=self.to_leader(),
            team=tuple(entry.form.to_person() for entry in stated(self.team)),
            contact=self.to_contact(),
            avoid_experts=tuple(entry.form.to_avoided() for entry in stated(self.avoid_experts)),
            version=self.version.data,
        )


class CodeForm(Form):
    """The reopening code of a sealed bid, as its receipt shows it."""

    code = StringField(
        _l("Reopening code"),
        validators=[InputRequired(_l("Type the code of your receipt.")), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
        description=_l("Seven groups of letters and digits, on the receipt you downloaded when you submitted."),
    )


class CheckForm(Form):
    """What anybody compares with the published list."""

    code = StringField(
        _l("Receipt code or commitment"),
        validators=[Length(max=100)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
        description=_l("The sixteen digits on top of the receipt, or the 64 digits of the hash."),
    )
    receipt = FileField(
        _l("Or the receipt you downloaded"),
        render_kw={"accept": ".json,application/json"},
        description=_l("A JSON file. It is compared and not kept."),
    )


def initial(content: SaveBid, frame: Frame) -> dict[str, Any]:
    """Return what the form shows of a stored bid."""
    stored = {commitment.kpi_id: commitment for commitment in content.commitments}
    return {
        **{name: getattr(content, name) for name in SaveBid.__dataclass_fields__},
        "product_id": str(content.product_id or ""),
        "tech_readiness": str(content.tech_readiness or ""),
        "commitments": [_row(indicator, stored.get(indicator.id)) for indicator in frame.indicators],
        "milestones": [
            {"month": one.month, "deliverable": one.deliverable, "percent": one.percent,
             "kpi_codes": " ".join(one.kpi_codes)}
            for one in content.milestones
        ],
        **initial_people(content),
    }  # fmt: skip


def _row(indicator: Indicator, commitment: Commitment | None) -> dict[str, str]:
    shown = commitment or Commitment(indicator.id, unit=indicator.unit)
    return {
        "kpi_id": str(indicator.id),
        "committed": words_of(indicator.param_key, shown.committed),
        "unit": shown.unit,
        "measured": shown.measured,
        "evidence": shown.evidence,
        "risk": shown.risk,
    }
