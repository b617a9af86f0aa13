"""What is done with questions, amendments and follows; one verb, one function."""

from __future__ import annotations

from app.clarifications.service.amend import (
    approve_amendment,
    propose_amendment,
    return_amendment,
    withdraw_amendment,
)
from app.clarifications.service.answer import answer_question, decline_question, merge_question
from app.clarifications.service.ask import ask_question, withdraw_question
from app.clarifications.service.follow import follow, unfollow

__all__ = [
    "answer_question",
    "approve_amendment",
    "ask_question",
    "decline_question",
    "follow",
    "merge_question",
    "propose_amendment",
    "return_amendment",
    "unfollow",
    "withdraw_amendment",
    "withdraw_question",
]
