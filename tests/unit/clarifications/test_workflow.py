"""Every state of a question against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.clarifications.workflow import QUESTION_WORKFLOW, QuestionEvent, QuestionState
from app.core.errors import Conflict

LEGAL = {
    QuestionEvent.ANSWER: QuestionState.ANSWERED,
    QuestionEvent.MERGE: QuestionState.MERGED,
    QuestionEvent.DECLINE: QuestionState.DECLINED,
    QuestionEvent.WITHDRAW: QuestionState.WITHDRAWN,
}
OVER = [state for state in QuestionState if state is not QuestionState.ASKED]


@pytest.mark.parametrize(("event", "target"), LEGAL.items())
def test_a_question_that_waits_can_end_in_four_ways(event: QuestionEvent, target: QuestionState) -> None:
    assert QUESTION_WORKFLOW.step(QuestionState.ASKED, event) is target


@pytest.mark.parametrize(("state", "event"), [*product(OVER, QuestionEvent)])
def test_what_has_ended_stays_so(state: QuestionState, event: QuestionEvent) -> None:
    with pytest.raises(Conflict):
        QUESTION_WORKFLOW.step(state, event)
