"""Who asks: a tag that the person can find again and nobody else can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import box

if TYPE_CHECKING:
    import uuid


def asker_tag(challenge_id: uuid.UUID, user_id: uuid.UUID | None) -> str:
    """Return what stands for a person who asks about a challenge."""
    return box.tag("asker", challenge_id, user_id)
