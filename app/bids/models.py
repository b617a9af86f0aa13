"""Bids and what they commit to."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.bids.workflow import BidState, EndingKind, MemberState, PriceState
from app.challenges.models import Challenge, Kpi
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column
from app.files.models import StoredFile
from app.keys.models import KeyHolder, Purpose

_NOTHING_PLAIN = (
    "organization_id IS NULL AND created_by IS NULL AND product_id IS NULL AND price_total_wan IS NULL AND "
    "self_funding_wan IS NULL AND tech_readiness IS NULL AND NOT is_pledged AND project_name = '' AND approach = '' "
    "AND supply_plan = '' AND ip_statement = '' AND salt = '' AND price_breakdown = '' AND price_salt = ''"
)
_NO_PRICE = "price_total_wan IS NULL AND self_funding_wan IS NULL AND price_breakdown = '' AND price_salt = ''"


class Bid(Model):
    """One firm's answer to one challenge; before the opening the row says neither what nor whose it is."""

    __tablename__ = "bids"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (sealed_at IS NOT NULL AND content_hash <> '')",
            name="receipt_when_sealed",
        ),
        sa.CheckConstraint(f"opened_at IS NOT NULL OR ({_NOTHING_PLAIN})", name="nothing_plain_before_opening"),
        sa.CheckConstraint("opened_at IS NULL OR organization_id IS NOT NULL", name="bidder_once_opened"),
        sa.CheckConstraint("state IN ('draft', 'sealed', 'withdrawn') OR opened_at IS NOT NULL", name="opened_first"),
        sa.CheckConstraint("(state = 'draft') = (content_box IS NOT NULL)", name="box_of_draft"),
        sa.CheckConstraint(
            "state <> 'sealed' OR (ciphertext IS NOT NULL AND reopening_box IS NOT NULL)", name="ciphertext_of_sealed"
        ),
        sa.CheckConstraint("price_total_wan IS NULL OR price_total_wan > 0", name="price_positive"),
        sa.CheckConstraint(f"price_state IN ('none', 'opened') OR ({_NO_PRICE})", name="no_price_before_its_opening"),
        sa.CheckConstraint("(price_state = 'opened') = (price_opened_at IS NOT NULL)", name="price_opened_at"),
        sa.CheckConstraint(
            "price_state IN ('none', 'opened') OR (price_ciphertext IS NOT NULL AND price_hash <> '')",
            name="envelope_of_price",
        ),
        sa.CheckConstraint("tech_readiness IS NULL OR tech_readiness BETWEEN 1 AND 9", name="readiness_range"),
        sa.Index(
            "uq_bids_one_per_firm",
            "challenge_id",
            "firm_tag",
            unique=True,
            postgresql_where=sa.text("state <> 'withdrawn'"),
            sqlite_where=sa.text("state <> 'withdrawn'"),
        ),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    firm_tag: Mapped[str] = mapped_column(sa.String(64), index=True)
    """Stands for the lead bidder to those who know the firm and the installation's key (``app.bids.ownership``)."""
    leader_tag: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    """Stands for the project leader in the programme, once sealed; empty where the programme sets no limit."""
    state: Mapped[BidState] = mapped_column(enum_column(BidState, "state"), default=BidState.DRAFT)
    challenge_edition: Mapped[int] = mapped_column(default=1)
    content_box: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """A draft, locked with the installation's key."""
    ciphertext: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """A sealed bid, locked with a key of its own that nobody has; kept after the opening."""
    reopening_box: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """That key, locked with the code that only the firm was told."""
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    """SHA-256 of the canonical statement (``app.bids.receipt``): what the firm is committed to."""
    receipt_code: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    price_state: Mapped[PriceState] = mapped_column(enum_column(PriceState, "price_state"), default=PriceState.NONE)
    price_ciphertext: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """The price envelope, locked with a second key of its own; kept after its opening."""
    price_reopening_box: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """That key, locked with the firm's code, until the price is open."""
    price_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    """SHA-256 of the price statement; the other statement contains it."""
    price_opened_at: Mapped[dt.datetime | None]
    price_error: Mapped[str] = mapped_column(sa.String(40), default="")
    """Why this price alone could not be opened: a code."""
    price_give_up_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who proposed that such a price stays closed; another officer confirms it."""
    price_give_up_reason: Mapped[str] = mapped_column(sa.Text, default="")
    sealed_at: Mapped[dt.datetime | None]
    opened_at: Mapped[dt.datetime | None]
    opening_error: Mapped[str] = mapped_column(sa.String(40), default="")
    """Why this bid alone could not be opened: a code."""
    end_reason: Mapped[str] = mapped_column(sa.String(40), default="")
    """Why it ended without its firm: a code."""
    organization_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    """The lead bidder; like everything below empty until the opening."""
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    salt: Mapped[str] = mapped_column(sa.String(32), default="")
    project_name: Mapped[str] = mapped_column(sa.String(120), default="")
    approach: Mapped[str] = mapped_column(sa.Text, default="")
    product_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("chip_products.id"))
    tech_readiness: Mapped[int | None]
    supply_plan: Mapped[str] = mapped_column(sa.Text, default="")
    ip_statement: Mapped[str] = mapped_column(sa.Text, default="")
    price_total_wan: Mapped[Decimal | None]
    self_funding_wan: Mapped[Decimal | None]
    price_breakdown: Mapped[str] = mapped_column(sa.Text, default="")
    price_salt: Mapped[str] = mapped_column(sa.String(32), default="")
    is_pledged: Mapped[bool] = mapped_column(default=False)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Team, milestones, budget lines and other parts of the form that nothing computes with."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")
    commitments: Mapped[list[BidCommitment]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )
    files: Mapped[list[BidFile]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True)
    shares: Mapped[list[BidShare]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )


class BidCommitment(Model):
    """What an opened bid promises for one indicator."""

    __tablename__ = "bid_commitments"
    __table_args__ = (sa.UniqueConstraint("bid_id", "kpi_id"),)

    id: Mapped[PrimaryKey]
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), index=True)
    kpi_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("kpis.id"), index=True)
    committed: Mapped[str] = mapped_column(sa.String(120), default="")
    measured: Mapped[str] = mapped_column(sa.String(120), default="")
    """Empty: not stated."""
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    risk: Mapped[str] = mapped_column(sa.Text, default="")

    kpi: Mapped[Kpi] = relationship(lazy="raise_on_sql")


class BidEnding(Model):
    """Why a bid ended after the deadline: its firm withdrew it, or two officers gave up one that nobody can read."""

    __tablename__ = "bid_endings"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="has_reason"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_at_by"),
        sa.CheckConstraint("kind = 'unreadable' OR confirmed_by IS NULL", name="firm_alone"),
    )

    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[EndingKind] = mapped_column(enum_column(EndingKind, "kind"))
    reason: Mapped[str] = mapped_column(sa.Text)
    proposed_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    """Of a bid that its firm withdrew: who withdrew it."""
    proposed_at: Mapped[UtcTime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    confirmed_at: Mapped[dt.datetime | None]


class BidFile(Model):
    """A file annexed to an opened bid."""

    __tablename__ = "bid_files"

    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stored_files.id"), primary_key=True)
    is_price: Mapped[bool] = mapped_column(default=False)
    """Whether it came out of the price envelope."""

    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")


class BidShare(Model):
    """One holder's part of a sealed bid's key, readable with that holder's private key only."""

    __tablename__ = "bid_shares"
    __table_args__ = (sa.UniqueConstraint("bid_id", "holder_id", "purpose"),)

    id: Mapped[PrimaryKey]
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("key_holders.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose, "purpose"), default=Purpose.OPEN)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """For a viewer the whole key, or noise of the same length where the viewer may not read this bid."""


class BidBlob(Model):
    """A locked content in the store that an unopened bid may need; names of files and keys are in the bid only."""

    __tablename__ = "bid_blobs"

    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)


class BidReading(Model):
    """One look into a sealed bid by somebody whom the programme allows it; shown to the bidder."""

    __tablename__ = "bid_readings"

    id: Mapped[PrimaryKey]
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("key_holders.id"))
    reader_name: Mapped[str] = mapped_column(sa.String(120))
    read_at: Mapped[UtcTime]

    holder: Mapped[KeyHolder] = relationship(lazy="raise_on_sql")


class OpeningRelease(Model):
    """One holder has released the shares of a closed challenge's bids; two people never share a row."""

    __tablename__ = "opening_releases"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "round", "holder_id"),
        sa.UniqueConstraint("challenge_id", "round", "user_id"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    round: Mapped[int] = mapped_column(default=0)
    """0: the bids; from 1 on the price envelopes that the review of that number called for."""
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("key_holders.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(sa.String(40))
    holder_name: Mapped[str] = mapped_column(sa.String(120))
    released_at: Mapped[UtcTime]
    shares_box: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Fewer shares than the threshold say nothing; they are locked with the installation's key all the same."""
    n_shares: Mapped[int]
    n_damaged: Mapped[int] = mapped_column(default=0)


class Opening(Model):
    """What was closed at a deadline and how it was opened: the published list, then the record of the opening."""

    __tablename__ = "openings"
    __table_args__ = (sa.CheckConstraint("length(list_hash) = 64", name="hash_length"),)

    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), primary_key=True)
    closed_at: Mapped[UtcTime]
    commitments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{commitment, sealed_at, edition}`` of every bid that was sealed at the deadline, in order of time.

    A bid of two envelopes has a ``price_commitment``, too.
    """
    list_hash: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the list as it is downloaded."""
    opened_at: Mapped[dt.datetime | None]
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """``releases`` and ``bids`` of the opening: who, when, which commitments, which failures."""
    price_round: Mapped[int] = mapped_column(default=0)
    """How many times price envelopes were called for."""
    price_called_at: Mapped[dt.datetime | None]
    price_record: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The same of the price envelopes, by their commitments; ``kept`` names those that stay sealed."""


class BidMember(Model):
    """A firm that takes part in an unopened bid beside its lead; which firm that is only the tag knows."""

    __tablename__ = "bid_members"
    __table_args__ = (sa.UniqueConstraint("bid_id", "firm_tag"),)

    id: Mapped[PrimaryKey]
    bid_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("bids.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    firm_tag: Mapped[str] = mapped_column(sa.String(64), index=True)
    """Like the lead's: ``app.bids.ownership``."""
    state: Mapped[MemberState] = mapped_column(enum_column(MemberState, "state"), default=MemberState.INVITED)
    box: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Who it is, what it does, for which share, and who answered; locked with the installation's key."""
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    bid: Mapped[Bid] = relationship(lazy="raise_on_sql")
