"""What people are told about, in the groups in which they say how: one row each of the matrix of channels."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """A group of events; what a kind of event belongs to is told by the first word of its name."""

    COMPANY = "company"
    POSTINGS = "postings"
    PAIRINGS = "pairings"
    MEETINGS = "meetings"
    BIDS = "bids"
    REVIEWS = "reviews"
    COMPETITION = "competition"
    QUEUES = "queues"
    """What waits at the desk: mailed to those who work there, once a day; no event belongs here."""


_BY_FIRST_WORD = {
    "organization": Topic.COMPANY,
    "need": Topic.POSTINGS,
    "pairing": Topic.PAIRINGS,
    "meeting": Topic.MEETINGS,
    "event": Topic.MEETINGS,
    "bid": Topic.BIDS,
    "review": Topic.REVIEWS,
    "robot": Topic.COMPANY,
}
URGENT = frozenset({Topic.MEETINGS, Topic.BIDS, Topic.REVIEWS})
"""What loses its sense by waiting: neither quiet hours nor a most per day hold it back."""


def topic_of(kind: str) -> Topic:
    """Return the group of a kind of event; news of a competition where nothing else is known."""
    if kind == "challenge.published":
        return Topic.POSTINGS
    return _BY_FIRST_WORD.get(kind.partition(".")[0], Topic.COMPETITION)
