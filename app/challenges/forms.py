"""The form of a challenge: that of a need and a second block."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, StopValidation

from app.challenges.commands import Deliverable, KpiInput, Payment, Restriction, SaveChallenge
from app.challenges.labels import IP_TERMS, KPI_KINDS, KPI_OPERATORS, RESTRICTIONS, VERIFIERS
from app.challenges.patterns import pattern_of
from app.challenges.rules import faults, kpi_flaws, late_faults, programme_faults
from app.compliance.requirements import normal_unit, normal_value
from app.core.actor import LOCALES
from app.core.clock import SHANGHAI
from app.core.forms import DecimalField, IntegerField, RowForm
from app.demands import names
from app.demands.forms import BLANK, NeedForm, finite, options, stated
from app.demands.forms import initial as need_initial
from app.taxonomy import lists
from app.taxonomy.fields import UnitField
from app.taxonomy.spoken import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.challenges.queries import ProgrammeView
    from app.demands.rules import Fault

MAX_KPIS, MAX_DELIVERABLES, MAX_PAYMENTS, MAX_RESTRICTIONS = 30, 20, 12, 8
FIRST_YEAR = 2000
NEEDED = ("programme_id", "background", "research_content", "term_months", "reward_total_wan", "ip_terms",
          "question_deadline_at", "bid_deadline_at", "is_not_secret_declared", "is_funding_pledged")  # fmt: skip
"""Fields that may be empty in a draft and nowhere else."""
PLAIN = (
    "background", "research_content", "term_months", "reward_total_wan", "owner_cash_wan", "public_fund_wan",
    "rnd_budget_wan", "relisting_note", "ip_terms", "ip_terms_text", "bidder_requirements",
    "is_consortium_allowed", "max_members", "is_race",
    "question_deadline_at", "bid_deadline_at", "is_not_secret_declared", "is_funding_pledged",
)  # fmt: skip
"""Fields that form and command call by the same name, with the same values."""


class BeijingTimeField(wtforms.DateTimeLocalField):
    """An instant, typed as the clock in Beijing shows it."""

    data: dt.datetime | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([unicodedata.normalize("NFKC", value).strip() for value in valuelist])
        if self.data is None:
            return
        if self.data.year < FIRST_YEAR:
            self.data = None
            raise ValueError(self.gettext("Not a valid datetime value."))
        self.data = self.data.replace(tzinfo=SHANGHAI).astimezone(dt.UTC)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class ParameterField(StringField):
    """A key of the dictionary, typed and shown by the parameter's name in either language."""

    data: str | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = _parameter_keys().get(typed.casefold(), typed)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in lists.parameters:
            raise StopValidation(gettext("Choose a parameter of the dictionary."))

    def _value(self) -> str:
        return _parameter_names(names.locale()).get(self.data or "", self.data or "")


@cache
def _parameter_names(locale: str) -> dict[str, str]:
    """Return what each key is called on a page; a name that could mean another key, too, is told with its own."""
    terms = lists.parameters.choices(locale)
    meanings = Counter(name.casefold() for _, name in terms)
    meanings.update(key.casefold() for key, name in terms if key.casefold() != name.casefold())
    return {key: name if meanings[name.casefold()] == 1 else f"{name} ({key})" for key, name in terms}


@cache
def _parameter_keys() -> dict[str, str]:
    """Return the key behind every way to write a parameter."""
    known = {key.casefold(): key for key in lists.parameters.codes}
    names_of = (pair for locale in LOCALES for pair in _parameter_names(locale).items())
    return {**{name.casefold(): key for key, name in names_of}, **known}


def parameter_names() -> list[str]:
    """Return the names of all parameters in the reader's language, to choose from while typing."""
    return list(_parameter_names(names.locale()).values())


def _optional_uuid(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None


class KpiRow(RowForm):
    """One indicator."""

    id = HiddenField()
    name = StringField(_l("Indicator"), validators=[Length(max=120)])
    operator = SelectField(_l("Comparison"), choices=options(KPI_OPERATORS.items()), default="<=")
    target = StringField(_l("Target"), validators=[Length(max=120)], render_kw={"placeholder": "2 · -40~85 · ASIL D"})
    unit = UnitField(_l("Unit"), validators=[Length(max=20)], render_kw={"list": "units", "autocomplete": "off"})
    weight = DecimalField(
        _l("Weight"), validators=[Optional(), finite, NumberRange(0, 100)], render_kw={"inputmode": "decimal"}
    )
    condition = StringField(_l("Condition"), validators=[Length(max=200)], render_kw={"placeholder": "25 ℃, 72 V"})
    test_method = StringField(_l("Test method"), validators=[Length(max=300)])
    verifier = SelectField(_l("Tested by"), choices=[BLANK, *options(VERIFIERS.items())], default="")
    sample_n = IntegerField(_l("Samples"), validators=[Optional(), NumberRange(1, 1_000_000)])
    baseline = StringField(_l("State of the art"), validators=[Length(max=300)])
    kind = SelectField(_l("Kind"), choices=options(KPI_KINDS.items()), default="technical")
    param_key = ParameterField(
        _l("Parameter of the dictionary"), render_kw={"list": "parameters", "autocomplete": "off"}
    )
    is_core = BooleanField(_l("Core"))
    is_veto = BooleanField(_l("Veto: a bid that misses it is out"))
    is_after_nda = BooleanField(_l("Keep the target until the NDA"))

    def to_input(self) -> KpiInput:
        """Return the row as it is stored: half-width numbers, canonical units."""
        return KpiInput(
            id=_optional_uuid(self.id.data),
            name=self.name.data or "",
            operator=self.operator.data,
            target=normal_value(self.target.data or "", self.param_key.data or ""),
            unit=normal_unit(self.unit.data or "", self.param_key.data or ""),
            weight=self.weight.data,
            condition=self.condition.data or "",
            test_method=self.test_method.data or "",
            verifier=self.verifier.data or "",
            sample_n=self.sample_n.data,
            baseline=self.baseline.data or "",
            kind=self.kind.data,
            param_key=self.param_key.data or "",
            is_core=self.is_core.data,
            is_veto=self.is_veto.data,
            is_after_nda=self.is_after_nda.data,
        )


class DeliverableRow(RowForm):
    """What is handed over."""

    name = StringField(_l("Deliverable"), validators=[Length(max=120)])
    quantity = StringField(_l("Quantity"), validators=[Length(max=60)])


class PaymentRow(RowForm):
    """A share of the reward."""

    milestone = StringField(_l("Milestone"), validators=[Length(max=120)])
    percent = IntegerField(_l("Per cent"), validators=[Optional(), NumberRange(0, 100)])


class RestrictionRow(RowForm):
    """A limit of who may bid."""

    kind = SelectField(_l("Limited by"), choices=options(RESTRICTIONS.items()), default="region")
    text = StringField(_l("Limit"), validators=[Length(max=200)])
    legal_basis = StringField(
        _l("Legal basis"),
        validators=[Length(max=200)],
        render_kw={"placeholder": _l("Regulation on Fair Competition Review, article …")},
    )


class ChallengeForm(NeedForm):
    """A challenge; ``programmes`` are those that may be chosen, ``now`` is the instant its rules are judged at."""

    programme_id = SelectField(_l("Programme"), default="")
    background = TextAreaField(
        _l("Background and necessity"),
        validators=[Length(max=1500)],
        render_kw={"rows": 8},
        description=_l("200 to 1500 characters: what is missing today, what it costs you, why a product off the "
                       "shelf will not do."),
    )  # fmt: skip
    research_content = TextAreaField(
        _l("What is to be solved"),
        validators=[Length(max=2000)],
        render_kw={"rows": 10},
        description=_l("200 to 2000 characters: the technical questions, one after the other."),
    )
    relisting_note = TextAreaField(
        _l("What was looked at once more"),
        validators=[Length(max=1000)],
        render_kw={"rows": 4},
        description=_l("Indicators, price and term: what changed against the challenge that found no award, and why."),
    )
    kpis = FieldList(FormField(KpiRow), label=_l("Indicators"), max_entries=MAX_KPIS)
    deliverables = FieldList(FormField(DeliverableRow), label=_l("Deliverables"), max_entries=MAX_DELIVERABLES)
    term_months = IntegerField(_l("Term"), validators=[Optional(), NumberRange(1, 36)])
    reward_total_wan = DecimalField(_l("Reward"), validators=[Optional(), finite, NumberRange(0, 1_000_000)])
    owner_cash_wan = DecimalField(_l("of which own money"), validators=[Optional(), finite, NumberRange(0, 1_000_000)])
    public_fund_wan = DecimalField(
        _l("of which public money"), validators=[Optional(), finite, NumberRange(0, 1_000_000)]
    )
    rnd_budget_wan = DecimalField(
        _l("Your R&D budget for this work"),
        validators=[Optional(), finite, NumberRange(0, 1_000_000)],
        description=_l("All you spend on it, with the reward. Programmes that add a grant ask for a multiple of it."),
    )
    payment_plan = FieldList(FormField(PaymentRow), label=_l("Payment plan"), max_entries=MAX_PAYMENTS)
    ip_terms = SelectField(_l("Who owns the results"), choices=[BLANK, *options(IP_TERMS.items())], default="")
    ip_terms_text = TextAreaField(_l("Details"), validators=[Length(max=1000)], render_kw={"rows": 3})
    bidder_requirements = TextAreaField(
        _l("What bidders must bring"),
        validators=[Length(max=1000)],
        render_kw={"rows": 4},
        description=_l("Experience, equipment, certificates: what the work itself needs."),
    )
    restrictions = FieldList(FormField(RestrictionRow), label=_l("Limits of who may bid"), max_entries=MAX_RESTRICTIONS)
    is_consortium_allowed = BooleanField(_l("Several firms may bid together"), default=True)
    max_members = IntegerField(
        _l("Members beside the lead, at most"), validators=[Optional(), NumberRange(0, 20)], default=4
    )
    award_count = SelectField(
        _l("Winners, at most"), choices=options((number, number) for number in "123"), default="1"
    )
    is_race = BooleanField(
        _l("Winners race"),
        description=_l("Several winners work in parallel; a common milestone decides who goes on."),
    )
    question_deadline_at = BeijingTimeField(_l("Questions until"), validators=[Optional()])
    bid_deadline_at = BeijingTimeField(_l("Bids until"), validators=[Optional()])
    is_not_secret_declared = BooleanField(_l("Nothing in this challenge is a state secret."))
    is_funding_pledged = BooleanField(_l("Our part of the reward is available, and we stand by what we state here."))

    def __init__(
        self, *args: Any, programmes: Sequence[ProgrammeView] = (), now: dt.datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programmes, self.now = {str(programme.id): programme for programme in programmes}, now
        self.programme_id.choices = [
            BLANK,
            *options((str(programme.id), programme.name) for programme in programmes),
        ]
        for name in NEEDED:
            self._fields[name].flags.required = True

    @property
    def programme(self) -> ProgrammeView | None:
        """The programme chosen, or None."""
        return self.programmes.get(self.programme_id.data or "")

    def find_faults(self) -> list[Fault]:
        """Return every fault; gaps and the limits of the programme count once the form is to be handed in."""
        command = self.to_command()
        found = faults(command, complete=self.wants_complete)
        if self.wants_complete and self.now is not None:
            found += late_faults(command, self.now)
            found += programme_faults(command, self.programme, self.now) if self.programme else []
        return found

    def lint(self) -> dict[tuple[int, str], str]:
        """Return what cannot be measured in the indicators as they stand, by row and cell; gaps are no matter yet."""
        rows = enumerate(entry.form for entry in self.kpis.entries)
        return {
            (index, part): message
            for index, row in rows
            for part, message in kpi_flaws(row.to_input())
            if row[part].data not in (None, "") and not row[part].errors
        }

    def sums(self) -> dict[str, Decimal]:
        """Return what weights, payments and parts of the reward add up to as they stand."""
        return {
            "kpis": sum((entry.form.weight.data or Decimal(0) for entry in self.kpis.entries), Decimal(0)),
            "payment_plan": Decimal(sum(entry.form.percent.data or 0 for entry in self.payment_plan.entries)),
            "reward": (self.owner_cash_wan.data or Decimal(0)) + (self.public_fund_wan.data or Decimal(0)),
        }

    def to_command(self) -> SaveChallenge:  # type: ignore[override]  # the need is one part of it
        """Return what was typed as a frozen value the service understands; blank rows are left out."""
        return SaveChallenge(
            need=super().to_command(),
            programme_id=_optional_uuid(self.programme_id.data),
            kpis=tuple(entry.form.to_input() for entry in stated(self.kpis)),
            deliverables=tuple(
                Deliverable(row.form.name.data or "", row.form.quantity.data or "") for row in stated(self.deliverables)
            ),
            payment_plan=tuple(
                Payment(row.form.milestone.data or "", row.form.percent.data) for row in stated(self.payment_plan)
            ),
            award_count=int(self.award_count.data),
            restrictions=tuple(
                Restriction(row.form.kind.data, row.form.text.data or "", row.form.legal_basis.data or "")
                for row in stated(self.restrictions)
            ),
            **{name: self._plain(name) for name in PLAIN},
        )

    def _plain(self, name: str) -> Any:
        """Return the value of a field that was left empty as the command has it."""
        data = self._fields[name].data
        return getattr(SaveChallenge(), name) if data is None else data


def add_pattern(form: ChallengeForm, category: str) -> bool:
    """Add the usual indicators of a chip category that the form does not name yet; return whether there are any."""
    pattern = pattern_of(category)
    if pattern is None:
        return False
    known = {entry.form.name.data for entry in form.kpis.entries}
    for kpi in pattern.kpis:
        if kpi.name not in known and len(form.kpis.entries) < MAX_KPIS:
            form.kpis.append_entry(_kpi_data(kpi))
    return True


def copied(command: SaveChallenge) -> dict[str, Any]:
    """Return what the form of a new challenge takes over from an earlier one: all but dates and declarations."""
    fresh = replace(
        command,
        need=replace(command.need, version=None),
        kpis=tuple(replace(kpi, id=None) for kpi in command.kpis),
        question_deadline_at=None,
        bid_deadline_at=None,
        is_not_secret_declared=False,
        is_funding_pledged=False,
        relisting_note="",
    )
    return initial(fresh)


def _kpi_data(kpi: KpiInput) -> dict[str, Any]:
    stored = {name: getattr(kpi, name) for name in KpiInput.__dataclass_fields__}
    return {**stored, "id": str(kpi.id or ""), "target": words_of(kpi.param_key, kpi.target)}


def initial(command: SaveChallenge) -> dict[str, Any]:
    """Return what the form shows of a stored challenge."""
    return {
        **need_initial(command.need),
        **{name: getattr(command, name) for name in PLAIN},
        "programme_id": str(command.programme_id or ""),
        "award_count": str(command.award_count),
        "kpis": [_kpi_data(kpi) for kpi in command.kpis],
        "deliverables": [{"name": item.name, "quantity": item.quantity} for item in command.deliverables],
        "payment_plan": [{"milestone": part.milestone, "percent": part.percent} for part in command.payment_plan],
        "restrictions": [
            {"kind": limit.kind, "text": limit.text, "legal_basis": limit.legal_basis} for limit in command.restrictions
        ],
    }
