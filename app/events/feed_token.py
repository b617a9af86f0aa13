"""The signed word in the address of a person's calendar; a raised generation makes older words worthless."""

from __future__ import annotations

import uuid

from itsdangerous import BadData, URLSafeSerializer

SALT = "calendar.feed"


def issue(signing_key: str, user_id: uuid.UUID, generation: int) -> str:
    """Return the word for one person."""
    return str(URLSafeSerializer(signing_key, salt=SALT).dumps([user_id.hex, generation]))


def read(signing_key: str, token: str) -> tuple[uuid.UUID, int] | None:
    """Return the person and generation a word was made for, or None when it was never ours."""
    try:
        user, generation = URLSafeSerializer(signing_key, salt=SALT).loads(token)
        return uuid.UUID(user), int(generation)
    except (BadData, ValueError, TypeError, AttributeError):
        return None
