"""Roles of the people of an organisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts import policy
from app.accounts.models import Membership
from app.accounts.service import locked
from app.audit import service as audit
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


Leaving = Callable[..., object]
_leaving: list[Leaving] = []


def register_leaving(hand_over: Leaving) -> None:
    """Let a slice hand over what somebody (``user_id``) did for the company (``organization_id``) they leave."""
    _leaving[:] = [hand_over]


def change_role(session: Session, *, actor: Actor, membership_id: uuid.UUID, role: MemberRole) -> None:
    """Give a member another role; the last owner keeps theirs. Raises NotFound, NotAllowed or Conflict."""
    policy.can_manage_people(actor, actor.organization_id).enforce()
    member = _locked(session, actor, membership_id)
    if member.role is role:
        return
    _keep_an_owner(session, member)
    before, member.role = member.role, role
    _record(session, actor, "member.change_role", member, before=before, after=role)


def remove_member(session: Session, *, actor: Actor, membership_id: uuid.UUID) -> None:
    """End somebody's membership; their account stays. Raises NotFound, NotAllowed or Conflict."""
    policy.can_manage_people(actor, actor.organization_id).enforce()
    member = _locked(session, actor, membership_id)
    _keep_an_owner(session, member)
    _record(session, actor, "member.remove", member, role=member.role)
    _end(session, member)


def leave(session: Session, *, actor: Actor) -> None:
    """End one's own membership. Raises NotFound or Conflict (the last owner stays)."""
    own = session.scalar(select(Membership.id).where(Membership.user_id == actor.user_id))
    if own is None:
        raise NotFound("You belong to no organisation.", code="no_membership")
    member = _locked(session, actor, own)
    _keep_an_owner(session, member)
    _record(session, actor, "member.leave", member, role=member.role)
    _end(session, member)


def transfer_ownership(session: Session, *, actor: Actor, membership_id: uuid.UUID) -> None:
    """Make another member owner and oneself editor, at once. Raises NotFound, NotAllowed or Conflict."""
    policy.can_manage_people(actor, actor.organization_id).enforce()
    heir = _locked(session, actor, membership_id)
    if heir.user_id == actor.user_id:
        raise Conflict("You are the owner already.", code="own_transfer")
    own_id = session.scalar(select(Membership.id).where(Membership.user_id == actor.user_id))
    if own_id is None:
        raise NotFound("There is no such member.", code="not_found")
    own = locked.member(session, actor.organization_id, own_id)
    heir.role, own.role = MemberRole.OWNER, MemberRole.EDITOR
    _record(session, actor, "member.transfer", heir)


def _locked(session: Session, actor: Actor, membership_id: uuid.UUID) -> Membership:
    """Lock the organisation first: two owners who demote each other must not both succeed."""
    locked.organization(session, actor.organization_id)
    member = locked.member(session, actor.organization_id, membership_id)
    own = session.scalar(
        select(Membership.role).where(
            Membership.user_id == actor.user_id, Membership.organization_id == actor.organization_id
        )
    )
    if own is not actor.member_role:
        raise Conflict("Your own role has just been changed. Reload the page.", code="role_changed")
    return member


def _end(session: Session, member: Membership) -> None:
    for hand_over in _leaving:
        hand_over(session, user_id=member.user_id, organization_id=member.organization_id)
    session.delete(member)


def _keep_an_owner(session: Session, member: Membership) -> None:
    decision = policy.can_lose_role(member.role, n_owners=locked.n_owners(session, member.organization_id))
    if not decision:
        raise Conflict(decision.reason, code="last_owner")


def _record(session: Session, actor: Actor, action: str, member: Membership, **details: str) -> None:
    audit.record(
        session,
        actor,
        action,
        "membership",
        member.id,
        label=member.user.name or member.user.email,
        **details,
    )
