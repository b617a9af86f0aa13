"""Answers to "may I?", with the reason when the answer is no."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or no with an English reason and the endpoint that leads out of it."""

    allowed: bool
    reason: str = ""
    way_out: str = ""
    """Name of the endpoint where the actor can remove the obstacle; empty when there is none."""

    def __bool__(self) -> bool:
        return self.allowed

    def enforce(self) -> None:
        """Raise NotAllowed unless the answer is yes."""
        if not self.allowed:
            raise NotAllowed(self.reason, code="not_allowed")


YES = Decision(allowed=True)


def no(reason: str, *, way_out: str = "") -> Decision:
    """Return a refusal; ``reason`` is a constant English sentence, translated when shown."""
    return Decision(allowed=False, reason=reason, way_out=way_out)
