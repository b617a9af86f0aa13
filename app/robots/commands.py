"""What people ask of this slice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SaveRobot:
    """A group robot as its company wants it."""

    name: str
    url: str
    """Empty where the stored address stays."""
    topics: tuple[str, ...]
    locale: str
    quiet_from: int | None
    quiet_until: int | None
    """Hours of the day in Shanghai."""
    max_daily: int
