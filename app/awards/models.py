"""Proposals, public notices, objections and awards."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.awards.commands import Outcome, ProposalKind, Remedy
from app.awards.workflow import AwardState, ObjectionState, ProposalState
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.models import CreatedAt, Model, PrimaryKey, UtcTime, enum_column
from app.files.models import StoredFile

GROUNDS = ("list_content", "format_check", "review_result", "qualification", "procedure")


class AwardProposal(Model):
    """What somebody proposes to award, or to award no longer; a second person confirms it, and then it is public."""

    __tablename__ = "award_proposals"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "round"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("state IN ('proposed', 'returned') OR confirmed_by IS NOT NULL", name="somebody_confirmed"),
        sa.CheckConstraint("(kind = 'replace') = (replaces_bid_id IS NOT NULL)", name="replaces_an_award"),
        sa.Index(
            "uq_award_proposals_waiting",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("state = 'proposed'"),
            sqlite_where=sa.text("state = 'proposed'"),
        ),
        sa.Index(
            "uq_award_proposals_in_force",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("state = 'confirmed'"),
            sqlite_where=sa.text("state = 'confirmed'"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState, "state"), default=ProposalState.PROPOSED)
    kind: Mapped[ProposalKind] = mapped_column(enum_column(ProposalKind, "kind"), default=ProposalKind.AWARD)
    replaces_bid_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("bids.id"))
    """The bid whose award ends when this is confirmed."""
    reason_codes: Mapped[list[str]] = mapped_column(default=list)
    """Of no award: why, as everybody reads it."""
    reasons: Mapped[str] = mapped_column(sa.Text)
    proposed_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    proposed_at: Mapped[UtcTime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_at: Mapped[dt.datetime | None]
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    """What the authority says on confirming or returning."""

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    verdicts: Mapped[list[ProposedVerdict]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="ProposedVerdict.place"
    )


class ProposedVerdict(Model):
    """What a proposal says of one bid."""

    __tablename__ = "award_verdicts"
    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "place"),
        sa.CheckConstraint("outcome <> 'not_selected' OR reason <> ''", name="refusal_has_reason"),
        sa.CheckConstraint("place > 0", name="place_positive"),
    )

    proposal_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("award_proposals.id", ondelete="CASCADE"), primary_key=True
    )
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id"), primary_key=True)
    place: Mapped[int]
    """In the ranking of the review; the order of the reserve."""
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome, "outcome"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    bid: Mapped[Bid] = relationship(lazy="raise_on_sql")


class Publicity(Model):
    """A public notice with its working-day clock; an accepted objection stops the clock."""

    __tablename__ = "publicities"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="lasts"),
        sa.CheckConstraint("frozen_at IS NULL OR ended_at IS NULL", name="frozen_or_ended"),
        sa.Index(
            "uq_publicities_running",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    proposal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("award_proposals.id"), unique=True)
    number: Mapped[str] = mapped_column(sa.String(30), unique=True)
    """``CH2026-001-N1``: code of the challenge and number of the notice."""
    working_days: Mapped[int]
    starts_at: Mapped[UtcTime]
    ends_at: Mapped[UtcTime]
    frozen_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    content: Mapped[dict[str, Any]]
    """What the public reads, frozen: title, winners, reserve, public money, channel of objection. Never prices."""


class Objection(Model):
    """A real-name objection; its author is known to the authority and to nobody else."""

    __tablename__ = "objections"
    __table_args__ = (
        sa.CheckConstraint("(state IN ('upholding', 'upheld')) = (remedy IS NOT NULL)", name="remedy_when_upheld"),
        sa.CheckConstraint("proposed_by IS NULL OR state <> 'upheld' OR decided_by <> proposed_by", name="two_people"),
        sa.CheckConstraint(
            "state IN ('received', 'investigating', 'withdrawn') OR decision <> ''", name="decision_has_reasons"
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    publicity_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("publicities.id"), index=True)
    bid_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("bids.id"))
    """The bid it is about; empty: the notice as a whole."""
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    contact_name: Mapped[str] = mapped_column(sa.String(60))
    contact_phone: Mapped[str] = mapped_column(sa.String(30))
    ground: Mapped[str] = mapped_column(sa.String(30))
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[ObjectionState] = mapped_column(
        enum_column(ObjectionState, "state"), default=ObjectionState.RECEIVED, index=True
    )
    remedy: Mapped[Remedy | None] = mapped_column(enum_column(Remedy, "remedy"))
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who finds it right; somebody else confirms it."""
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    """Why the second person did not confirm it."""
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    again_by: Mapped[dt.datetime | None]
    """Until when it can be asked to look again at a dismissal; nothing is awarded before that."""
    waived_at: Mapped[dt.datetime | None]
    """When its author said that it will not ask again."""
    reconsiders_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("objections.id"), unique=True)
    """The dismissed objection that this one asks to look at again; once."""
    received_at: Mapped[UtcTime]
    accept_by: Mapped[UtcTime]
    decide_by: Mapped[UtcTime]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    files: Mapped[list[ObjectionFile]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")


class ObjectionFile(Model):
    """Evidence of an objection."""

    __tablename__ = "objection_files"

    objection_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("objections.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stored_files.id"), primary_key=True)

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class Award(Model):
    """One bid that has won."""

    __tablename__ = "awards"
    __table_args__ = (
        sa.CheckConstraint("(state = 'confirmed') = (ended_at IS NULL)", name="ended_when_not_confirmed"),
        sa.CheckConstraint("state = 'confirmed' OR end_reason <> ''", name="end_has_reason"),
        sa.CheckConstraint("declined_at IS NULL OR decline_reason <> ''", name="decline_has_reason"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id"), unique=True)
    publicity_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("publicities.id"))
    number: Mapped[str] = mapped_column(sa.String(30), unique=True)
    state: Mapped[AwardState] = mapped_column(enum_column(AwardState, "state"), default=AwardState.CONFIRMED)
    awarded_at: Mapped[UtcTime]
    awarded_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("awards.id"), unique=True)
    declined_at: Mapped[dt.datetime | None]
    """When the winner said that it will not sign."""
    decline_reason: Mapped[str] = mapped_column(sa.Text, default="")
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]

    bid: Mapped[Bid] = relationship(lazy="raise_on_sql")
