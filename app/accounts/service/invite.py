"""Inviting people by e-mail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.accounts import policy
from app.accounts.models import Invitation, Membership, Organization, User
from app.accounts.service import locked
from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.mail.service import queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor, MemberRole

VALID_FOR = dt.timedelta(days=14)
MAX_WAITING = 50
NO_INVITATION = "This invitation does not exist, or it is for another e-mail address."


def invite(session: Session, *, actor: Actor, email: str, role: MemberRole, now: dt.datetime) -> Invitation:
    """Offer a role to whoever reads the mailbox ``email`` (normalised); the offer is good for 14 days.

    Raises NotAllowed or RuleViolation beside ``email``.
    """
    policy.can_manage_people(actor, actor.organization_id).enforce()
    organization = locked.organization(session, actor.organization_id)
    _make_room(session, organization, email, now)
    guest = session.scalars(select(User).where(User.email == email)).unique().one_or_none()
    invitation = Invitation(
        id=uuid.uuid4(),
        organization_id=organization.id,
        email=email,
        role=role,
        invited_by=actor.user_id,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(invitation)
    session.flush()
    queue_mail(
        session,
        template="invitation",
        user_id=guest.id if guest else None,
        recipient=email,
        locale=guest.locale if guest else actor.locale,
        dedupe_key=f"invitation:{invitation.id}",
        context={
            "organization": organization.legal_name_zh,
            "inviter": actor.name,
            "role": str(role),
            "expires_at": invitation.expires_at,
            "has_account": guest is not None,
            "link_path": "/workspace/company/new" if guest else "/account/register",
        },
        now=now,
    )
    audit.record(session, actor, "invitation.send", "invitation", invitation.id, role=role)
    return invitation


def revoke_invitation(session: Session, *, actor: Actor, invitation_id: uuid.UUID, now: dt.datetime) -> None:
    """Take an offer back. Raises NotFound, NotAllowed or Conflict."""
    policy.can_manage_people(actor, actor.organization_id).enforce()
    invitation = _lock(session, invitation_id)
    if invitation.organization_id != actor.organization_id:
        raise NotFound(NO_INVITATION, code="invitation_not_found")
    _check_open(invitation)
    invitation.revoked_at = now
    audit.record(session, actor, "invitation.revoke", "invitation", invitation.id)


def accept_invitation(session: Session, *, actor: Actor, invitation_id: uuid.UUID, now: dt.datetime) -> Organization:
    """Join the organisation that invited the actor's confirmed address.

    Raises NotFound, NotAllowed (whoever decides for the authority), or Conflict when the offer is used, revoked or
    expired, or the actor is a member somewhere.
    """
    invitation = _lock(session, invitation_id)
    if actor.user_id is None or invitation.email != actor.email:
        raise NotFound(NO_INVITATION, code="invitation_not_found")
    policy.can_belong_to_company(actor).enforce()
    _check_open(invitation)
    if invitation.expires_at <= now:
        raise Conflict("This invitation has expired. Ask for a new one.", code="invitation_expired")
    if session.scalar(select(Membership.id).where(Membership.user_id == actor.user_id)) is not None:
        raise Conflict("You already belong to an organisation. Leave it first.", code="already_member")
    invitation.accepted_at = now
    session.add(
        Membership(
            user_id=actor.user_id,
            organization_id=invitation.organization_id,
            role=invitation.role,
            created_at=now,
        )
    )
    audit.record(session, actor, "invitation.accept", "invitation", invitation.id, role=invitation.role)
    return invitation.organization


def decline_invitation(session: Session, *, actor: Actor, invitation_id: uuid.UUID, now: dt.datetime) -> None:
    """Refuse an offer. Raises NotFound or Conflict."""
    invitation = _lock(session, invitation_id)
    if actor.user_id is None or invitation.email != actor.email:
        raise NotFound(NO_INVITATION, code="invitation_not_found")
    _check_open(invitation)
    invitation.revoked_at = now
    audit.record(session, actor, "invitation.decline", "invitation", invitation.id)


def _make_room(session: Session, organization: Organization, email: str, now: dt.datetime) -> None:
    """Refuse a second offer to the same address; an expired one gives way."""
    members = select(Membership.id).join(Membership.user).where(User.email == email)
    if session.scalar(members.where(Membership.organization_id == organization.id)) is not None:
        raise RuleViolation("This person is a member already.", code="member_already", field="email")
    waiting = (
        Invitation.organization_id == organization.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    earlier = session.scalars(select(Invitation).where(*waiting, Invitation.email == email)).one_or_none()
    if earlier is not None and earlier.expires_at > now:
        raise RuleViolation("This address has an open invitation already.", code="invited_already", field="email")
    if earlier is not None:
        earlier.revoked_at = now
        session.flush()
    if (session.scalar(select(func.count()).where(*waiting)) or 0) >= MAX_WAITING:
        raise RuleViolation("Too many invitations are open. Take some back first.", code="too_many", field="email")


def _lock(session: Session, invitation_id: uuid.UUID) -> Invitation:
    query = (
        select(Invitation)
        .join(Invitation.organization)
        .where(Invitation.id == invitation_id)
        .options(contains_eager(Invitation.organization))
    )
    return lock_one(session, query, of=[Invitation], missing=NO_INVITATION, code="invitation_not_found")


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise Conflict("This invitation has been accepted already.", code="invitation_used")
    if invitation.revoked_at is not None:
        raise Conflict("This invitation has been taken back.", code="invitation_revoked")
