"""Followers of a challenge, and questions with their answers."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.clarifications.workflow import QuestionState
from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column


class ChallengeFollow(Model):
    """A person who is told what changes about a challenge; whoever asks or bids need not follow."""

    __tablename__ = "challenge_follows"

    challenge_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]


class Question(Model):
    """A question about a challenge; who asks is a tag that nobody can read, so that no question betrays a bidder."""

    __tablename__ = "challenge_questions"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_when_dated"),
        sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        sa.CheckConstraint("state NOT IN ('answered', 'declined') OR answer <> ''", name="answer_is_said"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    number: Mapped[int]
    """Counts from 1 within the challenge."""
    asker_tag: Mapped[str] = mapped_column(sa.String(64), index=True)
    """``box.tag("asker", challenge, person)``."""
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[QuestionState] = mapped_column(enum_column(QuestionState, "state"), default=QuestionState.ASKED)
    asked_at: Mapped[UtcTime]
    answer_by: Mapped[UtcTime]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    """What everybody reads; of a declined question: why."""
    alters_requirement: Mapped[bool] = mapped_column(default=False)
    """Whether the answer changes what is asked for, so that an amendment has to follow."""
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("challenge_questions.id"))

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
