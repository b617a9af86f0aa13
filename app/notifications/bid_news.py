"""Openings as news: what the firm of an opened bid is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.text import one_line
from app.notifications import links

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.notifications.events import EventKind


def of_opening(session: Session, kind: EventKind, bid_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the parts of the news that a bid was opened, for its firm alone; nothing while it is sealed."""
    query = (
        sa.select(Bid.organization_id, Bid.challenge_id, Bid.content_hash, Challenge.title)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(Bid.id == bid_id, Bid.opened_at.is_not(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return []
    payload = {
        "title": one_line(row.title),
        "commitment": row.content_hash,
        "list_path": f"{links.challenge(row.challenge_id)}/commitments/",
    }
    path = links.bid(bid_id)
    return [
        {"kind": kind, "organization_id": row.organization_id, "key": f"{kind}:{bid_id}", "path": path,
         "payload": payload}
    ]  # fmt: skip
