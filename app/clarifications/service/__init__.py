"""What is done with questions and follows; one verb, one function."""

from __future__ import annotations

from app.clarifications.service.answer import answer_question, decline_question, merge_question
from app.clarifications.service.ask import ask_question, withdraw_question
from app.clarifications.service.follow import follow, unfollow

__all__ = [
    "answer_question",
    "ask_question",
    "decline_question",
    "follow",
    "merge_question",
    "unfollow",
    "withdraw_question",
]
