"""Which companies take part in a competition, as far as its bids have been opened."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.bids.models import Bid
from app.challenges.impartial import register_parties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session


def parties(session: Session, challenge_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the firms of opened bids and the members of their consortia."""
    query = select(Bid.organization_id, Bid.details).where(
        Bid.challenge_id == challenge_id, Bid.organization_id.is_not(None)
    )
    found: set[uuid.UUID] = set()
    for organization_id, details in session.execute(query).tuples():
        found.update(filter(None, (organization_id, *_members(details))))
    return frozenset(found)


def _members(details: Mapping[str, Any]) -> Iterator[uuid.UUID | None]:
    for member in details.get("members", ()):
        try:
            yield uuid.UUID(str(member.get("organization_id", "")))
        except (AttributeError, ValueError):
            yield None


register_parties(parties)
