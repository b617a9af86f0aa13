"""Who asks, who answers, who follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_follow(actor: Actor) -> Decision:
    """Whoever is logged in follows what is public."""
    return YES if actor.is_authenticated else no("Log in to follow this challenge.", way_out="security.login")


def can_ask(actor: Actor, *, owner_id: uuid.UUID) -> Decision:
    """People of verified companies ask; nobody learns who asked."""
    if not actor.is_authenticated:
        return no("Log in to ask. Nobody learns who asked.", way_out="security.login")
    if actor.belongs_to(owner_id):
        return no("This is your own company's challenge: you answer here.")
    if actor.organization_id is None:
        return no("Questions come from companies. Create your company first.", way_out="company.new")
    if not actor.is_verified:
        return no("Your company has not been verified yet. Verified companies ask.", way_out="company.verification")
    return YES


def can_amend(actor: Actor, *, owner_id: uuid.UUID) -> Decision:
    """Editors of the company that posed the challenge propose its amendments."""
    if not actor.belongs_to(owner_id):
        return no("Only the company that posed the challenge amends it.")
    return can_answer(actor, owner_id=owner_id)


def can_decide(actor: Actor) -> Decision:
    """The provincial authority puts amendments in force."""
    return YES if actor.is_authority else no("Only the provincial authority decides this.")


def can_answer(actor: Actor, *, owner_id: uuid.UUID) -> Decision:
    """Editors of the company that posed the challenge answer."""
    if not actor.belongs_to(owner_id):
        return no("Only the company that posed the challenge answers.")
    return YES if actor.can_edit else no("Ask the owner of your company's account for the editor role.",
                                         way_out="company.people")  # fmt: skip
