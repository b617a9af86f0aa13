"""Signs that bids of different firms were written together; advisory only, a person decides what they mean."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

SHINGLE = 6
"""Characters."""
LIKE = 0.3
"""Share of common shingles (Jaccard; Broder, On the resemblance and containment of documents, 1997)."""
CONTAINED = 0.6
"""Share of the shorter text that stands in the longer one."""
MIN_SHINGLES = 40
_DROPPED = re.compile(r"[\W_]+")


class Sign(StrEnum):
    """What two bids have in common."""

    TEXT = "text"
    CONTACT = "contact"
    MAIL_DOMAIN = "mail_domain"
    ADDRESS = "address"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Trace:
    """What is compared of one bid; ``addresses`` are those of the network it was handed in from."""

    bid_id: uuid.UUID
    text: str
    contacts: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    leaders: frozenset[str] = frozenset()
    """Name of the project leader, normalised."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One sign between two bids; ``share`` of a text, 1 for the others."""

    sign: Sign
    first: uuid.UUID
    second: uuid.UUID
    share: float = 1.0


def signs(traces: Sequence[Trace], common: str = "") -> list[Shared]:
    """Return the signs between all pairs; what stands in ``common``, the challenge itself, is nobody's own text."""
    known = shingles(common)
    own = {trace.bid_id: shingles(trace.text) - known for trace in traces}
    return [
        shared
        for first, second in itertools.combinations(traces, 2)
        for shared in _between(first, second, own[first.bid_id], own[second.bid_id])
    ]


def _between(first: Trace, second: Trace, left: frozenset[str], right: frozenset[str]) -> list[Shared]:
    found = []
    share = likeness(left, right)
    if share:
        found.append(Shared(Sign.TEXT, first.bid_id, second.bid_id, round(share, 3)))
    for sign, name in (
        (Sign.CONTACT, "contacts"),
        (Sign.MAIL_DOMAIN, "domains"),
        (Sign.ADDRESS, "addresses"),
        (Sign.LEADER, "leaders"),
    ):
        if getattr(first, name) & getattr(second, name):
            found.append(Shared(sign, first.bid_id, second.bid_id))
    return found


def likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the share that two texts have in common where it is remarkable, else 0."""
    smaller = min(len(left), len(right))
    if smaller < MIN_SHINGLES:
        return 0.0
    common = len(left & right)
    resemblance, containment = common / len(left | right), common / smaller
    return max(resemblance, containment) if resemblance >= LIKE or containment >= CONTAINED else 0.0


def shingles(text: str) -> frozenset[str]:
    """Return every run of six characters of a text, blanks and marks left out."""
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(plain[start : start + SHINGLE] for start in range(len(plain) - SHINGLE + 1))
