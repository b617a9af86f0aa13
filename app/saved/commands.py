"""What people ask of this slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.saved.models import SearchKind


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """A search to be kept."""

    kind: SearchKind
    query: str
    """The query string of the list's address."""
    title: str
    is_shared: bool
    has_mail: bool
