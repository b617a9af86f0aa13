"""Who may read the trail, and whose reading is put on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.actor import StaffRole
from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from app.core.actor import Actor


def can_read(actor: Actor) -> Decision:
    """The desk reads the trail and has it checked."""
    return YES if actor.is_staff else no("The audit trail is open to the desk only.")


def is_reading_recorded(actor: Actor) -> bool:
    """Whoever supervises sees everything, and everybody can see what was looked at."""
    return StaffRole.SUPERVISOR in actor.roles
