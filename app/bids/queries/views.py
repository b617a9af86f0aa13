"""Bids as their firm sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.bids.content import filled
from app.bids.frame import Frame, frame_of
from app.core.clock import SHANGHAI

if TYPE_CHECKING:
    from app.bids.commands import SaveBid
    from app.bids.models import Bid
    from app.bids.workflow import BidState
    from app.challenges.models import Challenge


@dataclass(frozen=True, slots=True)
class Posed:
    """A challenge as somebody who bids needs it; ``owner`` is empty when its name is not shown."""

    id: uuid.UUID
    code: str
    title: str
    owner: str
    owner_id: uuid.UUID
    edition: int
    reward_total_wan: Decimal | None
    term_months: int | None
    question_deadline_at: dt.datetime | None
    bid_deadline_at: dt.datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A challenge that takes bids, with the firm's own bid where there is one."""

    challenge: Posed
    bid_id: uuid.UUID | None
    state: BidState | None


@dataclass(frozen=True, slots=True)
class BidLine:
    """One bid in the firm's list."""

    id: uuid.UUID
    challenge: Posed
    state: BidState
    project_name: str
    receipt_code: str
    sealed_at: dt.datetime | None
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Annex:
    """A file of a bid."""

    id: uuid.UUID
    filename: str
    size_bytes: int
    sha256: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class BidView:
    """One bid with its content and what its challenge asks."""

    id: uuid.UUID
    version: int
    organization_id: uuid.UUID
    organization_name: str
    state: BidState
    challenge: Posed
    challenge_edition: int
    frame: Frame
    content: SaveBid
    files: tuple[Annex, ...]
    product: str
    receipt_code: str
    sealed_at: dt.datetime | None
    content_hash: str
    updated_at: dt.datetime
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def sealed_at_exact(self) -> str:
        """When it was sealed, to the millisecond with the offset of Shanghai; empty for a draft."""
        if self.sealed_at is None:
            return ""
        return self.sealed_at.astimezone(SHANGHAI).isoformat(timespec="milliseconds")

    @property
    def is_late(self) -> bool:
        """Whether nothing can be changed any more."""
        return not self.challenge.is_open


def posed(challenge: Challenge, now: dt.datetime) -> Posed:
    """Return a challenge for bidders; its organisation must be loaded."""
    return Posed(
        id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        owner=challenge.organization.legal_name_zh if challenge.is_owner_shown else "",
        owner_id=challenge.organization_id,
        edition=challenge.edition,
        reward_total_wan=challenge.reward_total_wan,
        term_months=challenge.term_months,
        question_deadline_at=challenge.question_deadline_at,
        bid_deadline_at=challenge.bid_deadline_at,
        is_open=challenge.is_open(now),
    )


def bid_line(bid: Bid, now: dt.datetime) -> BidLine:
    """Return one line of the list; challenge and its organisation must be loaded."""
    return BidLine(
        id=bid.id,
        challenge=posed(bid.challenge, now),
        state=bid.state,
        project_name=bid.project_name,
        receipt_code=bid.receipt_code or "",
        sealed_at=bid.sealed_at,
        updated_at=bid.updated_at,
    )


def bid_view(bid: Bid, *, product: str, now: dt.datetime) -> BidView:
    """Return one bid; everything that hangs on it must be loaded."""
    return BidView(
        id=bid.id,
        version=bid.version,
        organization_id=bid.organization_id,
        organization_name=bid.organization.legal_name_zh,
        state=bid.state,
        challenge=posed(bid.challenge, now),
        challenge_edition=bid.challenge_edition,
        frame=frame_of(bid.challenge),
        content=filled(bid),
        files=tuple(
            Annex(one.file.id, one.file.filename, one.file.size_bytes, one.file.sha256, one.file.created_at)
            for one in sorted(bid.files, key=lambda one: (one.file.created_at, one.file.filename))
        ),
        product=product,
        receipt_code=bid.receipt_code or "",
        sealed_at=bid.sealed_at,
        content_hash=bid.content_hash,
        updated_at=bid.updated_at,
        details=bid.details,
    )
