"""The list of what was sealed at a deadline: what everybody may see, download and hash."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from app.bids import receipt

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from app.bids.models import Bid

SCHEMA = "chipbridge-commitments-1"


def lines(bids: Iterable[Bid]) -> list[dict[str, Any]]:
    """Return one line for each sealed bid in order of time; no line says whose it is.

    A bid of two envelopes has two commitments.
    """
    ordered = sorted(bids, key=lambda bid: (bid.sealed_at or bid.created_at, bid.content_hash))
    return [_line(bid) for bid in ordered]


def _line(bid: Bid) -> dict[str, Any]:
    said = {"commitment": bid.content_hash, "sealed_at": exact(bid.sealed_at), "edition": bid.challenge_edition}
    return {**said, "price_commitment": bid.price_hash} if bid.price_hash else said


def exact(instant: dt.datetime | None) -> str:
    """Return an instant to the microsecond in UTC, as list and receipt both write it."""
    return instant.astimezone(dt.UTC).isoformat(timespec="microseconds") if instant else ""


def listing(challenge_id: uuid.UUID, deadline: dt.datetime | None, commitments: list[dict[str, Any]]) -> bytes:
    """Return the list as the file that is downloaded."""
    return receipt.canonical(
        {
            "schema": SCHEMA,
            "challenge_id": str(challenge_id),
            "deadline": exact(deadline),
            "count": len(commitments),
            "commitments": commitments,
        }
    )
