"""People, organisations and their verification."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.commands import InterestKind
from app.accounts.workflow import VerificationState
from app.core import clock
from app.core.actor import DEFAULT_LOCALE, LOCALES, Actor, Capacity, MemberRole, StaffRole
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column, one_of
from app.files.models import StoredFile

LOCKED = "Too many failed log-ins. Wait a quarter of an hour, or reset your password."

roles_users = sa.Table(
    "roles_users",
    Model.metadata,
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.Uuid, sa.ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Model, RoleMixin):
    """A staff role that a person may hold."""

    __tablename__ = "roles"

    id: Mapped[PrimaryKey]  # type: ignore[assignment]  # Flask-Security thinks of numbers
    name: Mapped[StaffRole] = mapped_column(enum_column(StaffRole, "name"), unique=True)
    description: Mapped[str] = mapped_column(sa.String(200), default="")
    permissions: Mapped[list[str] | None] = mapped_column(sa.JSON)


class User(Model, UserMixin):
    """A person with a log-in."""

    __tablename__ = "users"
    __table_args__ = (sa.CheckConstraint(f"locale IN ({one_of(*LOCALES)})", name="locale_known"),)

    id: Mapped[PrimaryKey]  # type: ignore[assignment]  # Flask-Security thinks of numbers
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    """Normalised: lower case."""
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[dt.datetime | None]
    name: Mapped[str] = mapped_column(sa.String(60), default="")
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    mobile: Mapped[str] = mapped_column(sa.String(20), default="")
    locale: Mapped[str] = mapped_column(sa.String(20), default=DEFAULT_LOCALE)
    city_code: Mapped[str] = mapped_column(sa.String(6), default="")
    """City for whose authority a person works; of prefecture officers only."""
    created_at: Mapped[CreatedAt]
    terms_accepted_at: Mapped[dt.datetime | None]
    failed_logins: Mapped[int] = mapped_column(default=0)
    """Since the last success."""
    locked_until: Mapped[dt.datetime | None]
    """Set after too many failures; nobody can log in until then."""
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(sa.JSON)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # its roles are ours
        secondary=roles_users, lazy="selectin"
    )
    membership: Mapped[Membership | None] = relationship(
        back_populates="user", lazy="joined", innerjoin=False, uselist=False
    )

    def is_locked(self, form_error: list[str] | None = None) -> bool:
        """Return whether too many log-ins failed lately; asked by Flask-Security after the password was right."""
        is_locked = self.locked_until is not None and self.locked_until > clock.now()
        if is_locked and form_error is not None:
            form_error.append(LOCKED)
        return is_locked

    def as_actor(self) -> Actor:
        """Return the part of this person that rules look at."""
        membership = self.membership
        organization = membership.organization if membership else None
        return Actor(
            user_id=self.id,
            name=self.name or self.email,
            email=self.email,
            locale=self.locale,
            roles=frozenset(StaffRole(role.name) for role in self.roles),
            organization_id=organization.id if organization else None,
            organization_name=organization.legal_name_zh if organization else "",
            member_role=membership.role if membership else None,
            capacities=organization.capacities if organization else frozenset(),
            is_verified=organization.is_verified if organization else False,
            city_code=self.city_code,
        )


class Organization(Model):
    """A company, university or institute; on which side it stands is decided per transaction."""

    __tablename__ = "organizations"
    __table_args__ = (
        sa.CheckConstraint("is_demand OR is_supply OR is_service", name="some_capacity"),
        sa.CheckConstraint("rnd_staff IS NULL OR employees IS NULL OR rnd_staff <= employees", name="rnd_within_staff"),
        sa.CheckConstraint(
            "registered_capital_wan IS NULL OR registered_capital_wan >= 0", name="capital_not_negative"
        ),
    )

    id: Mapped[PrimaryKey]
    legal_name_zh: Mapped[str] = mapped_column(sa.String(120), index=True)
    name_en: Mapped[str] = mapped_column(sa.String(160), default="")
    uscc: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    """Unified social credit code; empty for organisations registered outside the mainland."""
    other_registration: Mapped[str] = mapped_column(sa.String(80), default="")
    org_type: Mapped[str] = mapped_column(sa.String(40))
    is_demand: Mapped[bool] = mapped_column(default=False)
    is_supply: Mapped[bool] = mapped_column(default=False)
    is_service: Mapped[bool] = mapped_column(default=False)
    region_code: Mapped[str] = mapped_column(sa.String(6), default="")
    city_code: Mapped[str] = mapped_column(sa.String(6), default="", index=True)
    industry_code: Mapped[str] = mapped_column(sa.String(4), default="")
    established_on: Mapped[dt.date | None]
    registered_capital_wan: Mapped[Decimal | None]
    employees: Mapped[int | None]
    rnd_staff: Mapped[int | None]
    revenue_band_wan: Mapped[str] = mapped_column(sa.String(20), default="")
    size_class: Mapped[str] = mapped_column(sa.String(20), default="")
    """Computed from industry, staff and revenue; empty when unknown."""
    profile: Mapped[str] = mapped_column(sa.Text, default="")
    legal_rep: Mapped[str] = mapped_column(sa.String(60), default="")
    agent_name: Mapped[str] = mapped_column(sa.String(60), default="")
    agent_post: Mapped[str] = mapped_column(sa.String(60), default="")
    agent_mobile: Mapped[str] = mapped_column(sa.String(20), default="")
    agent_email: Mapped[str] = mapped_column(sa.String(254), default="")
    verified_at: Mapped[dt.datetime | None]
    is_fictional: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    memberships: Mapped[list[Membership]] = relationship(back_populates="organization", lazy="raise_on_sql")
    categories: Mapped[list[OrganizationCategory]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    labels: Mapped[list[OrganizationLabel]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    verifications: Mapped[list[Verification]] = relationship(back_populates="organization", lazy="raise_on_sql")

    @property
    def is_verified(self) -> bool:
        """Whether an administrator has verified the organisation's identity."""
        return self.verified_at is not None

    @property
    def capacities(self) -> frozenset[Capacity]:
        """On which sides the organisation can stand."""
        flags = {
            Capacity.DEMAND: self.is_demand,
            Capacity.SUPPLY: self.is_supply,
            Capacity.SERVICE: self.is_service,
        }
        return frozenset(capacity for capacity, is_set in flags.items() if is_set)


class OrganizationCategory(Model):
    """A chip or terminal category that an organisation makes, buys or serves."""

    __tablename__ = "organization_categories"

    organization_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True, index=True)


class OrganizationLabel(Model):
    """An official label (专精特新…) with its term."""

    __tablename__ = "organization_labels"

    organization_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    valid_until: Mapped[dt.date | None]


class Membership(Model):
    """A person's place in an organisation; one person belongs to one organisation."""

    __tablename__ = "memberships"

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole, "role"))
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship(back_populates="membership", lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(back_populates="memberships", lazy="joined", innerjoin=True)


class Invitation(Model):
    """An offer of membership to an e-mail address; accepted by the person who reads that mailbox."""

    __tablename__ = "invitations"
    __table_args__ = (
        sa.Index(
            "uq_invitations_open",
            "organization_id",
            "email",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
            sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole, "role"))
    invited_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[UtcTime]
    accepted_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class OfficerInterest(Model):
    """An officer's declaration of an interest in a company; it is ended, never deleted."""

    __tablename__ = "officer_interests"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="says_why"),
        sa.Index(
            "uq_officer_interests_open",
            "user_id",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), index=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    kind: Mapped[InterestKind] = mapped_column(enum_column(InterestKind, "kind"))
    reason: Mapped[str] = mapped_column(sa.Text)
    declared_at: Mapped[UtcTime]
    ended_at: Mapped[dt.datetime | None]
    """When the interest was over; it counts for three years more."""

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class UsccCheck(StrEnum):
    """What the check digits of the credit code said when the form was sent."""

    VALID = "valid"
    MISMATCH = "mismatch"
    NOT_APPLICABLE = "not_applicable"


class Verification(Model):
    """One request of an organisation to have its identity verified, with its proof and its outcome."""

    __tablename__ = "verifications"
    __table_args__ = (
        sa.CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided_unless_submitted"),
        sa.CheckConstraint("state <> 'rejected' OR reason <> ''", name="reason_when_rejected"),
        sa.Index(
            "uq_verifications_open",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("state = 'submitted'"),
            sqlite_where=sa.text("state = 'submitted'"),
        ),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    state: Mapped[VerificationState] = mapped_column(
        enum_column(VerificationState, "state"), default=VerificationState.SUBMITTED
    )
    uscc_check: Mapped[UsccCheck] = mapped_column(enum_column(UsccCheck, "uscc_check"))
    licence_file_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("stored_files.id"))
    authorisation_file_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("stored_files.id"))
    submitted_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    submitted_at: Mapped[UtcTime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    organization: Mapped[Organization] = relationship(back_populates="verifications", lazy="raise_on_sql")
    licence_file: Mapped[StoredFile] = relationship(foreign_keys=[licence_file_id], lazy="raise_on_sql")
    authorisation_file: Mapped[StoredFile | None] = relationship(
        foreign_keys=[authorisation_file_id], lazy="raise_on_sql"
    )
