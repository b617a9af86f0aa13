"""Asking, without a name, and taking a question back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.audit import service as audit
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.clarifications import policy, rules
from app.clarifications.askers import asker_tag
from app.clarifications.models import Question
from app.clarifications.workflow import QUESTION_WORKFLOW, QuestionEvent, QuestionState
from app.core.actor import SYSTEM
from app.core.errors import NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such challenge, or it is not public."


def ask_question(session: Session, *, actor: Actor, challenge_id: uuid.UUID, text: str, now: dt.datetime) -> Question:
    """Put a question to the owner of a challenge; whether questions are still taken is asked of the database's clock.

    Raises NotFound, NotAllowed or RuleViolation (too late, too short or long, too many unanswered ones).
    """
    challenge = _lock(session, challenge_id)
    policy.can_ask(actor, owner_id=challenge.organization_id).enforce()
    instant = database_now(session)
    ends_at = rules.questions_end(challenge)
    if not challenge.is_open(instant) or (ends_at is not None and instant >= ends_at):
        raise RuleViolation("Questions are no longer taken for this challenge.", code="questions_over", field="text")
    text = text.strip()
    if not rules.MIN_QUESTION <= len(text) <= rules.MAX_QUESTION:
        raise RuleViolation("Ask in 10 to 1,000 characters.", code="question_length", field="text")
    tag = asker_tag(challenge_id, actor.user_id)
    _check_open(session, challenge_id, tag)
    question = Question(
        challenge_id=challenge_id,
        number=_next_number(session, challenge_id),
        asker_tag=tag,
        text=text,
        asked_at=instant,
        answer_by=rules.answer_by(challenge, instant),
    )
    session.add(question)
    session.flush()
    # The trail tells that somebody asked, not who: a question would betray a bidder.
    audit.record(session, SYSTEM, "question.ask", "challenge", challenge_id, label=challenge.title, n=question.number)
    publish(session, "question.asked", now=now, key=f"question.asked:{question.id}", question_id=question.id)
    return question


def withdraw_question(session: Session, *, actor: Actor, question_id: uuid.UUID, now: dt.datetime) -> Question:
    """Take an unanswered question of one's own back. Raises NotFound or Conflict (answered already)."""
    query = select(Question).where(Question.id == question_id)
    missing = "There is no such question."
    question = lock_one(session, query, of=[Question], missing=missing, code="question_not_found")
    if question.asker_tag != asker_tag(question.challenge_id, actor.user_id):
        raise NotFound(missing, code="question_not_found")
    question.state = QUESTION_WORKFLOW.step(question.state, QuestionEvent.WITHDRAW)
    session.flush()
    audit.record(session, SYSTEM, "question.withdraw", "challenge", question.challenge_id, n=question.number)
    return question


def _lock(session: Session, challenge_id: uuid.UUID) -> Challenge:
    """Load a published challenge FOR UPDATE: two askers at once get two numbers."""
    query = select(Challenge).where(Challenge.id == challenge_id).options(joinedload(Challenge.programme))
    challenge = lock_one(session, query, of=[Need, Challenge], missing=MISSING, code="challenge_not_found")
    if challenge.state not in (PostingState.PUBLISHED, PostingState.SUSPENDED, PostingState.CLOSED):
        raise NotFound(MISSING, code="challenge_not_found")
    return challenge


def _check_open(session: Session, challenge_id: uuid.UUID, tag: str) -> None:
    query = select(func.count()).where(
        Question.challenge_id == challenge_id, Question.asker_tag == tag, Question.state == QuestionState.ASKED
    )
    if (session.scalar(query) or 0) >= rules.MAX_OPEN_PER_PERSON:
        raise RuleViolation("Ten of your questions wait for an answer. Wait for some of them.", code="too_many",
                            field="text")  # fmt: skip


def _next_number(session: Session, challenge_id: uuid.UUID) -> int:
    return (session.scalar(select(func.max(Question.number)).where(Question.challenge_id == challenge_id)) or 0) + 1
