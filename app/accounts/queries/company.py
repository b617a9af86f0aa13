"""The pages of one's own organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Invitation, Membership, Organization, User, Verification
from app.accounts.queries import views
from app.accounts.workflow import VerificationState
from app.core.errors import NotFound

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person says of themselves."""

    name: str
    post: str
    mobile: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class People:
    """Members and open invitations of an organisation."""

    members: list[views.MemberView]
    invitations: list[views.InvitationView]


def load(session: Session, organization_id: uuid.UUID | None) -> Organization:
    """Return an organisation with its categories and labels. Raises NotFound."""
    row = session.scalars(
        select(Organization)
        .where(Organization.id == organization_id)
        .options(selectinload(Organization.categories), selectinload(Organization.labels))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such organisation.", code="organization_not_found")
    return row


def own_company(session: Session, *, actor: Actor) -> views.Company:
    """Return the actor's own organisation. Raises NotFound."""
    return views.company(load(session, actor.organization_id))


def verifications(session: Session, organization_id: uuid.UUID | None) -> list[views.VerificationView]:
    """Return the requests of an organisation, newest first, in one query."""
    submitter, decider = aliased(User, flat=True), aliased(User, flat=True)
    query = (
        select(Verification, submitter.name, decider.name)
        .join(submitter, submitter.id == Verification.submitted_by)
        .outerjoin(decider, decider.id == Verification.decided_by)
        .where(Verification.organization_id == organization_id)
        .options(joinedload(Verification.licence_file, innerjoin=True), joinedload(Verification.authorisation_file))
        .order_by(Verification.submitted_at.desc(), Verification.id)
    )
    return [views.verification(row, by, decided or "") for row, by, decided in session.execute(query)]


def state_of(company: views.Company, requests: list[views.VerificationView]) -> str:
    """Return the state of verification as one word: none, submitted, verified or rejected."""
    if company.public.is_verified:
        return VerificationState.VERIFIED
    return requests[0].state if requests else "none"


def fixed_identity(session: Session, *, actor: Actor) -> views.Company | None:
    """Return the actor's organisation while its name and code may not change: verified or being verified."""
    company = own_company(session, actor=actor)
    state = state_of(company, verifications(session, actor.organization_id))
    return company if state in (VerificationState.SUBMITTED, VerificationState.VERIFIED) else None


def people(session: Session, *, actor: Actor, now: dt.datetime) -> People:
    """Return the people of the actor's organisation. Raises NotFound without one."""
    if actor.organization_id is None:
        raise NotFound("You belong to no organisation.", code="no_membership")
    rows = session.execute(
        select(Membership.id, User.id, User.name, User.post, User.email, Membership.role, Membership.created_at)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id == actor.organization_id)
        .order_by(Membership.created_at, Membership.id)
    )
    waiting = Invitation.organization_id == actor.organization_id
    return People([views.MemberView(*row) for row in rows], _invitations(session, waiting, now))


def invitations_for(session: Session, *, actor: Actor, now: dt.datetime) -> list[views.InvitationView]:
    """Return what the actor's address is invited to and can still accept."""
    open_ones = _invitations(session, Invitation.email == actor.email, now)
    return [invitation for invitation in open_ones if not invitation.is_expired]


def _invitations(session: Session, condition: object, now: dt.datetime) -> list[views.InvitationView]:
    rows = session.execute(
        select(
            Invitation.id,
            Organization.legal_name_zh,
            Invitation.email,
            Invitation.role,
            Invitation.expires_at,
        )
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(condition, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))  # type: ignore[arg-type]
        .order_by(Invitation.created_at, Invitation.id)
    )
    return [
        views.InvitationView(row_id, name, email, role, expires_at, expires_at <= now)
        for row_id, name, email, role, expires_at in rows
    ]


def settings(session: Session, *, actor: Actor) -> Settings:
    """Return the actor's own data."""
    row = session.execute(
        select(User.name, User.post, User.mobile, User.email, User.locale).where(User.id == actor.user_id)
    ).one()
    return Settings(*row)
