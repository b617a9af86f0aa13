"""Who may bid and who may read a bid; pure functions of an actor and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import Capacity
from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_bid(actor: Actor) -> Decision:
    """Editors of verified chip firms bid."""
    if actor.organization_id is None:
        return no("Bids belong to companies. Create your company first.", way_out="company.new")
    if not actor.has(Capacity.SUPPLY):
        return no("Only companies that supply chips bid.", way_out="company.show")
    if not actor.can_edit:
        return no("You can read for your company but not act for it. Ask its owner for the editor role.",
                  way_out="company.people")  # fmt: skip
    if not actor.is_verified:
        return no("Your company has not been verified yet. Only verified companies bid.",
                  way_out="company.verification")  # fmt: skip
    return YES


def can_answer_invitation(actor: Actor) -> Decision:
    """Editors of verified companies answer when theirs is asked to take part in a bid."""
    if not actor.can_edit:
        return no("You can read for your company but not act for it. Ask its owner for the editor role.",
                  way_out="company.people")  # fmt: skip
    if not actor.is_verified:
        return no("Your company has not been verified yet.", way_out="company.verification")
    return YES


def can_bid_for(actor: Actor, *, owner_id: uuid.UUID) -> Decision:
    """Nobody bids for a challenge of the own company."""
    if actor.belongs_to(owner_id):
        return no("This challenge is your own company's. Nobody bids for an own challenge.")
    return can_bid(actor)


def can_change(actor: Actor, *, organization_id: uuid.UUID | None) -> Decision:
    """A bid is written, submitted and taken back by its own firm only."""
    if not actor.belongs_to(organization_id):
        return no("This bid belongs to another company.")
    return can_bid(actor)


def can_read(actor: Actor, *, organization_id: uuid.UUID | None) -> Decision:
    """A bid is read by the people of its firm and by nobody else, in any capacity.

    ``organization_id`` is the firm as far as the actor can know it; empty for a sealed bid of others.
    """
    return YES if actor.belongs_to(organization_id) else no("This bid belongs to another company.")


def can_open_again(actor: Actor) -> Decision:
    """The authority has bids opened again after a repair; the keys have been released by others."""
    return YES if actor.is_authority else no("Only the authority has bids opened again.")


def can_confirm_giving_up(actor: Actor, *, proposed_by: uuid.UUID) -> Decision:
    """A bid that nobody can open is given up by two officers."""
    if not actor.is_authority:
        return no("Only the authority gives up a bid that cannot be opened.")
    if actor.user_id == proposed_by:
        return no("You have proposed this yourself. Another officer confirms it.")
    return YES


def can_give_up(actor: Actor) -> Decision:
    """The authority proposes to give up a bid that nobody can open."""
    return YES if actor.is_authority else no("Only the authority gives up a bid that cannot be opened.")


def can_watch_openings(actor: Actor) -> Decision:
    """The desk sees what waits to be opened and how it was opened; content is not part of it."""
    return YES if actor.is_staff else no("The openings are shown to the desk and to key holders.")
