"""Who acts: the part of a person that rules look at, frozen and free of the database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.errors import NotAllowed

DEFAULT_LOCALE = "zh_Hans_CN"
LOCALES = (DEFAULT_LOCALE, "en")


class StaffRole(StrEnum):
    """Capacities of people outside the companies (domain roles)."""

    PROVINCIAL_AUTHORITY = "provincial_authority"
    PREFECTURE_AUTHORITY = "prefecture_authority"
    OPERATOR = "operator"
    EXPERT = "expert"
    TEST_LAB = "test_lab"
    SUPERVISOR = "supervisor"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"


DECIDING = frozenset(StaffRole) - {StaffRole.EXPERT, StaffRole.TEST_LAB}
"""Roles whose holders belong to no company: nobody decides about an own bid."""


class MemberRole(StrEnum):
    """What a member may do for the organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Capacity(StrEnum):
    """On which side of a transaction an organisation can stand."""

    DEMAND = "demand"
    SUPPLY = "supply"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, nobody yet (``ANONYMOUS``), or the portal itself (``SYSTEM``)."""

    user_id: uuid.UUID | None = None
    name: str = ""
    email: str = ""
    locale: str = DEFAULT_LOCALE
    roles: frozenset[StaffRole] = field(default_factory=frozenset)
    organization_id: uuid.UUID | None = None
    organization_name: str = ""
    member_role: MemberRole | None = None
    capacities: frozenset[Capacity] = field(default_factory=frozenset)
    is_verified: bool = False
    """Whether the organisation's identity has been verified."""
    city_code: str = ""
    """City for whose authority the person decides; empty for everybody else."""
    is_system: bool = False

    @property
    def is_authenticated(self) -> bool:
        """Whether a person is logged in."""
        return self.user_id is not None

    @property
    def is_authority(self) -> bool:
        """Whether the person decides for the provincial authority."""
        return StaffRole.PROVINCIAL_AUTHORITY in self.roles

    @property
    def is_prefecture(self) -> bool:
        """Whether the person decides for the authority of a city."""
        return StaffRole.PREFECTURE_AUTHORITY in self.roles and bool(self.city_code)

    @property
    def is_operator(self) -> bool:
        """Whether the person runs the portal's daily business without deciding."""
        return StaffRole.OPERATOR in self.roles

    @property
    def is_staff(self) -> bool:
        """Whether the desk is open to the person."""
        return bool(
            self.roles
            & {
                StaffRole.PROVINCIAL_AUTHORITY,
                StaffRole.OPERATOR,
                StaffRole.SUPERVISOR,
                StaffRole.AUDIT_ADMIN,
            }
        )

    @property
    def can_edit(self) -> bool:
        """Whether the person may change the organisation's business items."""
        return self.member_role in (MemberRole.OWNER, MemberRole.EDITOR)

    @property
    def is_owner(self) -> bool:
        """Whether the person answers for the organisation on the portal."""
        return self.member_role is MemberRole.OWNER

    def own_organization_id(self) -> uuid.UUID:
        """Return the person's organisation; raise NotAllowed for people without one."""
        if self.organization_id is None:
            raise NotAllowed("You belong to no organisation.", code="no_organization")
        return self.organization_id

    def belongs_to(self, organization_id: uuid.UUID | None) -> bool:
        """Return whether the person is a member of that organisation."""
        return organization_id is not None and self.organization_id == organization_id

    def has(self, capacity: Capacity) -> bool:
        """Return whether the person's organisation stands on that side."""
        return capacity in self.capacities


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True, name="system")
