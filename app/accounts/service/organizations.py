"""Founding an organisation on the portal and keeping its profile."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts import policy
from app.accounts.models import (
    Membership,
    Organization,
    OrganizationCategory,
    OrganizationLabel,
    Verification,
)
from app.accounts.service import locked
from app.accounts.workflow import VerificationState
from app.audit import service as audit
from app.core import clock
from app.core.actor import Capacity, MemberRole
from app.core.errors import Conflict, RuleViolation
from app.taxonomy import lists, places, size, uscc

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.accounts.commands import SaveOrganization
    from app.core.actor import Actor

IDENTITY = ("legal_name_zh", "uscc", "other_registration", "org_type", "legal_rep")
FIELDS = (
    *IDENTITY, "name_en", "region_code", "industry_code", "established_on", "registered_capital_wan", "employees",
    "rnd_staff", "revenue_band_wan", "profile", "agent_name", "agent_post", "agent_mobile", "agent_email",
)  # fmt: skip


def create_organization(session: Session, *, actor: Actor, command: SaveOrganization, now: dt.datetime) -> Organization:
    """Found an organisation with the actor as its owner.

    Raises NotAllowed, Conflict (the actor has just joined another one) or RuleViolation beside a field.
    """
    policy.can_create_organization(actor).enforce()
    joined = select(Membership.id).where(Membership.user_id == actor.user_id)
    if session.scalar(joined) is not None:
        raise Conflict("You already belong to an organisation. Leave it first.", code="already_member")
    organization = Organization(id=uuid.uuid4(), created_at=now, updated_at=now, categories=[], labels=[])
    _fill(session, organization, command)
    session.add(organization)
    session.flush()
    session.add(
        Membership(user_id=actor.user_id, organization_id=organization.id, role=MemberRole.OWNER, created_at=now)
    )
    audit.record(
        session,
        actor,
        "organization.create",
        "organization",
        organization.id,
        label=organization.legal_name_zh,
    )
    return organization


def save_organization(
    session: Session, *, actor: Actor, organization_id: uuid.UUID, command: SaveOrganization, now: dt.datetime
) -> Organization:
    """Change the profile. What has been or is being verified stays as it is.

    Raises NotFound, NotAllowed or RuleViolation beside a field.
    """
    policy.can_edit_organization(actor, organization_id).enforce()
    organization = locked.organization(session, organization_id)
    before = {name: getattr(organization, name) for name in FIELDS}
    _fill(session, organization, command)
    changed = [name for name in FIELDS if before[name] != getattr(organization, name)]
    frozen = next((name for name in IDENTITY if name in changed), None)
    if frozen and _is_identity_fixed(session, organization):
        raise RuleViolation(
            "This was checked against your licence and cannot be changed here. Write to the operator.",
            code="identity_fixed",
            field=frozen,
        )
    organization.updated_at = now
    audit.record(
        session,
        actor,
        "organization.save",
        "organization",
        organization.id,
        label=organization.legal_name_zh,
        fields=changed,
    )
    return organization


def _is_identity_fixed(session: Session, organization: Organization) -> bool:
    if organization.is_verified:
        return True
    waiting = select(Verification.id).where(
        Verification.organization_id == organization.id, Verification.state == VerificationState.SUBMITTED
    )
    with session.no_autoflush:
        return session.scalar(waiting) is not None


def _fill(session: Session, organization: Organization, command: SaveOrganization) -> None:
    """Check the profile and put it into the row."""
    code = _registration(session, organization.id, command)
    _check_figures(command)
    if command.region_code not in lists.regions:
        raise RuleViolation("Choose where the organisation is registered.", code="region", field="region_code")
    for name in FIELDS:
        setattr(organization, name, getattr(command, name))
    organization.uscc = code
    organization.is_demand = Capacity.DEMAND in command.capacities
    organization.is_supply = Capacity.SUPPLY in command.capacities
    organization.is_service = Capacity.SERVICE in command.capacities
    organization.city_code = places.city_of(command.region_code)
    organization.size_class = size.size_class(
        command.industry_code, command.employees, size.band_floor(command.revenue_band_wan)
    )
    _replace_codes(organization, command)


def _registration(session: Session, own_id: uuid.UUID, command: SaveOrganization) -> str | None:
    """Return the credit code as it is kept; None where there is none."""
    code = uscc.normalise(command.uscc)
    if not code:
        if command.org_type not in ("hk_macao", "foreign"):
            raise RuleViolation("Enter the unified social credit code.", code="uscc_missing", field="uscc")
        if not command.other_registration:
            raise RuleViolation(
                "Enter the number under which you are registered at home.",
                code="registration_missing",
                field="other_registration",
            )
        return None
    if uscc.check(code) is uscc.UsccResult.MALFORMED:
        raise RuleViolation(
            "A unified social credit code has 18 digits and capitals without I, O, S, V and Z.",
            code="uscc_malformed",
            field="uscc",
        )
    if not uscc.suits(code, command.org_type):
        raise RuleViolation(
            "The first two characters of the code do not belong to this type of organisation.",
            code="uscc_type",
            field="uscc",
        )
    with session.no_autoflush:
        other = session.scalar(select(Organization.id).where(Organization.uscc == code, Organization.id != own_id))
    if other is not None:
        raise RuleViolation(
            "An organisation with this code is already on the portal. Ask its owner to invite you.",
            code="uscc_taken",
            field="uscc",
        )
    return code


def _check_figures(command: SaveOrganization) -> None:
    if not command.capacities:
        raise RuleViolation("Choose at least one side.", code="capacity", field="capacities")
    if command.established_on is not None and command.established_on > clock.today():
        raise RuleViolation("This day lies in the future.", code="future", field="established_on")
    staff, rnd = command.employees, command.rnd_staff
    if staff is not None and rnd is not None and rnd > staff:
        raise RuleViolation("More researchers than people work here.", code="rnd_staff", field="rnd_staff")


def _replace_codes(organization: Organization, command: SaveOrganization) -> None:
    """Replace categories and labels, keeping the rows that stay."""
    kept = {row.code: row for row in organization.categories}
    organization.categories = [kept.get(code) or OrganizationCategory(code=code) for code in sorted(command.categories)]
    claims = {claim.code: claim.valid_until for claim in command.labels}
    labels = {row.code: row for row in organization.labels}
    organization.labels = [labels.get(code) or OrganizationLabel(code=code) for code in claims]
    for row in organization.labels:
        row.valid_until = claims[row.code]
