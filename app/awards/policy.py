"""Who proposes, confirms, objects and decides; pure functions of an actor and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import StaffRole
from app.core.policy import YES, Decision, no
from app.demands.workflow import PostingMode

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_propose(actor: Actor, *, owner_id: uuid.UUID, mode: PostingMode) -> Decision:
    """The owner of an enterprise challenge proposes; the authority proposes for a government task."""
    if mode is PostingMode.GOVERNMENT_TASK:
        return YES if actor.is_authority else no("Only the authority proposes the award of a government task.")
    if not actor.belongs_to(owner_id):
        return no("The company that posed the challenge proposes its award.")
    return YES if actor.can_edit else no("Ask the owner of your company's account for the editor role.",
                                         way_out="company.people")  # fmt: skip


def can_confirm(actor: Actor, *, proposed_by: uuid.UUID) -> Decision:
    """The authority confirms what somebody else has proposed: two people stand for every award."""
    if not actor.is_authority:
        return no("Only the authority confirms an award.")
    if actor.user_id == proposed_by:
        return no("You have proposed this award yourself. Another officer confirms it.")
    return YES


def can_decide(actor: Actor) -> Decision:
    """The authority decides objections and awards."""
    return YES if actor.is_authority else no("Only the authority decides here.")


def can_uphold(actor: Actor, *, proposed_by: uuid.UUID | None) -> Decision:
    """That an objection is right is confirmed by another officer than the one who found it so."""
    decision = can_decide(actor)
    if decision and actor.user_id == proposed_by:
        return no("You have found this objection right yourself. Another officer confirms it.")
    return decision


def can_look_again(actor: Actor, *, decided_by: uuid.UUID | None) -> Decision:
    """A dismissal is looked at again by another officer than the one who dismissed."""
    decision = can_decide(actor)
    if decision and actor.user_id == decided_by:
        return no("You have dismissed this objection yourself. Another officer looks at it again.")
    return decision


def can_replace(actor: Actor, *, awarded_by: uuid.UUID | None) -> Decision:
    """An award is taken back by another officer than the one who made it."""
    decision = can_decide(actor)
    if decision and awarded_by is not None and actor.user_id == awarded_by:
        return no("You have made this award yourself. Another officer replaces it.")
    return decision


def can_object(actor: Actor, *, owner_id: uuid.UUID) -> Decision:
    """Anybody with a verified company objects in its real name; the challenge owner does not object to itself."""
    if not actor.is_authenticated:
        return no("Log in to object. Objections are made in the real name of a company.", way_out="security.login")
    if actor.organization_id is None:
        return no("Objections are made in the real name of a company. Create your company first.",
                  way_out="company.new")  # fmt: skip
    if actor.belongs_to(owner_id):
        return no("This is your own company's challenge. Return to the review instead.")
    if not actor.is_verified:
        return no("Your company has not been verified yet. Objections are made in a verified name.",
                  way_out="company.verification")  # fmt: skip
    if not actor.can_edit:
        return no("You can read for your company but not act for it. Ask its owner for the editor role.",
                  way_out="company.people")  # fmt: skip
    return YES


def can_read_objection(actor: Actor, *, organization_id: uuid.UUID | None) -> Decision:
    """An objection is read by its author's company, the authority and the supervisor; its author stays unknown."""
    if actor.is_authority or StaffRole.SUPERVISOR in actor.roles or actor.belongs_to(organization_id):
        return YES
    return no("This objection is not yours.")


def can_read_feedback(actor: Actor, *, organization_id: uuid.UUID | None) -> Decision:
    """A firm reads what was found about its own bid."""
    return YES if actor.belongs_to(organization_id) else no("This bid belongs to another company.")
