"""Questions of a challenge as their readers see them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.challenges.models import Challenge
from app.clarifications import rules
from app.clarifications.askers import asker_tag
from app.clarifications.models import ChallengeFollow, Question
from app.clarifications.similar import similar
from app.clarifications.workflow import QuestionState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

PUBLIC = (QuestionState.ANSWERED, QuestionState.DECLINED)
"""What is said to one is said to all: a refusal with its reason, too."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question without its asker; ``is_own`` for the person who asked."""

    id: uuid.UUID
    number: int
    text: str
    state: QuestionState
    asked_at: dt.datetime
    answer_by: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    alters_requirement: bool
    merged_into: int | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Windows:
    """Until when questions and answers are possible."""

    questions_end_at: dt.datetime | None
    last_answer_at: dt.datetime | None
    is_asking_open: bool
    is_answering_open: bool
    """Whether the owner may still answer; one can decline, or point to an earlier answer, at any time."""
    n_followers: int
    is_following: bool


def questions_of(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, is_owner: bool
) -> tuple[QuestionView, ...]:
    """Return what the reader may see, newest first: what was answered or refused, and to owner and desk all."""
    query = select(Question).where(Question.challenge_id == challenge_id).order_by(Question.number.desc())
    tag = asker_tag(challenge_id, actor.user_id)
    rows = session.scalars(query).all()
    numbers = {row.id: row.number for row in rows}
    is_wide = is_owner or actor.is_staff
    return tuple(
        _view(row, numbers, tag if actor.is_authenticated else "")
        for row in rows
        if row.state in PUBLIC or is_wide or row.asker_tag == tag
    )


def windows(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Windows:
    """Return the clocks of a challenge's questions and whether the reader follows it, in one query."""
    followed = select(func.count()).where(ChallengeFollow.challenge_id == challenge_id)
    by_reader = followed.where(ChallengeFollow.user_id == actor.user_id)
    query = (
        select(Challenge, followed.scalar_subquery(), by_reader.scalar_subquery())
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.programme))
    )
    challenge, n_followers, n_own = session.execute(query).unique().one()
    ends_at = rules.questions_end(challenge)
    return Windows(
        questions_end_at=ends_at,
        last_answer_at=rules.last_answer(challenge),
        is_asking_open=challenge.is_open(now) and (ends_at is None or now < ends_at),
        is_answering_open=rules.is_answering_open(challenge, now),
        n_followers=n_followers,
        is_following=bool(n_own),
    )


def similar_questions(session: Session, *, challenge_id: uuid.UUID, text: str) -> tuple[QuestionView, ...]:
    """Return answered questions of the challenge that ask nearly the same, the nearest first."""
    is_answered = Question.state == QuestionState.ANSWERED
    query = select(Question).where(Question.challenge_id == challenge_id, is_answered)
    known = {row.id: row for row in session.scalars(query)}
    nearest = similar(text, {key: row.text for key, row in known.items()})
    return tuple(_view(known[key], {}, "") for key in nearest)


def _view(row: Question, numbers: dict[uuid.UUID, int], tag: str) -> QuestionView:
    return QuestionView(
        id=row.id,
        number=row.number,
        text=row.text,
        state=row.state,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        answer=row.answer,
        answered_at=row.answered_at,
        alters_requirement=row.alters_requirement,
        merged_into=numbers.get(row.merged_into_id) if row.merged_into_id else None,
        is_own=bool(tag) and row.asker_tag == tag,
    )
