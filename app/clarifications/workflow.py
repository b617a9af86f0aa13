"""The arrows of questions and amendments (domain §2.1, C6 and C7)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class QuestionState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class QuestionEvent(StrEnum):
    """What happens to a question."""

    ANSWER = "answer"
    MERGE = "merge"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


QUESTION_WORKFLOW = Workflow(
    initial=QuestionState.ASKED,
    arrows={
        (QuestionState.ASKED, QuestionEvent.ANSWER): QuestionState.ANSWERED,
        (QuestionState.ASKED, QuestionEvent.MERGE): QuestionState.MERGED,
        (QuestionState.ASKED, QuestionEvent.DECLINE): QuestionState.DECLINED,
        (QuestionState.ASKED, QuestionEvent.WITHDRAW): QuestionState.WITHDRAWN,
    },
)


class AmendmentState(StrEnum):
    """Where an amendment stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class AmendmentEvent(StrEnum):
    """What happens to an amendment."""

    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"


AMENDMENT_WORKFLOW = Workflow(
    initial=AmendmentState.PROPOSED,
    arrows={
        (AmendmentState.PROPOSED, AmendmentEvent.APPROVE): AmendmentState.APPROVED,
        (AmendmentState.PROPOSED, AmendmentEvent.RETURN): AmendmentState.RETURNED,
        (AmendmentState.PROPOSED, AmendmentEvent.WITHDRAW): AmendmentState.WITHDRAWN,
    },
)
