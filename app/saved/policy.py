"""Who may keep, share and remove searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from app.core.actor import Actor
    from app.saved.models import SavedSearch


def can_save(actor: Actor) -> Decision:
    """Everybody with an account keeps searches."""
    return YES if actor.is_authenticated else no("Please log in.")


def can_share(actor: Actor) -> Decision:
    """Members of a company share with it."""
    return YES if actor.organization_id is not None else no("You belong to no company to share with.")


def can_change(actor: Actor, search: SavedSearch) -> Decision:
    """A search is changed by who saved it."""
    return YES if search.user_id == actor.user_id else no("Only who saved a search changes it.")
