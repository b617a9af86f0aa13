"""How the states of a question are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.clarifications.workflow import QuestionState

STATES = {
    QuestionState.ASKED: _l("Waits for an answer"),
    QuestionState.ANSWERED: _l("Answered"),
    QuestionState.MERGED: _l("Asked before"),
    QuestionState.DECLINED: _l("Not answered"),
    QuestionState.WITHDRAWN: _l("Taken back"),
}
