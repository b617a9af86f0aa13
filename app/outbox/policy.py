"""Who may look at jobs, and who may run one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from app.core.actor import Actor


def can_read_jobs(actor: Actor) -> Decision:
    """The desk sees what runs outside requests."""
    return YES if actor.is_staff else no("Jobs are open to the desk only.")


def can_retry(actor: Actor) -> Decision:
    """The authority and the operator run a failed job again; supervisors only read."""
    if actor.is_authority or actor.is_operator:
        return YES
    return no("Only the authority and the operator run jobs again.")
