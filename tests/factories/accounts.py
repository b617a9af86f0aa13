"""People, organisations and their verification."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
import sqlalchemy as sa

from app.accounts.commands import InterestKind
from app.accounts.models import (
    Invitation,
    Membership,
    OfficerInterest,
    Organization,
    Role,
    UsccCheck,
    User,
    Verification,
)
from app.core.actor import MemberRole, StaffRole
from tests.factories.base import Factory, current
from tests.factories.files import StoredFileFactory
from tests.support.clock import NOON


class OrganizationFactory(Factory):
    """A verified company that stands on both sides; ``terminal`` and ``chip`` narrow it to one."""

    class Meta:
        model = Organization

    class Params:
        terminal = factory.Trait(is_supply=False)
        chip = factory.Trait(is_demand=False)
        unverified = factory.Trait(verified_at=None)

    legal_name_zh = factory.Sequence(lambda n: f"广东第{n}电子有限公司")
    org_type = "enterprise"
    is_demand, is_supply = True, True
    region_code, city_code, industry_code = "440305", "440300", "6520"
    verified_at = NOON - dt.timedelta(days=30)


class UserFactory(Factory):
    """A confirmed person; ``organization=…`` makes a member, ``role=…`` with another role than editor."""

    class Meta:
        model = User
        exclude = ("organization", "role", "staff")

    organization: Any = None
    role = MemberRole.EDITOR
    staff: Any = ()
    """Staff roles the person holds."""
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    fs_uniquifier = factory.Sequence(lambda n: f"uniquifier{n}")
    name = factory.Sequence(lambda n: f"第{n}人")
    confirmed_at = NOON - dt.timedelta(days=40)
    membership = factory.LazyAttribute(
        lambda user: Membership(organization=user.organization, role=user.role) if user.organization else None
    )
    roles = factory.LazyAttribute(lambda user: [_role(role) for role in user.staff])


class VerificationFactory(Factory):
    """A request that waits for its decision."""

    class Meta:
        model = Verification

    organization = factory.SubFactory(OrganizationFactory, verified_at=None)
    uscc_check = UsccCheck.VALID
    licence_file = factory.SubFactory(StoredFileFactory, purpose="licence")
    submitted_by = factory.LazyAttribute(lambda one: UserFactory(organization=one.organization).id)
    submitted_at = NOON


class InvitationFactory(Factory):
    """An open invitation."""

    class Meta:
        model = Invitation

    organization = factory.SubFactory(OrganizationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.com")
    role = MemberRole.EDITOR
    invited_by = factory.LazyAttribute(lambda one: UserFactory(organization=one.organization).id)
    expires_at = NOON + dt.timedelta(days=7)


def officer(**attributes: Any) -> User:
    """Return a person who decides for the provincial authority."""
    user: User = UserFactory(staff=(StaffRole.PROVINCIAL_AUTHORITY,), **attributes)
    return user


def tied_officer(organization_id: Any) -> User:
    """Return such a person with a declared interest in a company."""
    user = officer()
    current().add(
        OfficerInterest(
            user_id=user.id,
            organization_id=organization_id,
            kind=InterestKind.KINSHIP,
            reason="配偶任职",
            declared_at=NOON,
        )
    )
    current().commit()
    return user


def operator(**attributes: Any) -> User:
    """Return a person who runs the portal's daily business without deciding."""
    user: User = UserFactory(staff=(StaffRole.OPERATOR,), **attributes)
    return user


def _role(name: StaffRole) -> Role:
    kept = current().info.setdefault("roles", {})
    if name not in kept or not sa.inspect(kept[name]).persistent:
        query = sa.select(Role).where(Role.name == name)
        kept[name] = current().scalars(query).one_or_none() or Role(name=name)
    role: Role = kept[name]
    return role


def prefecture_officer(city_code: str = "440300", **attributes: Any) -> User:
    """Return a person who decides for the authority of a city, that of the factories' companies."""
    user: User = UserFactory(staff=(StaffRole.PREFECTURE_AUTHORITY,), city_code=city_code, **attributes)
    return user


def supervisor(**attributes: Any) -> User:
    """Return a person who watches over the authority."""
    user: User = UserFactory(staff=(StaffRole.SUPERVISOR,), **attributes)
    return user
