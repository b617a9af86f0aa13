"""Identifiers as people and forms send them."""

from __future__ import annotations

import uuid


def parse_uuid(text: str | None) -> uuid.UUID | None:
    """Return the identifier that a text holds, None where it holds none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
