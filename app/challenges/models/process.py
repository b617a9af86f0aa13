"""What is on record about the way of a challenge: steps, recommendation, appraisal, editions, deadlines."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.challenges.workflow import ChallengeEvent
from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column
from app.demands.workflow import PostingState


class ChallengeStep(Model):
    """One arrow that was taken, by whom, in which capacity and why; never changed afterwards."""

    __tablename__ = "challenge_steps"
    __table_args__ = (sa.Index("ix_challenge_steps_challenge_id_at", "challenge_id", "at"),)

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"))
    event: Mapped[ChallengeEvent] = mapped_column(enum_column(ChallengeEvent, "event"))
    from_state: Mapped[PostingState] = mapped_column(enum_column(PostingState, "from_state"))
    to_state: Mapped[PostingState] = mapped_column(enum_column(PostingState, "to_state"))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)
    """A person; empty for the portal itself."""
    capacity: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[UtcTime]
    edition: Mapped[int] = mapped_column(default=1)
    reason_code: Mapped[str] = mapped_column(sa.String(40), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    checklist: Mapped[list[str]] = mapped_column(default=list)
    """Codes of what was found in order."""


class Recommendation(Model):
    """A prefecture's word for a challenge of its city; a returned challenge needs a new one."""

    __tablename__ = "recommendations"
    __table_args__ = (
        sa.CheckConstraint("rank > 0", name="rank_positive"),
        sa.CheckConstraint("opinion <> ''", name="opinion_given"),
        sa.Index(
            "uq_recommendations_current",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.Index(
            "uq_recommendations_rank",
            "programme_id",
            "body",
            "rank",
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    programme_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("programmes.id"))
    body: Mapped[str] = mapped_column(sa.String(6))
    """City whose authority recommends; its quota counts."""
    rank: Mapped[int]
    opinion: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[CreatedAt]
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[dt.datetime | None]


class Appraisal(Model):
    """Experts judge whether a challenge is worth posting; one row for each time it is appraised."""

    __tablename__ = "appraisals"
    __table_args__ = (
        sa.CheckConstraint("conclusion IN ('', 'adequate', 'inadequate', 'merge', 'buyable')", name="conclusion_known"),
        sa.CheckConstraint("(conclusion = '') = (concluded_at IS NULL)", name="concluded_with_conclusion"),
        sa.CheckConstraint("conclusion = '' OR minutes <> ''", name="minutes_kept"),
        sa.CheckConstraint("conclusion <> 'merge' OR duplicate_of IS NOT NULL", name="merge_names_other"),
        sa.CheckConstraint("merge_answer IN ('', 'accepted', 'declined')", name="merge_answer_known"),
        sa.CheckConstraint("merge_answer = '' OR conclusion = 'merge'", name="answer_to_merge"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    panel: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{name, organization, expertise}`` of each expert, all without a conflict."""
    minutes: Mapped[str] = mapped_column(sa.Text, default="")
    conclusion: Mapped[str] = mapped_column(sa.String(20), default="")
    duplicate_of: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("challenges.id"))
    merge_answer: Mapped[str] = mapped_column(sa.String(10), default="")
    """What the owner says to the proposal to merge."""
    started_at: Mapped[UtcTime]
    started_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    concluded_at: Mapped[dt.datetime | None]
    concluded_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))


class ChallengeEdition(Model):
    """A challenge exactly as it was published; triggers refuse UPDATE and DELETE."""

    __tablename__ = "challenge_editions"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("length(hash) = 64", name="hash_length"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"))
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    """``public``, ``verified`` and ``confidential`` part with the ``salt`` of the hashes of the latter two."""
    hash: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the public document as it is downloaded."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    diff: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What changed against the edition before: ``{path, before, after}`` each."""
    created_at: Mapped[CreatedAt]
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))


class DeadlineExtension(Model):
    """More time for bids: proposed by one officer, in force once another has confirmed it."""

    __tablename__ = "deadline_extensions"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('extension', 'outage')", name="kind_known"),
        sa.CheckConstraint("new_deadline_at > old_deadline_at", name="only_later"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_with_time"),
        sa.Index(
            "uq_deadline_extensions_open",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
            sqlite_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    old_deadline_at: Mapped[UtcTime]
    new_deadline_at: Mapped[UtcTime]
    reason: Mapped[str] = mapped_column(sa.Text)
    proposed_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    proposed_at: Mapped[UtcTime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_at: Mapped[dt.datetime | None]
    dropped_at: Mapped[dt.datetime | None]


class AutopsyAnswer(Model):
    """Why a firm that looked at a challenge did not bid; no row names the firm."""

    __tablename__ = "autopsy_answers"
    __table_args__ = (sa.UniqueConstraint("challenge_id", "firm_tag"),)

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    firm_tag: Mapped[str] = mapped_column(sa.String(64))
    """Keyed hash of challenge and firm: one answer each, told to nobody."""
    reason_code: Mapped[str] = mapped_column(sa.String(40))
    created_at: Mapped[CreatedAt]
