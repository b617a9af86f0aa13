"""Forms of amendments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms.fields import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.challenges.forms import BeijingTimeField
from app.clarifications.commands import KpiChange, ProposeAmendment
from app.core.forms import DecimalField, Form, RowForm
from app.demands.forms import options
from app.demands.names import locale
from app.taxonomy import lists
from app.taxonomy.fields import UnitField

if TYPE_CHECKING:
    import uuid

    from app.challenges.commands import SaveChallenge

TEXT = {"rows": 6}


class KpiChangeForm(RowForm):
    """One indicator that there is; its code and name stay."""

    code = HiddenField()
    operator = SelectField(_l("Operator"), choices=[])
    target = StringField(_l("Target"), validators=[InputRequired(_l("Enter the target.")), Length(max=120)])
    unit = UnitField(_l("Unit"), validators=[Optional(), Length(max=20)])
    condition = StringField(_l("Condition"), validators=[Optional(), Length(max=200)])
    test_method = StringField(_l("Test method"), validators=[Optional(), Length(max=300)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.operator.choices = options(lists.operators.choices(locale()))


class AmendForm(Form):
    """A challenge as it is to read, and why."""

    reason = TextAreaField(
        _l("Reason of the amendment"),
        validators=[InputRequired(_l("Give the reason; everybody reads it.")), Length(min=10, max=1000)],
        render_kw={"rows": 3},
    )
    research_content = TextAreaField(_l("Research content"), validators=[Length(max=2000)], render_kw=TEXT)
    bidder_requirements = TextAreaField(
        _l("Requirements of bidders"), validators=[Optional(), Length(max=2000)], render_kw=TEXT
    )
    reward_total_wan = DecimalField(_l("Reward"), validators=[Optional()])
    owner_cash_wan = DecimalField(_l("Of this, paid by us"), validators=[Optional()])
    public_fund_wan = DecimalField(_l("Of this, public money"), validators=[Optional()])
    question_deadline_at = BeijingTimeField(_l("Questions until"), validators=[Optional()])
    bid_deadline_at = BeijingTimeField(_l("Bids until"), validators=[Optional()])
    kpis = FieldList(FormField(KpiChangeForm))

    def fill(self, challenge: SaveChallenge, codes: tuple[str, ...]) -> None:
        """Fill an empty form with the challenge as it reads now; ``codes`` are those of its indicators in order."""
        for name in ("research_content", "bidder_requirements", "reward_total_wan", "owner_cash_wan",
                     "public_fund_wan", "question_deadline_at", "bid_deadline_at"):  # fmt: skip
            self[name].data = getattr(challenge, name)
        for code, kpi in zip(codes, challenge.kpis, strict=True):
            parts = ("operator", "target", "unit", "condition", "test_method")
            self.kpis.append_entry({"code": code, **{part: getattr(kpi, part) for part in parts}})

    def to_command(self, question_id: uuid.UUID | None) -> ProposeAmendment:
        """Return the proposal; ``question_id`` is the question whose answer calls for it."""
        return ProposeAmendment(
            reason=self.reason.data or "",
            research_content=self.research_content.data or "",
            bidder_requirements=self.bidder_requirements.data or "",
            reward_total_wan=self.reward_total_wan.data,
            owner_cash_wan=self.owner_cash_wan.data,
            public_fund_wan=self.public_fund_wan.data,
            question_deadline_at=self.question_deadline_at.data,
            bid_deadline_at=self.bid_deadline_at.data,
            kpis=tuple(
                KpiChange(
                    code=row.form.code.data or "",
                    operator=row.form.operator.data or "",
                    target=row.form.target.data or "",
                    unit=row.form.unit.data or "",
                    condition=row.form.condition.data or "",
                    test_method=row.form.test_method.data or "",
                )
                for row in self.kpis
            ),
            question_id=question_id,
        )


class AmendmentOpinionForm(Form):
    """What the authority says of an amendment."""

    opinion = TextAreaField(
        _l("Opinion"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Required when you return it; the company reads it."),
        render_kw={"rows": 4},
    )
