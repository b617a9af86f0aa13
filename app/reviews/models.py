"""Experts, format checks, panels, seats, score sheets and who looked at what."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.models import Amount, CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column
from app.files.models import StoredFile
from app.reviews.scoring import Outcome
from app.reviews.workflow import FormatState, PanelState, Phase, ReviewMethod, SeatState


class Expert(Model):
    """A person of the pool: what they know, for whom they work, how much they take on."""

    __tablename__ = "experts"
    __table_args__ = (sa.CheckConstraint("load_limit BETWEEN 0 AND 20", name="load_range"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), unique=True)
    expertise: Mapped[str] = mapped_column(sa.Text, default="")
    sides: Mapped[list[str]] = mapped_column(default=list)
    """Of ``criteria.SIDES``."""
    categories: Mapped[list[str]] = mapped_column(default=list)
    """Codes of chip and terminal categories."""
    load_limit: Mapped[int] = mapped_column(default=3)
    """Panels at a time."""
    is_available: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[dt.datetime | None]
    """When the expert last said that the record is right."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    ties: Mapped[list[ExpertTie]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="ExpertTie.position", passive_deletes=True
    )


class ExpertTie(Model):
    """A firm that an expert works or worked for, owns a share of, advises, or is bound to otherwise."""

    __tablename__ = "expert_ties"
    __table_args__ = (sa.CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="in_order"),)

    id: Mapped[PrimaryKey]
    expert_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(120))
    uscc: Mapped[str] = mapped_column(sa.String(18), default="")
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]


class FormatCheck(Model):
    """The format check of one opened bid: a checklist, perhaps one correction, two people."""

    __tablename__ = "format_checks"
    __table_args__ = (
        sa.CheckConstraint("signed_by IS NULL OR signed_by <> prepared_by", name="two_people"),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'rejected') OR signed_by IS NOT NULL", name="signed_when_decided"
        ),
        sa.CheckConstraint("state <> 'correcting' OR correction_due_at IS NOT NULL", name="due_when_correcting"),
    )

    id: Mapped[PrimaryKey]
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id"), unique=True)
    state: Mapped[FormatState] = mapped_column(enum_column(FormatState, "state"), default=FormatState.CHECKING)
    items: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{code, verdict, note}`` in the order of ``rules.ITEMS``."""
    prepared_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    prepared_at: Mapped[dt.datetime | None]
    correction_asked_at: Mapped[dt.datetime | None]
    """Set once: there is one chance."""
    correction_due_at: Mapped[dt.datetime | None]
    correction: Mapped[str] = mapped_column(sa.Text, default="")
    corrected_at: Mapped[dt.datetime | None]
    correction_file_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    signed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    signed_at: Mapped[dt.datetime | None]
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    bid: Mapped[Bid] = relationship(lazy="raise_on_sql")
    correction_file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class ReviewPanel(Model):
    """One review of a challenge; after an upheld objection there may be another round."""

    __tablename__ = "review_panels"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "round"),
        sa.Index(
            "uq_review_panels_running",
            "challenge_id",
            unique=True,
            postgresql_where=sa.text("state <> 'ranked'"),
            sqlite_where=sa.text("state <> 'ranked'"),
        ),
        sa.CheckConstraint("method <> 'panel' OR (size & 1) = 1", name="odd"),
        sa.CheckConstraint(
            "state <> 'pricing' OR (minutes <> '' AND closed_at IS NOT NULL)", name="minutes_when_closed"
        ),
        sa.CheckConstraint(
            "state <> 'ranked' OR (minutes <> '' AND ranked_at IS NOT NULL)", name="minutes_when_ranked"
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[PanelState] = mapped_column(enum_column(PanelState, "state"), default=PanelState.FORMING)
    method: Mapped[ReviewMethod] = mapped_column(enum_column(ReviewMethod, "method"), default=ReviewMethod.PANEL)
    size: Mapped[int] = mapped_column(default=0)
    """Seats of experts."""
    rules: Mapped[dict[str, Any]]
    """``criteria.ReviewRules`` as they stood when the panel was formed."""
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    """Of every draw of this panel: labels, orders, ties of the assignment, replacements."""
    draws: Mapped[int] = mapped_column(default=0)
    """How many draws were made; each has the seed ``seed + draws``."""
    due_at: Mapped[dt.datetime | None]
    called_at: Mapped[dt.datetime | None]
    met_at: Mapped[dt.datetime | None]
    minutes: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[dt.datetime | None]
    """When the technical scores became final, so that the price envelopes could be opened."""
    closed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    ranked_at: Mapped[dt.datetime | None]
    ranked_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    seats: Mapped[list[ReviewSeat]] = relationship(
        lazy="raise_on_sql", back_populates="panel", order_by="ReviewSeat.created_at"
    )
    entries: Mapped[list[ReviewEntry]] = relationship(
        lazy="raise_on_sql", back_populates="panel", order_by="ReviewEntry.label"
    )


class ReviewSeat(Model):
    """One reviewer's place: an expert of the pool, or, without one, the people of the challenge owner."""

    __tablename__ = "review_assignments"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "expert_id"),
        sa.Index(
            "uq_review_assignments_owner",
            "panel_id",
            unique=True,
            postgresql_where=sa.text("expert_id IS NULL"),
            sqlite_where=sa.text("expert_id IS NULL"),
        ),
        sa.CheckConstraint("state <> 'active' OR pledged_at IS NOT NULL", name="pledged_when_active"),
        sa.CheckConstraint("state NOT IN ('recused', 'removed') OR reason <> ''", name="reason_when_gone"),
    )

    id: Mapped[PrimaryKey]
    panel_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review_panels.id"), index=True)
    expert_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("experts.id"), index=True)
    state: Mapped[SeatState] = mapped_column(enum_column(SeatState, "state"), default=SeatState.CHOSEN)
    order_seed: Mapped[int] = mapped_column(sa.BigInteger)
    """Of the order in which this reviewer reads the bids."""
    drawn: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why this person: ``{how, seed, fit, free}``."""
    invited_at: Mapped[dt.datetime | None]
    pledged_at: Mapped[dt.datetime | None]
    pledged_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why the seat was given up or taken away; read by the authority only."""
    grounds: Mapped[list[str]] = mapped_column(default=list)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("review_assignments.id"))
    reminded_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    panel: Mapped[ReviewPanel] = relationship(lazy="raise_on_sql", back_populates="seats")
    expert: Mapped[Expert | None] = relationship(lazy="raise_on_sql")
    reviews: Mapped[list[Review]] = relationship(lazy="raise_on_sql", back_populates="seat")


class ReviewEntry(Model):
    """One bid before the panel, under a letter instead of a name, and what became of it."""

    __tablename__ = "review_entries"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "bid_id"),
        sa.UniqueConstraint("panel_id", "label"),
        sa.UniqueConstraint("panel_id", "place"),
        sa.CheckConstraint("votes >= 0", name="votes_not_negative"),
        sa.CheckConstraint("defence_minutes IS NULL OR defence_minutes BETWEEN 5 AND 240", name="defence_minutes"),
    )

    id: Mapped[PrimaryKey]
    panel_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review_panels.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(2))
    """``A``, ``B`` … drawn with the panel's seed."""
    discussion: Mapped[str] = mapped_column(sa.Text, default="")
    """What the meeting said where the scores lay far apart."""
    votes: Mapped[int] = mapped_column(default=0)
    defence_at: Mapped[dt.datetime | None]
    defence_minutes: Mapped[int | None]
    defence_place: Mapped[str] = mapped_column(sa.String(200), default="")
    mean: Mapped[Decimal | None]
    equalised: Mapped[Decimal | None]
    price_points: Mapped[Decimal | None]
    """Where the price was sealed apart: what the formula gave for it."""
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome, "outcome"))
    place: Mapped[int | None]

    panel: Mapped[ReviewPanel] = relationship(lazy="raise_on_sql", back_populates="entries")
    bid: Mapped[Bid] = relationship(lazy="raise_on_sql")


class Review(Model):
    """One reviewer's sheet about one bid; locked for good when it is handed in."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.UniqueConstraint("seat_id", "entry_id", "phase"),
        sa.CheckConstraint("locked_at IS NULL OR veto = '' OR veto_reason <> ''", name="veto_has_reason"),
    )

    id: Mapped[PrimaryKey]
    seat_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review_assignments.id"), index=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review_entries.id"), index=True)
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"), default=Phase.INDIVIDUAL)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    veto: Mapped[str] = mapped_column(sa.String(20), default="")
    veto_reason: Mapped[str] = mapped_column(sa.Text, default="")
    locked_at: Mapped[dt.datetime | None]
    locked_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    seat: Mapped[ReviewSeat] = relationship(lazy="raise_on_sql", back_populates="reviews")
    entry: Mapped[ReviewEntry] = relationship(lazy="raise_on_sql")
    scores: Mapped[list[ReviewScore]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )


class ReviewScore(Model):
    """Points for one criterion."""

    __tablename__ = "review_scores"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "criterion"),
        sa.CheckConstraint(
            f"value IS NULL OR (value BETWEEN 0 AND {100 * Amount.scale} AND value % {Amount.scale // 2} = 0)",
            name="value_in_half_points",
        ),
    )

    id: Mapped[PrimaryKey]
    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[Decimal | None]
    comment: Mapped[str] = mapped_column(sa.Text, default="")


class ReviewView(Model):
    """One look of a reviewer at a bid."""

    __tablename__ = "review_views"

    id: Mapped[PrimaryKey]
    seat_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review_assignments.id"), index=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("review_entries.id"))
    """Empty: the comparison of all bids."""
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    page: Mapped[str] = mapped_column(sa.String(20))
    ip: Mapped[str] = mapped_column(sa.String(45), default="")
    viewed_at: Mapped[UtcTime]
