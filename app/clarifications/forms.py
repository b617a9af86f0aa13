"""Forms of questions and answers."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms.fields import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.clarifications import rules
from app.clarifications.commands import AnswerQuestion, MergeQuestion
from app.core.forms import Form


class AskForm(Form):
    """A question; ``confirmed`` once the asker has seen what is similar."""

    text = TextAreaField(
        _l("Your question"),
        validators=[
            InputRequired(_l("Write your question.")),
            Length(min=rules.MIN_QUESTION, max=rules.MAX_QUESTION, message=_l("Ask in 10 to 1,000 characters.")),
        ],
        description=_l(
            "Everybody reads question and answer; nobody learns who asked. Name no company and no product of yours."
        ),
        render_kw={"rows": 5},
    )
    confirmed = HiddenField()


class AnswerForm(Form):
    """What the owner does with a question."""

    text = TextAreaField(_l("Answer"), validators=[Optional(), Length(max=rules.MAX_ANSWER)], render_kw={"rows": 4})
    alters_requirement = BooleanField(_l("This answer changes what is asked for: an amendment follows"))
    into_id = SelectField(_l("The same as"), choices=[], validate_choice=False, validators=[Optional()])

    def to_answer(self) -> AnswerQuestion:
        return AnswerQuestion(text=self.text.data or "", alters_requirement=bool(self.alters_requirement.data))

    def to_merge(self) -> MergeQuestion:
        """Return what is merged; nothing chosen names no question at all."""
        try:
            return MergeQuestion(uuid.UUID(self.into_id.data or ""))
        except ValueError:
            return MergeQuestion(uuid.UUID(int=0))
