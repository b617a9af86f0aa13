"""Who may see and send digests of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from app.core.actor import Actor


def can_preview_digests(actor: Actor) -> Decision:
    """The desk sees what would be sent to whom."""
    return YES if actor.is_staff else no("Digests of others are open to the desk only.")


def can_send_digests(actor: Actor) -> Decision:
    """The authority and the operator send; supervisors only look."""
    if actor.is_authority or actor.is_operator:
        return YES
    return no("Only the authority and the operator send digests.")
