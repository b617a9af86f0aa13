"""The form of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.challenges.commands import Criterion, SaveProgramme
from app.challenges.programme_content import PLAIN
from app.challenges.programme_rules import DEFAULT, NUMBERS
from app.core.forms import DecimalField, Form, IntegerField, RowForm
from app.demands import names
from app.demands.forms import BLANK, finite, options, stated
from app.demands.labels import MODES
from app.demands.workflow import PostingMode
from app.taxonomy import lists

if TYPE_CHECKING:
    from app.demands.rules import Fault

ROLES = {"demand": _l("A terminal maker"), "supply": _l("A chip firm"), "service": _l("A service provider")}


def _number(name: str, label: Any, hint: Any = "") -> IntegerField:
    """Return the field of a number that every programme must have, within its limits."""
    least, most = NUMBERS[name]
    return IntegerField(
        label,
        validators=[InputRequired(_l("Enter a number.")), NumberRange(least, most)],
        description=hint,
        default=SaveProgramme.__dataclass_fields__[name].default,
        render_kw={"inputmode": "numeric"},
    )


class QuotaRow(RowForm):
    """How many challenges the authority of one city may recommend."""

    body = SelectField(_l("Recommended by"), default="")
    number = IntegerField(_l("At most"), validators=[Optional(), NumberRange(0, 999)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities = lists.regions.choices(names.locale(), parent="440000")
        self.body.choices = [BLANK, *options([(DEFAULT, _l("Every city without a quota of its own")), *cities])]


class CriterionRow(RowForm):
    """What reviewers score."""

    code = StringField(_l("Code"), validators=[Length(max=30)])
    name = StringField(_l("Criterion"), validators=[Length(max=60)])
    max = IntegerField(_l("Points, at most"), validators=[Optional(), NumberRange(1, 100)])


class ProgrammeForm(Form):
    """The rules of a programme."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    code = StringField(_l("Code"), validators=[InputRequired(_l("Give the programme a code.")), Length(max=40)])
    name = StringField(_l("Name"), validators=[InputRequired(_l("Name the programme.")), Length(max=120)])
    mode = SelectField(_l("Mode"), default=PostingMode.ENTERPRISE_POSED.value)
    batch = StringField(_l("Batch"), validators=[Length(max=40)])
    basis = StringField(_l("Notice it rests on"), validators=[Length(max=200)])
    is_open = BooleanField(_l("Takes challenges"), default=True)
    requires_recommendation = BooleanField(_l("The owner's prefecture recommends every challenge"))
    requires_appraisal = BooleanField(_l("Experts appraise every challenge"))
    quota = FieldList(FormField(QuotaRow), label=_l("Quotas of recommendation"), max_entries=25)
    min_bid_window_days = _number("min_bid_window_days", _l("Time for bids, at least"))
    question_cutoff_days = _number("question_cutoff_days", _l("Questions end before the deadline"))
    answer_last_days = _number("answer_last_days", _l("Last answer before the deadline"))
    amendment_keep_days = _number("amendment_keep_days", _l("Time left after an amendment, at least"))
    max_members = _number("max_members", _l("Members beside the lead, at most"))
    is_single_unit_bid = BooleanField(_l("A firm takes part in one bid for a challenge only, as lead or member"))
    max_projects_per_applicant = _number("max_projects_per_applicant", _l("Bids of one firm, at most"))
    max_active_bids_per_leader = IntegerField(
        _l("Running bids of one project leader, at most"),
        validators=[Optional(), NumberRange(1, 99)],
        description=_l("Empty: no limit."),
    )
    required_roles = SelectMultipleField(
        _l("A consortium has to unite"),
        choices=options(ROLES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    award_max = _number("award_max", _l("Winners, at most"))
    shortlist_max = IntegerField(
        _l("Short list, at most"), validators=[Optional(), NumberRange(1, 99)], description=_l("Empty: no limit.")
    )
    is_race_allowed = BooleanField(_l("Winners may race"), default=True)
    min_valid_bids = _number("min_valid_bids", _l("Valid bids needed to go on"))
    max_relistings = _number("max_relistings", _l("Times a challenge is posted again"))
    key_threshold = _number("key_threshold", _l("Keys needed to open the bids"))
    has_price_envelope = BooleanField(
        _l("Two envelopes: the price is sealed apart and opened after the technical scores"),
        description=_l("The points of the criterion “price” are then computed: lowest price ÷ price × points."),
    )
    pre_deadline_viewer = SelectField(
        _l("Reads bids before the deadline"),
        choices=options(
            [("", _l("Nobody")), ("prefecture_authority", _l("The bidder's prefecture; each view is told"))]
        ),
        default="",
    )
    review_weights = FieldList(FormField(CriterionRow), label=_l("Criteria"), max_entries=15)
    panel_min = _number("panel_min", _l("Experts of a panel, at least"))
    pass_line = _number("pass_line", _l("Line of passing"))
    spread_alert = _number("spread_alert", _l("Spread of scores that is discussed"))
    drop_high_low_from = _number("drop_high_low_from", _l("Experts from which on extremes do not count"))
    publicity_working_days = _number("publicity_working_days", _l("Public notice"))
    objection_accept_wd = _number("objection_accept_wd", _l("An objection is accepted within"))
    objection_decide_wd = _number("objection_decide_wd", _l("An objection is decided within"))
    is_price_above_reward_allowed = BooleanField(_l("A bid may ask for more than the reward"))
    first_payment_max_percent = _number("first_payment_max_percent", _l("First payment, at most"))
    max_term_months = _number("max_term_months", _l("Term, at most"))
    budget_multiple = DecimalField(
        _l("Owner's R&D budget, times the grant, at least"),
        validators=[Optional(), finite, NumberRange(0, 100)],
        description=_l("Empty: no rule."),
    )
    cash_percent = IntegerField(
        _l("Paid to the solver in money, of the grant, at least"),
        validators=[Optional(), NumberRange(1, 1000)],
        description=_l("Empty: no rule."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posed = (PostingMode.ENTERPRISE_POSED, PostingMode.GOVERNMENT_TASK)
        self.mode.choices = options((mode.value, MODES[mode]) for mode in posed)

    def to_command(self) -> SaveProgramme:
        """Return what was typed as a frozen value the service understands; blank rows are left out."""
        plain = {name: self._fields[name].data for name in PLAIN}
        return SaveProgramme(
            **{**plain, "mode": PostingMode(self.mode.data)},
            review_weights=tuple(
                Criterion(row.form.code.data or "", row.form.name.data or "", row.form.max.data or 0)
                for row in stated(self.review_weights)
            ),
            quota=tuple((row.form.body.data, row.form.number.data or 0) for row in stated(self.quota)),
            budget_multiple=self.budget_multiple.data,
            cash_percent=self.cash_percent.data,
            required_roles=tuple(self.required_roles.data or ()),
            version=self.version.data,
        )

    def show_faults(self, found: list[Fault]) -> None:
        """Put every fault beside its field."""
        for fault in found:
            field = self._fields[fault.field]
            field.errors = [*field.errors, gettext(fault.message)]


def initial_programme(command: SaveProgramme) -> dict[str, Any]:
    """Return what the form shows of a stored programme."""
    return {
        **{name: getattr(command, name) for name in PLAIN},
        "mode": command.mode.value,
        "version": command.version,
        "review_weights": [{"code": c.code, "name": c.name, "max": c.max} for c in command.review_weights],
        "quota": [{"body": body, "number": number} for body, number in command.quota],
        "budget_multiple": command.budget_multiple,
        "cash_percent": command.cash_percent,
        "required_roles": list(command.required_roles),
    }
