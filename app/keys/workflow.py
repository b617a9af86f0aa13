"""The arrows of a holder's key."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class KeyState(StrEnum):
    """Whether new competitions are locked for this key."""

    ACTIVE = "active"
    RETIRED = "retired"


class KeyEvent(StrEnum):
    """What happens to a key."""

    RETIRE = "retire"


KEY_WORKFLOW = Workflow(initial=KeyState.ACTIVE, arrows={(KeyState.ACTIVE, KeyEvent.RETIRE): KeyState.RETIRED})
"""A retired key still opens what was locked for it; a lost one is retired so that nothing new relies on it."""
