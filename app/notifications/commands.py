"""What people ask of this slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.notifications.models import DigestFrequency


@dataclass(frozen=True, slots=True)
class SavePreferences:
    """What a person wants to be told by mail."""

    digest: DigestFrequency
    has_event_mail: bool
    no_mail: tuple[str, ...] = ()
    """Topics of which only the inbox tells."""
    quiet_from: int | None = None
    quiet_until: int | None = None
    max_daily: int | None = None
    counts_clicks: bool = False
    """Whether links of the digest may be counted."""
