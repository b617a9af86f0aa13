"""The owner answers; the answer goes to everybody at the same time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit import service as audit
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.clarifications import policy, rules
from app.clarifications.models import Question
from app.clarifications.workflow import QUESTION_WORKFLOW, QuestionEvent, QuestionState
from app.core.errors import NotFound, RuleViolation
from app.core.locking import lock_one
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.clarifications.commands import AnswerQuestion, MergeQuestion
    from app.core.actor import Actor

MISSING = "There is no such question."


def answer_question(
    session: Session, *, actor: Actor, question_id: uuid.UUID, command: AnswerQuestion, now: dt.datetime
) -> Question:
    """Answer a question for everybody; whether there is time is asked of the database's clock.

    Raises NotFound, NotAllowed, Conflict (answered already) or RuleViolation (too late, nothing said).
    """
    question = _lock(session, actor, question_id)
    _check_text(command.text)
    instant = database_now(session)
    if not rules.is_answering_open(question.challenge, instant):
        raise RuleViolation(
            "It is too late to answer: bidders could no longer use it. Extend the deadline by an amendment first.",
            code="answers_over",
            field="text",
        )
    question.state = QUESTION_WORKFLOW.step(question.state, QuestionEvent.ANSWER)
    question.answer, question.alters_requirement = command.text.strip(), command.alters_requirement
    question.answered_at, question.answered_by = instant, actor.user_id
    session.flush()
    _record(session, actor, question, "question.answer")
    key = f"question.answered:{question.id}"
    publish(session, "question.answered", now=now, key=key, question_id=question.id)
    return question


def merge_question(
    session: Session, *, actor: Actor, question_id: uuid.UUID, command: MergeQuestion, now: dt.datetime
) -> Question:
    """Say that an answered question asks the same. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    question = _lock(session, actor, question_id)
    other = session.get(Question, command.into_id)
    if other is None or other.challenge_id != question.challenge_id or other.state is not QuestionState.ANSWERED:
        raise RuleViolation("Choose an answered question of this challenge.", code="no_such_question", field="into_id")
    question.state = QUESTION_WORKFLOW.step(question.state, QuestionEvent.MERGE)
    question.merged_into_id = other.id
    session.flush()
    _record(session, actor, question, "question.merge", into=other.number)
    return question


def decline_question(
    session: Session, *, actor: Actor, question_id: uuid.UUID, text: str, now: dt.datetime
) -> Question:
    """Say why a question is not answered (not about this challenge, asks for a secret…).

    Raises NotFound, NotAllowed, Conflict or RuleViolation (nothing said).
    """
    question = _lock(session, actor, question_id)
    _check_text(text)
    question.state = QUESTION_WORKFLOW.step(question.state, QuestionEvent.DECLINE)
    question.answer, question.answered_by = text.strip(), actor.user_id
    session.flush()
    _record(session, actor, question, "question.decline")
    return question


def _lock(session: Session, actor: Actor, question_id: uuid.UUID) -> Question:
    query = (
        select(Question)
        .where(Question.id == question_id)
        .options(joinedload(Question.challenge).joinedload(Challenge.programme))
    )
    question = lock_one(session, query, of=[Question], missing=MISSING, code="question_not_found")
    if not actor.belongs_to(question.challenge.organization_id):
        raise NotFound(MISSING, code="question_not_found")
    policy.can_answer(actor, owner_id=question.challenge.organization_id).enforce()
    return question


def _check_text(text: str) -> None:
    if not rules.MIN_ANSWER <= len(text.strip()) <= rules.MAX_ANSWER:
        raise RuleViolation("Say something, in at most 3,000 characters.", code="answer_length", field="text")


def _record(session: Session, actor: Actor, question: Question, action: str, **details: object) -> None:
    title = question.challenge.title
    audit.record(session, actor, action, "challenge", question.challenge_id, label=title, n=question.number, **details)
