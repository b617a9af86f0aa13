"""Who may post, read, decide; pure functions of an actor and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import Capacity
from app.core.policy import YES, Decision, no
from app.demands.workflow import NEVER_PUBLIC, PostingState

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_draft(actor: Actor) -> Decision:
    """Editors of a company that buys chips may prepare postings, verified or not."""
    if actor.organization_id is None:
        return no("Needs belong to companies. Create your company first.", way_out="company.new")
    if not actor.has(Capacity.DEMAND):
        return no("Your company is not registered as a terminal maker.", way_out="company.show")
    if not actor.can_edit:
        return no("You can read for your company but not act for it. Ask its owner for the editor role.",
                  way_out="company.people")  # fmt: skip
    return YES


def can_edit(actor: Actor, *, organization_id: uuid.UUID, state: PostingState) -> Decision:
    """A posting is changed by its own company, and only before it is submitted or after it was returned."""
    if not actor.belongs_to(organization_id):
        return no("This posting belongs to another company.")
    if state not in (PostingState.DRAFT, PostingState.RETURNED):
        return no("A posting can be changed while it is a draft or after it was returned.")
    return can_draft(actor)


def can_submit(actor: Actor, *, organization_id: uuid.UUID) -> Decision:
    """Only verified companies submit their own postings."""
    return _acts_for(actor, organization_id)


def can_end(actor: Actor, *, organization_id: uuid.UUID) -> Decision:
    """Editors close and cancel the postings of their own company."""
    if not actor.belongs_to(organization_id):
        return no("This posting belongs to another company.")
    return can_draft(actor)


def can_see_queue(actor: Actor) -> Decision:
    """The queue of submitted postings is open to the desk."""
    return YES if actor.is_staff else no("Only the authority and the operator see the queue of postings.")


def can_review(actor: Actor) -> Decision:
    """Postings are published and returned by the authority, nobody else."""
    return YES if actor.is_authority else no("Only the authority publishes or returns postings.")


def is_public(state: PostingState) -> bool:
    """Return whether everybody may read a posting in this state."""
    return state not in NEVER_PUBLIC and state is not PostingState.CANCELLED


def can_read(actor: Actor, *, organization_id: uuid.UUID, state: PostingState) -> Decision:
    """What is published is public; everything else is for its company, and once submitted for the desk."""
    if is_public(state) or actor.belongs_to(organization_id):
        return YES
    if actor.is_staff and state is not PostingState.DRAFT:
        return YES
    return no("This posting is not public.")


def is_own_city(actor: Actor, city_code: str) -> bool:
    """Return whether the person decides for the authority of that city."""
    return actor.is_prefecture and actor.city_code == city_code


def sees_owner(actor: Actor, *, organization_id: uuid.UUID, is_owner_shown: bool) -> bool:
    """Return whether the poster's name is shown."""
    return is_owner_shown or actor.is_staff or actor.belongs_to(organization_id)


def sees_verified_part(actor: Actor, *, organization_id: uuid.UUID) -> bool:
    """Return whether parameters and volume bands are shown: to people of verified companies and the desk."""
    return (
        actor.is_staff or actor.belongs_to(organization_id) or (actor.organization_id is not None and actor.is_verified)
    )


def sees_confidential_part(actor: Actor, *, organization_id: uuid.UUID) -> bool:
    """Return whether exact volume, price and the part in use are shown: to the poster and the authority."""
    return actor.is_authority or actor.belongs_to(organization_id)


def _acts_for(actor: Actor, organization_id: uuid.UUID) -> Decision:
    if not actor.belongs_to(organization_id):
        return no("This posting belongs to another company.")
    drafting = can_draft(actor)
    if not drafting:
        return drafting
    if not actor.is_verified:
        return no("Your company has not been verified yet, so it can prepare but not submit.",
                  way_out="company.verification")  # fmt: skip
    return YES
