"""Holders of keys, and who holds the keys of which competition."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization, User
from app.core.models import CreatedAt, Model, PrimaryKey, enum_column
from app.keys.workflow import KeyState


class KeyHolder(Model):
    """One person's own pair of keys; the private one is locked with a passphrase that is kept nowhere."""

    __tablename__ = "key_holders"
    __table_args__ = (
        sa.CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_at_when_retired"),
        sa.Index(
            "uq_key_holders_active_user",
            "user_id",
            unique=True,
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        ),
        # Two people of one company must not reach a threshold between them.
        sa.Index(
            "uq_key_holders_active_organization",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("state = 'active' AND organization_id IS NOT NULL"),
            sqlite_where=sa.text("state = 'active' AND organization_id IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organizations.id"))
    """The company for whose challenges the key counts; empty for the authority's own people."""
    role: Mapped[str] = mapped_column(sa.String(40))
    """In which capacity the person holds it."""
    city_code: Mapped[str] = mapped_column(sa.String(6), default="")
    """The city a prefecture's officer answers for."""
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    private_box: Mapped[bytes] = mapped_column(sa.LargeBinary)
    kdf: Mapped[dict[str, Any]]
    """``{salt, n, r, p}`` of scrypt."""
    state: Mapped[KeyState] = mapped_column(enum_column(KeyState, "state"), default=KeyState.ACTIVE)
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong passphrases since the last right one."""
    locked_until: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[dt.datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")


class Purpose(StrEnum):
    """What a key does in a competition."""

    OPEN = "open"
    PRICE = "price"
    VIEW = "view"


class ChallengeKeyHolder(Model):
    """A key for which the bids of one challenge are locked; fixed at publication."""

    __tablename__ = "challenge_key_holders"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "holder_id", "purpose"),
        sa.CheckConstraint("threshold >= 2", name="never_one_alone"),
    )

    id: Mapped[PrimaryKey]
    challenge_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("key_holders.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose, "purpose"), default=Purpose.OPEN)
    threshold: Mapped[int]
    """How many of the challenge's holders must release; the same in every row of it."""
    created_at: Mapped[CreatedAt]

    holder: Mapped[KeyHolder] = relationship(lazy="raise_on_sql")
