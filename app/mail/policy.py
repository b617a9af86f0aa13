"""Who may look into the mail log, and who may send again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from app.core.actor import Actor


def can_read_log(actor: Actor) -> Decision:
    """The desk sees what the portal has sent."""
    return YES if actor.is_staff else no("The mail log is open to the desk only.")


def can_resend(actor: Actor) -> Decision:
    """The authority and the operator send a failed message again; supervisors only read."""
    if actor.is_authority or actor.is_operator:
        return YES
    return no("Only the authority and the operator send messages again.")
