"""Links of digests that are counted on their way, for readers who have allowed it.

The signed word in such a link names a page and what kind of link it was, and no reader; so what is counted cannot
say who followed it. Opening a message is never noticed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from itsdangerous import BadData, URLSafeSerializer

from app.core.errors import NotFound
from app.mail import letterhead

if TYPE_CHECKING:
    from app.notifications.digest_content import DigestContent

SALT = "digest.click"
OWN_PAGE = re.compile(r"/(?![/\\])")
"""What begins with two slashes would be another host."""


class ClickKind(StrEnum):
    """What a link of a digest leads to."""

    PAIRING = "pairing"
    ANSWER = "answer"
    CHALLENGE = "challenge"
    SEARCH = "search"


def counted(content: DigestContent) -> DigestContent:
    """Return the same content with links that are counted; those of the way out and of preferences never are."""
    return replace(
        content,
        entries=tuple(
            replace(one, path=_path(ClickKind.PAIRING, one.path), answer_path=_path(ClickKind.ANSWER, one.answer_path))
            for one in content.entries
        ),
        deadlines=tuple(replace(one, path=_path(ClickKind.CHALLENGE, one.path)) for one in content.deadlines),
        finds=tuple(replace(one, path=_path(ClickKind.SEARCH, one.path)) for one in content.finds),
    )


def _path(kind: ClickKind, target: str) -> str:
    return "/r/" + _serializer(letterhead.current().signing_key).dumps([kind.value, target])


def read(token: str) -> tuple[ClickKind, str]:
    """Return what kind of link it was and the page of this portal that it leads to; NotFound for what is not ours."""
    try:
        kind, target = _serializer(letterhead.current().signing_key).loads(token)
        return ClickKind(kind), _own(target)
    except (BadData, ValueError, TypeError) as error:
        raise NotFound(
            "This link is incomplete. Copy the whole address from the mail, or open the portal.", code="link_garbled"
        ) from error


def _own(target: str) -> str:
    """Return a page of this portal. Raises ValueError for what leads out of it."""
    if not OWN_PAGE.match(target):
        raise ValueError("the link leads out of the portal")
    return target


@cache
def _serializer(signing_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(signing_key, salt=SALT)
