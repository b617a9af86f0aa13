"""Who may hold a key; pure functions of an actor and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import Capacity, StaffRole
from app.core.policy import YES, Decision, no
from app.keys.rules import OWNER

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor

OPENERS = (StaffRole.PROVINCIAL_AUTHORITY, StaffRole.SUPERVISOR, StaffRole.AUDIT_ADMIN, StaffRole.OPERATOR)
"""Staff whose keys open bids. Administrators of machines and accounts are left out: they must not hold a share, too."""
VIEWERS = (StaffRole.PREFECTURE_AUTHORITY,)
"""Staff for whom a programme may lock bids once more, so that they can recommend."""


def role_of(actor: Actor) -> str:
    """Return in which capacity the actor would hold a key; empty: in none."""
    role = next((role for role in (*OPENERS, *VIEWERS) if role in actor.roles), None)
    if role is not None:
        return role.value
    return OWNER if actor.is_owner and actor.has(Capacity.DEMAND) else ""


def can_hold(actor: Actor) -> Decision:
    """The authority's people hold keys, and for the challenges of a company its owner."""
    if not role_of(actor):
        return no("Keys are held by the authority's people, and by the owner of a company that poses challenges.")
    if role_of(actor) == OWNER and not actor.is_verified:
        return no("Your company has not been verified yet. Only verified companies hold a key.",
                  way_out="company.verification")  # fmt: skip
    return YES


def can_use(actor: Actor, *, user_id: uuid.UUID) -> Decision:
    """A key is used, changed and retired by the person it belongs to, in no other capacity."""
    return YES if actor.user_id == user_id else no("This key belongs to somebody else.")


def can_read_holders(actor: Actor) -> Decision:
    """The desk sees who holds keys."""
    return YES if actor.is_staff else no("The list of key holders is open to the desk only.")
