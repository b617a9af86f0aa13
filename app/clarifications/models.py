"""Followers of a challenge, questions with their answers, and amendments."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.clarifications.workflow import AmendmentState, QuestionState
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


class Amendment(Model):
    """A change of a published challenge: its owner proposes it, the authority puts it in force as a new edition."""

    __tablename__ = "challenge_amendments"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("(state = 'approved') = (edition IS NOT NULL)", name="edition_when_approved"),
        sa.CheckConstraint("state <> 'approved' OR decided_by <> proposed_by", name="two_people"),
        sa.Index(
            "uq_challenge_amendments_open",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("state = 'proposed'"),
            sqlite_where=sa.text("state = 'proposed'"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    number: Mapped[int]
    state: Mapped[AmendmentState] = mapped_column(enum_column(AmendmentState, "state"), default=AmendmentState.PROPOSED)
    wanted: Mapped[dict[str, Any]]
    """What changes: ``{field: value as text}``, indicators under ``kpis`` as ``{code: {part: text}}``."""
    reason: Mapped[str] = mapped_column(sa.Text)
    is_core: Mapped[bool]
    """Whether sealed bids must be confirmed again: indicators, money or who may bid change."""
    question_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("challenge_questions.id"))
    """The question whose answer called for it."""
    proposed_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    proposed_at: Mapped[UtcTime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    edition: Mapped[int | None]

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
