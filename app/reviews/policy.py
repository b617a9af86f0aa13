"""Who does and who sees what in a review; pure functions of an actor and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import StaffRole
from app.core.policy import YES, Decision, no
from app.demands.workflow import PostingMode

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_manage_experts(actor: Actor) -> Decision:
    """Authority and operator keep the pool of experts."""
    return YES if actor.is_authority or actor.is_operator else no("Only authority and operator keep the experts.")


def can_read_reviews(actor: Actor) -> Decision:
    """The desk sees how reviews proceed."""
    return YES if actor.is_staff else no("Only the desk follows reviews.")


def sees_bids(actor: Actor) -> bool:
    """Return whether the person reads opened bids and scores; the operator handles both without reading them."""
    return actor.is_authority or StaffRole.SUPERVISOR in actor.roles


def can_check_format(actor: Actor) -> Decision:
    """Authority and operator go through the checklist."""
    return YES if actor.is_authority or actor.is_operator else no("Only authority and operator check the form of bids.")


def can_sign_format(actor: Actor, *, prepared_by: uuid.UUID | None) -> Decision:
    """The authority signs, and never what the same person has prepared."""
    if not actor.is_authority:
        return no("Only the provincial authority signs a format check.")
    if prepared_by is not None and actor.user_id == prepared_by:
        return no("You prepared this check yourself. A second person of the authority signs it.")
    return YES


def can_lead(actor: Actor) -> Decision:
    """The authority forms the panel, opens the discussion and settles the ranking."""
    return YES if actor.is_authority else no("Only the provincial authority leads a review.")


def can_schedule(actor: Actor) -> Decision:
    """Authority and operator set the hours of defences and replace whoever does not answer."""
    return YES if actor.is_authority or actor.is_operator else no("Only authority and operator schedule reviews.")


def can_use_method(method: str, mode: PostingMode) -> Decision:
    """Only the owner of a challenge that a company poses may evaluate it without a panel."""
    if method == "owner" and mode is not PostingMode.ENTERPRISE_POSED:
        return no("A task of the government is judged by a panel of experts.")
    return YES


def can_sit(actor: Actor, *, user_id: uuid.UUID | None, owner_id: uuid.UUID) -> Decision:
    """A seat is its expert's alone; the owner's seat belongs to the editors of the challenge's company."""
    if user_id is not None:
        return YES if actor.user_id == user_id else no("This seat is another expert's.")
    if not actor.belongs_to(owner_id):
        return no("This challenge belongs to another organisation.")
    return YES if actor.can_edit else no("You can read for your company but not act for it.")


def can_correct(actor: Actor, *, organization_id: uuid.UUID | None) -> Decision:
    """The bidder's editors correct the form of their bid."""
    if not actor.belongs_to(organization_id):
        return no("This bid belongs to another company.")
    return YES if actor.can_edit else no("You can read for your company but not act for it.")


def can_read_own_result(actor: Actor, *, organization_id: uuid.UUID | None) -> Decision:
    """A bidder reads what was said about its own bid, and nothing about others."""
    return YES if actor.belongs_to(organization_id) else no("This bid belongs to another company.")
