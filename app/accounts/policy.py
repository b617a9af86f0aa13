"""Who may do what with people and organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import DECIDING, MemberRole
from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor

OTHER_COMPANY = "This belongs to another organisation."


def can_create_organization(actor: Actor) -> Decision:
    """A person without an organisation may found one on the portal."""
    if not actor.is_authenticated:
        return no("Please log in first.", way_out="security.login")
    if actor.organization_id is not None:
        return no("You already belong to an organisation. Leave it first.", way_out="company.people")
    return can_belong_to_company(actor)


def can_belong_to_company(actor: Actor) -> Decision:
    """Whoever decides for the authority belongs to no company: nobody decides about an own bid."""
    return no("Whoever decides for the authority belongs to no company.") if actor.roles & DECIDING else YES


def can_edit_organization(actor: Actor, organization_id: uuid.UUID | None) -> Decision:
    """Owners and editors keep the profile up to date."""
    if not actor.belongs_to(organization_id):
        return no(OTHER_COMPANY)
    return YES if actor.can_edit else no("Viewers cannot change the profile. Ask an owner for the role of editor.")


def can_manage_people(actor: Actor, organization_id: uuid.UUID | None) -> Decision:
    """Owners invite, promote and remove."""
    if not actor.belongs_to(organization_id):
        return no(OTHER_COMPANY)
    return YES if actor.is_owner else no("Only an owner of the organisation can do this.")


def can_lose_role(role: MemberRole, *, n_owners: int) -> Decision:
    """The last owner stays an owner: somebody must answer for the organisation."""
    if role is MemberRole.OWNER and n_owners <= 1:
        return no("An organisation needs an owner. Make somebody else owner first.", way_out="company.people")
    return YES


def can_request_verification(
    actor: Actor, organization_id: uuid.UUID | None, *, is_verified: bool, is_waiting: bool
) -> Decision:
    """Owners and editors ask for verification, one request at a time."""
    decision = can_edit_organization(actor, organization_id)
    if not decision:
        return decision
    if is_verified:
        return no("Your organisation is verified already.", way_out="company.show")
    if is_waiting:
        return no("Your request is waiting for a decision.")
    return YES


def can_read_verifications(actor: Actor) -> Decision:
    """The desk is open to the authority, the operator and those who supervise them."""
    return YES if actor.is_staff else no("Only the authority can read this.")


def can_decide_verification(actor: Actor) -> Decision:
    """The provincial authority decides; the operator only prepares."""
    return YES if actor.is_authority else no("Only the provincial authority decides this.")


def can_declare_interest(actor: Actor) -> Decision:
    """Whoever decides for the authority, or prepares its decisions, declares the own interests."""
    return YES if actor.roles & DECIDING else no("Interests are declared by people of the authority.")
