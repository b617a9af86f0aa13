"""Opened bids for those who judge and award: content without the firm, and the firm apart from it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.bids.content import read
from app.bids.models import Bid, BidFile
from app.bids.workflow import BidState

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.orm import Session

    from app.bids.commands import SaveBid
    from app.bids.document import Annex


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """What a bid says. Its free texts and files may still name the firm; nothing else here does."""

    id: uuid.UUID
    challenge_id: uuid.UUID
    state: BidState
    challenge_edition: int
    content: SaveBid
    details: dict[str, Any]
    files: tuple[Annex, ...]
    commitment: str
    sealed_at: dt.datetime | None
    opened_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Bidder:
    """Whose a bid is."""

    organization_id: uuid.UUID
    name: str
    city_code: str


def opened_bids(session: Session, *, challenge_id: uuid.UUID) -> list[OpenedBid]:
    """Return every opened bid of a challenge with its content, in an order that tells nothing, in four queries.

    Nothing while the challenge is sealed. Who may ask is decided by the caller's policy.
    """
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge_id, Bid.opened_at.is_not(None))
        .options(
            selectinload(Bid.commitments),
            selectinload(Bid.files).joinedload(BidFile.file, innerjoin=True),
        )
        .order_by(Bid.id)
    )
    return [_opened(bid) for bid in session.scalars(query)]


def bidders(session: Session, *, challenge_id: uuid.UUID) -> dict[uuid.UUID, Bidder]:
    """Return whose the opened bids of a challenge are, by the id of the bid, in one query."""
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge_id, Bid.opened_at.is_not(None))
        .options(joinedload(Bid.organization))
    )
    return {
        bid.id: Bidder(bid.organization.id, bid.organization.legal_name_zh, bid.organization.city_code)
        for bid in session.scalars(query)
        if bid.organization is not None
    }


def _opened(bid: Bid) -> OpenedBid:
    content = read(bid)
    return OpenedBid(
        id=bid.id,
        challenge_id=bid.challenge_id,
        state=bid.state,
        challenge_edition=bid.challenge_edition,
        content=content.command,
        details=content.details,
        files=content.files,
        commitment=bid.content_hash,
        sealed_at=bid.sealed_at,
        opened_at=bid.opened_at,
    )
