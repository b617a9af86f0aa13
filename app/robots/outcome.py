"""What came of a post, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

OK = 200
TOO_MANY = 429
SERVER_ERRORS = range(500, 600)
REDIRECTS = range(300, 400)
BAD_KEY = 93000
LARGEST = 2**31
"""What a column of whole numbers holds."""
BUSY = frozenset({-1, 45009, 45033})
"""Busy, too many messages a minute, too many at a time: what 企业微信 says when it wants to be asked later."""


class Reason(StrEnum):
    """Why a message did not arrive."""

    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    INVALID_KEY = "invalid_key"
    REFUSED = "refused"
    REDIRECT = "redirect"
    UNREADABLE = "unreadable"
    HOST = "host"
    """The address is none that the portal may post to."""
    INWARD = "inward"
    """Its name leads into a private network."""
    NO_ANSWER = "no_answer"
    STOPPED = "stopped"
    """The portal itself stopped in the middle."""
    ENOUGH = "enough"
    """The most per day had been posted."""
    SWITCHED_OFF = "switched_off"


class Fate(StrEnum):
    """What follows from an outcome."""

    SENT = "sent"
    LATER = "later"
    """It certainly has not arrived, and may arrive another time."""
    NEVER = "never"
    UNKNOWN = "unknown"
    """It may have arrived; posting it again might tell the group twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one post."""

    fate: Fate
    reason: Reason | None = None
    number: int | None = None


def judge(status: int, body: bytes) -> Outcome:
    """Return what an answer means: 企业微信 says so in ``errcode``, whatever the status of HTTP."""
    if status in REDIRECTS:
        return Outcome(Fate.NEVER, Reason.REDIRECT, status)
    if status == TOO_MANY or status in SERVER_ERRORS:
        return Outcome(Fate.LATER, Reason.BUSY, status)
    if status != OK:
        return Outcome(Fate.NEVER, Reason.REFUSED, status)
    code = _errcode(body)
    if code is None:
        return Outcome(Fate.NEVER, Reason.UNREADABLE)
    if code == 0:
        return Outcome(Fate.SENT)
    if code in BUSY:
        return Outcome(Fate.LATER, Reason.BUSY, code)
    return Outcome(Fate.NEVER, Reason.INVALID_KEY if code == BAD_KEY else Reason.REFUSED, code)


def _errcode(body: bytes) -> int | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = told.get("errcode") if isinstance(told, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        return None
    return code if abs(code) < LARGEST else None
