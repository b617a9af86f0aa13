"""What templates may see of people and organisations."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.accounts.models import UsccCheck
from app.accounts.workflow import ANSWER_WITHIN_DAYS, VerificationState
from app.core.actor import MemberRole
from app.core.calendar import add_working_days

if TYPE_CHECKING:
    from app.accounts.models import Organization, Verification
    from app.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class PublicCompany:
    """The part of an organisation that everybody may read."""

    id: uuid.UUID
    legal_name_zh: str
    name_en: str
    uscc: str
    other_registration: str
    org_type: str
    capacities: tuple[str, ...]
    region_code: str
    city_code: str
    industry_code: str
    established_on: dt.date | None
    registered_capital_wan: Decimal | None
    size_class: str
    profile: str
    verified_at: dt.datetime | None
    categories: tuple[str, ...]
    labels: tuple[tuple[str, dt.date | None], ...]
    is_fictional: bool

    @property
    def is_verified(self) -> bool:
        """Whether its identity has been verified."""
        return self.verified_at is not None

    def valid_labels(self, today: dt.date) -> tuple[str, ...]:
        """Return the codes of the official labels whose term has not run out."""
        return tuple(code for code, until in self.labels if until is None or until >= today)


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation as its own members and the authority see it."""

    public: PublicCompany
    employees: int | None
    rnd_staff: int | None
    revenue_band_wan: str
    legal_rep: str
    agent_name: str
    agent_post: str
    agent_mobile: str
    agent_email: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that can be downloaded."""

    id: uuid.UUID
    name: str
    size_bytes: int
    media_type: str

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it inside a page."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class VerificationView:
    """One request and its outcome."""

    id: uuid.UUID
    state: VerificationState
    uscc_check: UsccCheck
    licence: FileView
    authorisation: FileView | None
    submitted_by: str
    submitted_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    reason: str

    @property
    def due_at(self) -> dt.datetime:
        """By when the authority answers."""
        return add_working_days(self.submitted_at, ANSWER_WITHIN_DAYS)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of an organisation."""

    id: uuid.UUID
    user_id: uuid.UUID
    name: str
    post: str
    email: str
    role: MemberRole
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An open invitation, seen from either side."""

    id: uuid.UUID
    organization: str
    email: str
    role: MemberRole
    expires_at: dt.datetime
    is_expired: bool


def public_company(row: Organization) -> PublicCompany:
    """Return the public part of a row whose categories and labels are loaded."""
    return PublicCompany(
        id=row.id,
        legal_name_zh=row.legal_name_zh,
        name_en=row.name_en,
        uscc=row.uscc or "",
        other_registration=row.other_registration,
        org_type=row.org_type,
        capacities=tuple(sorted(row.capacities)),
        region_code=row.region_code,
        city_code=row.city_code,
        industry_code=row.industry_code,
        established_on=row.established_on,
        registered_capital_wan=row.registered_capital_wan,
        size_class=row.size_class,
        profile=row.profile,
        verified_at=row.verified_at,
        categories=tuple(sorted(category.code for category in row.categories)),
        labels=tuple((label.code, label.valid_until) for label in sorted(row.labels, key=lambda one: one.code)),
        is_fictional=row.is_fictional,
    )


def company(row: Organization) -> Company:
    """Return all of a row whose categories and labels are loaded."""
    return Company(
        public=public_company(row),
        employees=row.employees,
        rnd_staff=row.rnd_staff,
        revenue_band_wan=row.revenue_band_wan,
        legal_rep=row.legal_rep,
        agent_name=row.agent_name,
        agent_post=row.agent_post,
        agent_mobile=row.agent_mobile,
        agent_email=row.agent_email,
    )


def file_view(file: StoredFile) -> FileView:
    """Return what a page says about a file."""
    return FileView(file.id, file.filename, file.size_bytes, file.media_type)


def verification(row: Verification, submitted_by: str, decided_by: str) -> VerificationView:
    """Return a request whose files are loaded."""
    return VerificationView(
        id=row.id,
        state=row.state,
        uscc_check=row.uscc_check,
        licence=file_view(row.licence_file),
        authorisation=file_view(row.authorisation_file) if row.authorisation_file else None,
        submitted_by=submitted_by,
        submitted_at=row.submitted_at,
        decided_by=decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
