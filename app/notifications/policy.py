"""Who may see and send digests of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_preview_digests(actor: Actor) -> Decision:
    """The desk sees what would be sent to whom."""
    return YES if actor.is_staff else no("Digests of others are open to the desk only.")


def can_send_digests(actor: Actor) -> Decision:
    """The authority and the operator send; supervisors only look."""
    if actor.is_authority or actor.is_operator:
        return YES
    return no("Only the authority and the operator send digests.")


def can_read_desk_digest(actor: Actor) -> Decision:
    """Those whose business the queues are may have them mailed."""
    if actor.is_authority or actor.is_operator or actor.is_prefecture:
        return YES
    return no("The digest of the desk goes to those who work there.")


def can_preview_desk_digest(actor: Actor, user_id: uuid.UUID) -> Decision:
    """Everybody at the desk sees their own; the authority sees anybody's, as it sees every queue."""
    if actor.is_authority or (actor.is_staff and actor.user_id == user_id):
        return YES
    return no("Only the authority sees the digests of others at the desk.")
