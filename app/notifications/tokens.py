"""The signed word in an unsubscribe link: it names one person and opens nothing else."""

from __future__ import annotations

import uuid
from functools import cache

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from app.core.errors import NotFound

SALT = "digest.unsubscribe"
MAX_AGE_SECONDS = 400 * 24 * 3600
"""More than a year: people clear their mailboxes late."""


def issue(signing_key: str, user_id: uuid.UUID) -> str:
    """Return the word for one person; it is made of letters that addresses may hold."""
    return _serializer(signing_key).dumps(user_id.hex)


def read(signing_key: str, token: str) -> uuid.UUID:
    """Return the person a word was made for; raise NotFound when it is too old or was never ours."""
    try:
        return uuid.UUID(_serializer(signing_key).loads(token, max_age=MAX_AGE_SECONDS))
    except SignatureExpired as error:
        raise NotFound(
            "This unsubscribe link is too old. Log in and switch the digest off in your notification preferences.",
            code="token_expired",
        ) from error
    except (BadData, ValueError) as error:
        raise NotFound(
            "This unsubscribe link is incomplete. Copy the whole address from the mail, or log in and switch the "
            "digest off in your notification preferences.",
            code="token_garbled",
        ) from error


@cache
def _serializer(signing_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_key, salt=SALT)
